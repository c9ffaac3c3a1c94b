#include <ctime>
#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "keyset_change.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "passphrase.hpp"
#include "pii/keyset_seal.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetDraft;
using pii::KeysetRecord;
using pii::Result;
using pii::SecretBytes;

// Files that a command makes: never overwritten, mode 0600.
Result<void> write_new(const Session& session, const std::string& path, const SecretBytes& content) {
  const auto writer = FolderWriter::lock(path);
  if (!writer) return writer.error();
  if (session.flags.dry_run) {
    session.report.note("dry run: would make " + writer->path());
    return {};
  }
  if (auto created = writer->create(content); !created) return created;
  session.report.note("made " + writer->path());
  return {};
}

struct CostFlags {
  std::uint64_t passes = pii::SealCost{}.passes;
  std::uint64_t memory_mib = pii::SealCost{}.memory >> 20;

  void declare(OptionList& options) {
    OptionSpec& passes_flag =
        options.add_number("--opslimit", passes, "N", "passes of Argon2id, 2 to 20 (default 3)");
    passes_flag.minimum = pii::kMinSealPasses;
    passes_flag.maximum = pii::kMaxSealPasses;
    OptionSpec& memory_flag =
        options.add_number("--memlimit", memory_mib, "MIB", "its memory, 64 to 1024 MiB (default 256)");
    memory_flag.minimum = pii::kMinSealMemory >> 20;
    memory_flag.maximum = pii::kMaxSealMemory >> 20;
  }
  pii::SealCost cost() const { return {static_cast<std::uint32_t>(passes), memory_mib << 20}; }
};

// seal and backup: the keyset to another file that only a passphrase opens.
class KeysetSealCommand final : public Command {
 public:
  explicit KeysetSealCommand(const char* did) : did_(did) {}

  void declare(OptionList& options) override {
    OptionSpec& file = options.add_text("FILE", file_, "", "the keyset file, or vault:PATH");
    file.required = true;
    file.is_file = true;
    OptionSpec& out =
        options.add_text("--out", out_, "FILE", "the sealed file to make, mode 0600; never overwritten");
    out.required = true;
    out.is_file = true;
    passphrase_.declare(options);
    cost_.declare(options);
  }

  Result<void> run(Session& session) override {
    const auto document = read_keyset_document(session, file_);
    if (!document) return document.error();
    if (const auto parsed = pii::parse_keyset(*document); !parsed) return at_path(file_, parsed.error());
    const auto passphrase = passphrase_.read();
    if (!passphrase) return passphrase.error();
    const auto sealed = pii::seal_keyset_document(*document, *passphrase, cost_.cost());
    if (!sealed) return sealed.error();
    session.audit = {{"keyset", file_}, {"did", session.flags.dry_run ? "" : did_}};
    return write_new(session, out_, *sealed);
  }

 private:
  const char* did_;
  std::string file_;
  std::string out_;
  PassphraseFlags passphrase_;
  CostFlags cost_;
};

Result<SecretBytes> open_sealed(const std::string& path, const PassphraseFlags& flags) {
  const auto text = read_sealed_file(path);
  if (!text) return text.error();
  if (!pii::is_sealed_document(*text)) {
    return Error(ErrorCode::invalid_keyset, path + ": is no sealed keyset", "piictl keyset seal makes one");
  }
  const auto passphrase = flags.read();
  if (!passphrase) return passphrase.error();
  auto document = pii::unseal_keyset_document(*text, *passphrase);
  if (!document) return at_path(path, document.error());
  return document;
}

class KeysetUnsealCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& file = options.add_text("FILE", file_, "", "the sealed keyset");
    file.required = true;
    file.is_file = true;
    OptionSpec& out =
        options.add_text("--out", out_, "FILE", "the keyset file to make, mode 0600; never overwritten");
    out.required = true;
    out.is_file = true;
    passphrase_.declare(options);
  }

  Result<void> run(Session& session) override {
    const auto document = open_sealed(file_, passphrase_);
    if (!document) return document.error();
    session.audit = {{"keyset", out_}, {"did", session.flags.dry_run ? "" : "unseal"}};
    return write_new(session, out_, *document);
  }

 private:
  std::string file_;
  std::string out_;
  PassphraseFlags passphrase_;
};

// The first key that `now` has, and `next` has not or has another of that id; or empty.
std::string lost_key(const KeysetRecord& now, const KeysetRecord& next) {
  for (const pii::KeyRecord& key : now.keys) {
    if (key.status == pii::KeyStatus::destroyed) continue;
    const pii::KeyRecord* kept = next.find(key.kid);
    if (kept == nullptr || kept->status == pii::KeyStatus::destroyed || kept->check_value != key.check_value)
      return key.kid;
  }
  return {};
}

// An older keyset in the place of a newer one, as a revision above both.
class KeysetRestoreCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& file =
        options.add_text("FILE", file_, "", "the keyset file, or vault:PATH, to put it in force at");
    file.required = true;
    file.is_file = true;
    OptionSpec& from = options.add_text("--from", from_, "FILE", "the backup: a keyset, sealed or not");
    from.required = true;
    from.is_file = true;
    passphrase_.declare(options);
  }

  Result<void> run(Session& session) override {
    auto text = read_sealed_file(from_);
    if (!text) return std::move(text).error();
    auto document = pii::is_sealed_document(*text) ? open_sealed(from_, passphrase_) : std::move(text);
    if (!document) return std::move(document).error();
    auto backup = KeysetDraft::read(*std::move(document));
    if (!backup) return at_path(from_, backup.error());
    if (backup->record().schema_version == 1) {
      if (auto upgraded = backup->upgrade(std::time(nullptr)); !upgraded) return upgraded.error();
    }
    const std::uint64_t edition = backup->record().identity.revision;
    std::uint64_t revision = 0;
    const auto changed =
        replace_keyset(session, file_, [&](const SecretBytes&, KeysetDraft& current) -> Result<SecretBytes> {
          const KeysetRecord& now = current.record();
          KeysetRecord& next = backup->record();
          if (now.usage != next.usage) {
            return Error(ErrorCode::guard_refused,
                         "the backup is a " + std::string(to_string(next.usage)) + " keyset, and " + file_ +
                             " is none",
                         "check the paths");
          }
          const std::string lost = lost_key(now, next);
          if (!lost.empty() && !session.flags.yes) {
            return Error(ErrorCode::guard_refused,
                         "key " + lost +
                             " is there and not in the backup: what was made with it could not be read again",
                         "--yes says that this is meant");
          }
          next.identity.revision = std::max(edition, now.identity.revision);
          auto written = backup->write(std::time(nullptr));
          revision = next.identity.revision;
          return written;
        });
    session.audit = {{"keyset", file_}, {"did", changed && !session.flags.dry_run ? "restore" : ""}};
    if (!changed) return changed.error();
    session.report.note("restored " + file_ + " as revision " + std::to_string(revision));
    session.report.note(changed->where);
    if (!session.flags.json) return {};
    return write_to_standard_output(to_json_line({{"path", file_}, {"revision", revision}}));
  }

 private:
  std::string file_;
  std::string from_;
  PassphraseFlags passphrase_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_seal() { return std::make_unique<KeysetSealCommand>("seal"); }
std::unique_ptr<Command> make_keyset_backup() { return std::make_unique<KeysetSealCommand>("backup"); }
std::unique_ptr<Command> make_keyset_unseal() { return std::make_unique<KeysetUnsealCommand>(); }
std::unique_ptr<Command> make_keyset_restore() { return std::make_unique<KeysetRestoreCommand>(); }

}  // namespace piictl
