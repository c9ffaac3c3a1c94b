#include <array>

#include "commands/commands.hpp"

namespace piictl {
namespace {

constexpr std::string_view kData = "Data";
constexpr std::string_view kKeys = "Keys";
constexpr std::string_view kLogs = "Logs";
constexpr std::string_view kHelp = "Help";

constexpr std::array kTable = {
    CommandEntry{"init", kData, "local keysets for trying and developing, and the exports for a shell",
                 "Makes config.json, token.json and reveal.json in the home, mode 0600, and prints the "
                 "variables that a "
                 "service reads, for eval \"$(piictl init)\". Nothing is ever overwritten.",
                 &make_init},
    CommandEntry{"tokenize", kData, "values to tokens: the same value gives the same token",
                 "Replaces every value by its token. Values are read as lines, or from columns of a csv, or "
                 "from paths of "
                 "ndjson; order and everything else are kept byte for byte. A row that fails yields an empty "
                 "line (lines) "
                 "or nothing (csv, ndjson) and is told on standard error.",
                 &make_tokenize},
    CommandEntry{"match", kData, "whether a value has a token, under any live key",
                 "Reads one value and compares. Exit code 0 when it has the token, else 8.", &make_match},
    CommandEntry{"protect", kData, "values to ciphertexts that the reveal keyset opens",
                 "Encrypts every value, bound to the field type and the environment. Needs full access. "
                 "Batches work as "
                 "for tokenize.",
                 &make_protect},
    CommandEntry{"reveal", kData, "ciphertexts back to values",
                 "Decrypts every ciphertext. Needs full access. The text goes to a terminal only with "
                 "--tty-ok. An unknown "
                 "key, a wrong key, a wrong field type or environment, and damage all give one message.",
                 &make_reveal},
    CommandEntry{
        "inspect", kData, "what a token or ciphertext says of itself, as JSON",
        "Prints {\"kind\",\"version\",\"kid\",\"status\",\"bytes\"} for every token or ciphertext, one a "
        "line: bytes "
        "is the size of the payload, status that of the key in the reveal keyset, if one is configured.",
        &make_inspect},
    CommandEntry{"rewrap", kData, "ciphertexts to the primary key, without a row lost",
                 "Reveals every ciphertext and protects its value again under the primary key, or under --to KID; what is "
                 "under that key already stays as it is. Counts the key ids read and written. With --checkpoint FILE a "
                 "run that was stopped goes on where it was. Batches work as for tokenize.",
                 &make_rewrap},
    CommandEntry{"retokenize", kData, "ciphertexts to the tokens of their values",
                 "Reveals every ciphertext and writes its value's token under the primary key: what a column of tokens is "
                 "made anew from after a rotation. Needs full access. --checkpoint as for rewrap.",
                 &make_retokenize},
    CommandEntry{"index plan", kData, "how many bits a blind index should have",
                 "Weighs rows found for nothing against what an index tells of a value, and proposes.",
                 &make_index_plan},
    CommandEntry{"index", kData, "values to blind indexes, to find rows by",
                 "Writes a few bits of a keyed hash, which many values share. Needs a key of the algorithm PII-IDX-2. "
                 "Batches work as for tokenize.",
                 &make_index},
    CommandEntry{"preserve reveal", kData, "format-preserving tokens back to values",
                 "Needs full access. Nothing tells when the field type or the environment is another, or the text was changed: "
                 "the value is another one then.",
                 &make_preserve_reveal},
    CommandEntry{"preserve", kData, "values to tokens of the same form, for systems that take nothing else",
                 "Encrypts values of letters or digits to as many of them (FF1). Needs a key of the algorithm PII-FF1-2, with "
                 "which values can be read back. Batches work as for tokenize.",
                 &make_preserve},
    CommandEntry{"subject create", kData, "a person's own key, so that their data can be erased",
                 "Makes a key under a random id, wraps it, keeps it in --store FILE and prints the id. Needs an active key of "
                 "the algorithm PII-AEAD-2 in the reveal keyset.",
                 &make_subject_create},
    CommandEntry{"subject protect", kData, "values to ciphertexts under a person's key",
                 "Encrypts every value under the key of --id ID. Batches work as for tokenize.", &make_subject_protect},
    CommandEntry{"subject reveal", kData, "ciphertexts under persons' keys back to values",
                 "Decrypts every ciphertext with the key of the subject that it names. What was shredded looks like damage. "
                 "The text goes to a terminal only with --tty-ok.",
                 &make_subject_reveal},
    CommandEntry{"subject rewrap", kData, "the keys of a store wrapped under the primary key",
                 "Before a key of the reveal keyset is disabled: the values stay as they are.", &make_subject_rewrap},
    CommandEntry{"subject shred", kData, "a person's key removed: their values are lost for good",
                 "Removes the key of --id ID from the store and prints a receipt. Needs --yes. Backups of the store, tokens "
                 "and indexes of that person remain.",
                 &make_subject_shred},
    CommandEntry{
        "mask", kData, "logs and other text with personal data replaced",
        "Copies files, or standard input, to standard output: NDJSON, JSON or text, with what is personal "
        "replaced by tokens and labels and every other byte as it was. Works on all processors, keeps the "
        "order, and answers a pipe that pauses line by line. Whatever cannot be looked at is replaced.",
        &make_mask},
    CommandEntry{
        "scan", kData, "where personal data is: path or column, type, count, masked shape",
        "Looks at files, or standard input, and prints a table, or JSON with --json; --report makes a page. "
        "Counts the key ids of tokens and ciphertexts as well. No value is ever shown.",
        &make_scan},
    CommandEntry{"policy check", kData, "whether a policy file is taken, and what it turns on",
                 "Reads the policy as a masker would. What is refused is named with line and column. Never prints a value of "
                 "the file.",
                 &make_policy_check},
    CommandEntry{"policy explain", kData, "why a value at a path is masked, or is not",
                 "Reads one value and says what its key means, which path rules match, what is found in it and whether it is "
                 "masked. Never prints the value.",
                 &make_policy_explain},
    CommandEntry{"policy profiles", kData, "the profiles that a policy can extend",
                 "Prints every profile with its rules and the number of its detectors; with --json also their names.",
                 &make_policy_profiles},
    CommandEntry{"keyset create", kKeys, "a new keyset file with one fresh key",
                 "Makes a keyset file, mode 0600: schema 2 with a version 1 key, unless flags say otherwise. Never "
                 "overwrites, and never prints a key. With --alg PII-IDX-2 or PII-FF1-2 it has that key alone.",
                 &make_keyset_create},
    CommandEntry{
        "keyset info", kKeys, "states, ages and check values of a keyset's keys",
        "Shows what may be told of a keyset: never key material. Equal check values mean equal keys.",
        &make_keyset_info},
    CommandEntry{
        "keyset lint", kKeys, "what is legal in a keyset and yet unwise",
        "Names weak, repeated or oddly written keys and missing dates. Exit code 8 when there is something.",
        &make_keyset_lint},
    CommandEntry{"keyset policy", kKeys, "how a keyset is written and rotated",
                 "Shows the policy of a keyset of schema 2, or changes it with --set NAME=VALUE: write_version, "
                 "accept_versions, rotate_every, propagation, retire_min, destroy_hold, max_messages_log2, "
                 "require_record.",
                 &make_keyset_policy},
    CommandEntry{"keyset upgrade", kKeys, "a keyset of schema 1 to schema 2, with the same keys",
                 "Gives the keyset an id, states and a policy. Version 1 readers read it as before. Of schema 2 the "
                 "flags change what the keyset says of itself.",
                 &make_keyset_upgrade},
    CommandEntry{"keyset diff", kKeys, "what two keysets differ in, without showing a key",
                 "Compares states, dates and check values. Exit code 8 when there is a difference.", &make_keyset_diff},
    CommandEntry{"keyset export", kKeys, "a keyset for version 1 readers, or as a Kubernetes Secret",
                 "Writes a document of schema 1 with --v1, a manifest for kubectl with --k8s-secret. Keys never go to "
                 "a terminal.",
                 &make_keyset_export},
    CommandEntry{"keyset seal", kKeys, "a keyset that only a passphrase opens, for git, backup and transfer",
                 "Seals with Argon2id and PII-AEAD-2 under a passphrase, or with --kek under a key of Vault's transit "
                 "engine, in its place or to another file. Every command takes a sealed keyset and asks for what "
                 "opens it; what changes it seals it again. --new-passphrase-file changes the passphrase of a sealed one in "
                 "one step.",
                 &make_keyset_seal},
    CommandEntry{"keyset unseal", kKeys, "a sealed keyset back into a keyset file", "In its place, or to another file.",
                 &make_keyset_unseal},
    CommandEntry{"keyset sign", kKeys, "the custodian's signature under a keyset",
                 "Signs with Ed25519. Readers with PII_KEYSET_VERIFY_KEY refuse what is not signed. Any other change of "
                 "the keyset takes the signature off.",
                 &make_keyset_sign},
    CommandEntry{"keyset verify", kKeys, "whether the custodian signed a keyset",
                 "Exit code 3 when it is not signed, or was changed since.", &make_keyset_verify},
    CommandEntry{"keyset backup", kKeys, "a sealed copy of a keyset", "As keyset seal, to another file.", &make_keyset_backup},
    CommandEntry{"keyset restore", kKeys, "an older keyset in force again, as a newer revision",
                 "Puts a backup, sealed or not, in the place of the keyset, also of one that is lost. Refused when a key "
                 "would be lost or the keyset is damaged, unless --yes.",
                 &make_keyset_restore},
    CommandEntry{"key stage", kKeys, "a new key that all may read with and none writes with",
                 "The first step of a rotation. Readers learn of the key before anything is written with it.",
                 &make_key_stage},
    CommandEntry{"key promote", kKeys, "a staged key becomes the primary one",
                 "Refused until propagation has passed since the key was staged. The old primary starts retiring.",
                 &make_key_promote},
    CommandEntry{"key retire", kKeys, "a key that is not written with any more, or is known to others",
                 "Withdraws a staged key, or ends writing with a primary that is not needed. With --compromised it only "
                 "marks the key, and its successor is due.",
                 &make_key_retire},
    CommandEntry{"key disable", kKeys, "a retiring key goes out of use",
                 "Refused until retire_min has passed and evidence shows that no use of the key is left.",
                 &make_key_disable},
    CommandEntry{"key enable", kKeys, "a disabled key comes back as retiring",
                 "Its evidence is forgotten: disabling it again asks for new.", &make_key_enable},
    CommandEntry{"key destroy", kKeys, "a disabled key is destroyed, after a hold",
                 "The first call sets the date, a second one after it destroys the key. A row stays, so that its id is "
                 "never used again.",
                 &make_key_destroy},
    CommandEntry{"key cancel-destroy", kKeys, "a key that was to be destroyed stays",
                 "It is disabled as before.", &make_key_cancel_destroy},
    CommandEntry{"key import", kKeys, "a key from elsewhere, staged",
                 "Reads a key from standard input or --in FILE: raw bytes, base64, hex, a JSON Web Key, or a clear "
                 "keyset of Tink. A key that the keyset has already is refused.",
                 &make_key_import},
    CommandEntry{
        "rotate", kKeys, "the next safe step of a rotation, and what comes next and when",
        "Takes exactly one step: stage a new key, promote it once every reader knows it, disable the old one with "
        "--evidence, destroy what was scheduled; or says from when on the next one may be taken, with exit code 7. "
        "The file is replaced in one step, and the previous one is kept beside it as FILE.prev. --now stages and "
        "promotes at once, or promotes what is staged: refused unless --yes says that no other process reads the keyset.",
        &make_rotate},
    CommandEntry{"audit verify", kKeys, "whether an audit log is whole",
                 "Checks the chain of hashes. Exit code 8 with the first line that does not follow from those before it.",
                 &make_audit_verify},
    CommandEntry{"vault status", kKeys, "the server, and which revision of the keysets it holds",
                 "Tells what the metadata of the keysets says; needs no right to read them.",
                 &make_vault_status},
    CommandEntry{"vault pull", kKeys, "a keyset from Vault into a file",
                 "Makes a keyset file, mode 0600, of what is at vault:PATH. Never overwrites.",
                 &make_vault_pull},
    CommandEntry{
        "vault push", kKeys, "a keyset file into Vault",
        "Writes the keyset to vault:PATH when nothing is there, or with --replace when it is still the "
        "version that was looked at. A keyset that lacks a key of the one there is refused without --yes.",
        &make_vault_push},
    CommandEntry{"vault policy", kKeys, "the policy that a role needs, and nothing more",
                 "Prints it for the paths that flags or PII_VAULT_*_KEYSET_PATH name. Asks no server.",
                 &make_vault_policy},
    CommandEntry{"vault login-check", kKeys, "logs in and says what the role may do",
                 "Logs in as a service would, and tells lease, policies and capabilities.",
                 &make_vault_login_check},
    CommandEntry{"log emit", kLogs, "one event through the logger, to wherever the environment says",
                 "Writes an event as a service would that has the same variables (PII_LOG_*, ES_URL, OTEL_*), with the fields of a JSON "
                 "object from standard input or --in, and says which outputs took it and how to find it. With --job a job of it "
                 "writes another. With --dry-run it goes to standard output alone.",
                 &make_log_emit},
    CommandEntry{"log lint", kLogs, "what will hurt in logs: mapping conflicts, changing names, flat objects",
                 "Reads ECS events as NDJSON from files or standard input and names what an index would lose or nobody could "
                 "search for, by rule, path and line. With --source the files are C or C++, and what writes past the logger is named. "
                 "Shows no value. Exit code 8 when there is something.",
                 &make_log_lint},
    CommandEntry{"log check", kLogs, "whether every event carries its trace, span, user, client and service",
                 "Reads ECS events as NDJSON and counts what is missing; --pii also looks for personal data that is not "
                 "masked, --job whether jobs keep their trace and have spans of their own. Exit code 8 when something is.",
                 &make_log_check},
    CommandEntry{"log scaffold", kLogs, "configurations of collectors and indexes that fit these logs",
                 "Prints one of them; without a name, which there are.", &make_log_scaffold},
    CommandEntry{"deadletter list", kLogs, "what could not be delivered or handled, and why",
                 "Prints a table, or JSON with --json, of the letters in the folder, the oldest first; those that were replayed "
                 "only with --all.",
                 &make_deadletter_list},
    CommandEntry{"deadletter show", kLogs, "one letter whole", "Prints it as JSON, with its masked event.", &make_deadletter_show},
    CommandEntry{"deadletter replay", kLogs, "the events of letters as NDJSON, which are then marked",
                 "Prints the events of the letters named, or of all that were not replayed, and marks them when standard output "
                 "has taken them. With --dry-run nothing is marked.",
                 &make_deadletter_replay},
    CommandEntry{"deadletter purge", kLogs, "removes letters", "Removes letters that were replayed, or with --older those of that age. "
                 "Removing what was never replayed asks for --yes.",
                 &make_deadletter_purge},
    CommandEntry{"deadletter check", kLogs, "whether letters came lately, for a monitor",
                 "Exit code 8 when letters that were not replayed came within --since (1h).", &make_deadletter_check},
    CommandEntry{"doctor", kHelp, "checks settings, permissions, key ages and the machine",
                 "Looks at everything that usually goes wrong and says what to do. Warnings do not fail; the "
                 "exit code is "
                 "that of the first failed check.",
                 &make_doctor},
    CommandEntry{"selftest", kHelp, "known-answer tests of the crypto in this build",
                 "Runs every implementation that this processor can run against known answers.",
                 &make_selftest},
    CommandEntry{
        "bench", kHelp, "tokens, seals, reveals and masked bytes a second on this machine",
        "Measures with a key of its own, beside the speed that this machine's hash and cipher allow.",
        &make_bench},
    CommandEntry{"completion", kHelp, "a completion script for bash, zsh or fish", "Prints the script.",
                 &make_completion},
    CommandEntry{"man", kHelp, "the manual page", "Prints the manual page: piictl man | man -l -", &make_man},
    CommandEntry{"version", kHelp, "the version; with --json also what it was built from",
                 "Prints the version.", &make_version},
};

constexpr std::array kEnvironment = {
    Topic{"PII_TOKEN_KEYSET_PATH, PII_REVEAL_KEYSET_PATH",
          "The keyset files. Flags: --token-keyset, --reveal-keyset."},
    Topic{"PII_ENV", "The environment's name, \"unknown\" when absent. Flag: --env."},
    Topic{"PII_ACCESS", "tokenize (default) or full, which protect and reveal need. Flag: --access."},
    Topic{"PII_PROVIDER", "file or vault. Flag: --provider."},
    Topic{"PII_KEYSET_VERIFY_KEY", "The custodian's verify key: keysets that he did not sign are refused."},
    Topic{"PII_VAULT_ADDR and other PII_VAULT_*",
          "Where Vault or OpenBao is and how to log in; docs/vault.md has them all. vault:PATH in place of a "
          "keyset file "
          "is an API path such as vault:secret/data/pii/token."},
    Topic{"PIICTL_HOME",
          "Where piictl init puts config.json, token.json and reveal.json; otherwise "
          "$XDG_CONFIG_HOME/piictl or ~/.config/piictl. The home is used only when neither a keyset flag nor "
          "any PII_* variable is set."},
    Topic{"PII_LOG_DEAD_LETTERS", "The folder of dead letters. Flag: --folder."},
    Topic{"NO_COLOR", "Set to anything: no colours."},
};

constexpr std::array kExitCodes = {
    Topic{"0", "done"},
    Topic{"1", "internal error"},
    Topic{"2", "usage or configuration"},
    Topic{"3", "bad input or format"},
    Topic{"4", "access denied"},
    Topic{"5", "a keyset or the input cannot be had"},
    Topic{"6", "login refused; not revealed: unknown key, wrong key, wrong context or damaged"},
    Topic{"7", "a guard refused"},
    Topic{"8", "no match, or something was found"},
    Topic{"9", "some rows of a batch failed"},
    Topic{"10", "output not writable"},
    Topic{"130", "interrupted"},
};

}  // namespace

std::span<const CommandEntry> command_table() noexcept { return kTable; }
std::span<const Topic> environment_topics() noexcept { return kEnvironment; }
std::span<const Topic> exit_code_topics() noexcept { return kExitCodes; }

void CommonFlags::declare(OptionList& options) {
  options.add_file("--token-keyset", token_keyset, "PATH", "the token keyset file, or vault:PATH");
  options.add_file("--reveal-keyset", reveal_keyset, "PATH", "the reveal keyset file, or vault:PATH");
  options.add_text("--env", env, "NAME", "the environment that values belong to");
  options.add_text("--access", access, "ACCESS", "tokenize or full").choices = {"tokenize", "full"};
  options.add_text("--provider", provider, "PROVIDER", "where keysets come from").choices = {"file", "vault"};
  options.add_file("--audit-log", audit_log, "FILE|syslog|-", "write down who did what to which keyset");
  passphrase.declare(options);
  options.add_switch("--json", json, "results and errors as JSON");
  options.add_switch("--quiet", quiet, "no notes, no progress");
  options.add_switch("--no-color", no_color, "no colours");
  options.add_switch("--dry-run", dry_run, "check everything, write nothing");
  options.add_switch("--yes", yes, "yes to what a guard would ask");
  options.add_number("--threads", threads, "N", "worker threads; default: one a processor").maximum = 1024;
  options.add_switch("-h,--help", help, "help for this command");
}

}  // namespace piictl
