// keyset seal, unseal, backup: a keyset that only a passphrase, or Vault, opens.
#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "keyset_change.hpp"
#include "keyset_file.hpp"
#include "pii/keyset_seal.hpp"
#include "report.hpp"
#include "seal.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::SecretBytes;

// How the file is to be sealed, as flags say it.
struct SealFlags {
  std::uint64_t passes = 0;  // 0: as the file that is sealed already, else the default
  std::uint64_t memory_mib = 0;
  std::string kek;
  Passphrase fresh;

  void declare(OptionList& options) {
    OptionSpec& passes_flag = options.add_number("--opslimit", passes, "N", "passes of Argon2id, 2 to 20 (default 3)");
    passes_flag.minimum = pii::kMinSealPasses;
    passes_flag.maximum = pii::kMaxSealPasses;
    OptionSpec& memory_flag =
        options.add_number("--memlimit", memory_mib, "MIB", "its memory, 64 to 1024 MiB (default 256)");
    memory_flag.minimum = pii::kMinSealMemory >> 20;
    memory_flag.maximum = pii::kMaxSealMemory >> 20;
    options.add_text("--kek", kek, "vault-transit:MOUNT/KEY",
                     "instead of a passphrase: a key of Vault's transit engine");
    fresh.declare_new(options);
  }
  // What flags leave open follows from the seal that `keyset` has.
  Result<Seal> seal(const OpenedKeyset& keyset) const {
    if (!kek.empty() && !kek.starts_with(pii::kVaultTransit)) {
      return Error(ErrorCode::usage, "--kek names no key of a transit engine", "vault-transit:MOUNT/KEY");
    }
    if (!kek.empty() && fresh.is_given()) {
      return Error(ErrorCode::usage, "a key of Vault and a new passphrase are both given", "give one of them");
    }
    Seal seal{keyset.is_sealed() && keyset.seal.kek.empty() ? keyset.seal.cost : pii::SealCost(), kek,
              fresh.is_given() ? &fresh : nullptr};
    if (passes != 0) seal.cost.passes = static_cast<std::uint32_t>(passes);
    if (memory_mib != 0) seal.cost.memory = memory_mib << 20;
    return seal;
  }
};

// Reads a keyset, and writes it sealed or in the clear: to a file of its own, or in its place.
class KeysetSealCommand final : public Command {
 public:
  explicit KeysetSealCommand(std::string_view did) : did_(did) {}

  void declare(OptionList& options) override {
    if (did_ == "unseal") {
      options.add_file("FILE", file_, "", "the sealed keyset");
      options.add_file("--out", out_, "FILE", "the keyset file to make, mode 0600; default: in its place");
      return;
    }
    options.add_keyset(file_);
    const bool backup = did_ == "backup";
    options
        .add_file("--out", out_, "FILE",
                  backup ? "the sealed file to make, mode 0600; never overwritten"
                         : "the sealed file to make, mode 0600; default: in its place")
        .required = backup;
    flags_.declare(options);
  }

  Result<void> run(Session& session) override {
    const auto done = out_.empty() ? write_in_place(session) : write_beside(session);
    note_change(session, out_.empty() ? file_ : out_, {did_, {}}, identity_, done.has_value());
    return done;
  }

 private:
  Result<void> write_in_place(const Session& session) {
    if (is_in_vault(file_)) {
      return Error(ErrorCode::usage, "a keyset in Vault is not sealed in its place", "--out FILE makes a file");
    }
    const auto writer = FolderWriter::lock(file_);
    if (!writer) return writer.error();
    const auto next = make(session, writer->path());
    if (!next) return next.error();
    if (session.flags.dry_run) {
      session.report.note(std::string("dry run: would ") + (did_ == "seal" ? "seal " : "open ") + file_);
      return {};
    }
    // What is kept of the past must not be in the clear, nor open with a passphrase that was changed.
    if (auto replaced = writer->replace(*next, *next); !replaced) return replaced;
    session.report.note((did_ == "seal" ? "sealed " : "opened ") + file_);
    if (flags_.fresh.is_given()) {
      session.report.note("it opens with the new passphrase alone; backups and copies of before open with the old one");
    }
    return {};
  }

  Result<void> write_beside(const Session& session) {
    const auto writer = FolderWriter::lock(out_);
    if (!writer) return writer.error();
    const auto next = make(session, file_);
    if (!next) return next.error();
    if (session.flags.dry_run) {
      session.report.note("dry run: would make " + writer->path());
      return {};
    }
    if (auto created = writer->create(*next); !created) return created;
    session.report.note("made " + writer->path());
    return {};
  }

  Result<SecretBytes> make(const Session& session, const std::string& source) {
    auto keyset = read(session, source);
    if (!keyset) return std::move(keyset).error();
    const auto parsed = pii::parse_keyset(keyset->document());
    if (!parsed) return at_path(file_, parsed.error());
    identity_ = (*parsed)->identity();
    if (did_ == "unseal") {
      if (keyset->is_sealed()) return *std::move(keyset->opened);
      return Error(ErrorCode::invalid_keyset, file_ + ": is no sealed keyset", "piictl keyset seal makes one");
    }
    const auto seal = flags_.seal(*keyset);
    if (!seal) return seal.error();
    if (auto fresh = check_fresh(session, *keyset); !fresh) return fresh.error();
    auto sealed = seal->close(session, keyset->document());
    if (!sealed) return sealed;
    // Before what opens now goes: whoever may seal with a key of Vault's need not be one who may open.
    const auto opened = open_seal(session, SecretBytes::copy_of(sealed->expose()), seal->passphrase);
    if (!opened) return at_path(file_, opened.error());
    if (opened->document() == keyset->document()) return sealed;
    return Error(ErrorCode::crypto_failure, file_ + ": what was sealed opens to something else", "nothing was changed; piictl selftest");
  }

  Result<void> check_fresh(const Session& session, const OpenedKeyset& keyset) const {
    if (!flags_.fresh.is_given() || !keyset.is_sealed() || !keyset.seal.kek.empty()) return {};
    const auto old = session.flags.passphrase.get();
    if (!old) return old.error();
    const auto fresh = flags_.fresh.get_new();
    if (!fresh) return fresh.error();
    if (!(**old == **fresh)) return {};
    return Error(ErrorCode::usage, "the new passphrase is the one that it has", "take another one; nothing was changed");
  }

  static Result<OpenedKeyset> read(const Session& session, const std::string& source) {
    if (!is_in_vault(source)) {
      auto file = read_keyset_file(session, source);
      if (!file) return std::move(file).error();
      return OpenedKeyset(std::move(*file));
    }
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    auto secret = vault->client->read(vault_path(source));
    if (!secret) return std::move(secret).error();
    return OpenedKeyset{std::move(secret->document), std::nullopt, {}};
  }

  const std::string did_;
  std::string file_;
  std::string out_;
  SealFlags flags_;
  pii::KeysetIdentity identity_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_seal() { return std::make_unique<KeysetSealCommand>("seal"); }
std::unique_ptr<Command> make_keyset_backup() { return std::make_unique<KeysetSealCommand>("backup"); }
std::unique_ptr<Command> make_keyset_unseal() { return std::make_unique<KeysetSealCommand>("unseal"); }

}  // namespace piictl
