// keyset restore: a backup in the place of a keyset that is wrong, damaged or lost.
#include <algorithm>
#include <ctime>

#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "keyset_change.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "report.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetDraft;
using pii::KeysetRecord;
using pii::Result;
using pii::SecretBytes;

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

// A destroyed key that `next` has the material of; or empty.
std::string revived_key(const KeysetRecord& now, const KeysetRecord& next) {
  for (const pii::KeyRecord& key : now.keys) {
    if (key.status != pii::KeyStatus::destroyed) continue;
    const pii::KeyRecord* revived = next.find(key.kid);
    if (revived != nullptr && revived->status != pii::KeyStatus::destroyed) return key.kid;
  }
  return {};
}

// Whether `next` may follow `now`; --yes passes over what is lost and what comes back.
Result<void> check_follows(const Session& session, const std::string& file, const KeysetRecord& now, const KeysetRecord& next) {
  const auto refuse = [](std::string message, const char* hint) { return Error(ErrorCode::guard_refused, std::move(message), hint); };
  if (now.usage != next.usage) {
    return refuse("the backup is a " + std::string(to_string(next.usage)) + " keyset, and " + file + " is none", "check the paths");
  }
  if (session.flags.yes) return {};
  if (const std::string lost = lost_key(now, next); !lost.empty()) {
    return refuse("key " + lost + " is in " + file + " and not in the backup: what was made with it could not be read again",
                  "--yes says that this is meant");
  }
  if (const std::string revived = revived_key(now, next); !revived.empty()) {
    return refuse("key " + revived + " was destroyed, and the backup would bring it back", "--yes says that this is meant");
  }
  return {};
}

// As much of a record as is told of a keyset.
KeysetRecord record_of(const KeysetSummary& summary) {
  KeysetRecord record;
  record.usage = summary.usage == to_string(pii::KeysetUsage::token) ? pii::KeysetUsage::token : pii::KeysetUsage::reveal;
  for (const KeysetSummary::Key& told : summary.keys) {
    pii::KeyRecord& key = record.keys.emplace_back();
    key.kid = told.kid;
    key.check_value = told.check_value;
    key.status = pii::parse_key_status(told.status.substr(0, told.status.find(','))).value_or(pii::KeyStatus::active);
  }
  return record;
}

constexpr std::string_view kInTheClear = "it is in the clear: piictl keyset seal seals it";

class KeysetRestoreCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_file("FILE", file_, "", "the keyset file, or vault:PATH, to put it in force at");
    options.add_file("--from", from_, "FILE", "the backup: a keyset, sealed or not").required = true;
    options.add_number("--above", above_, "N", "write a revision above N as well, which readers may have seen").maximum =
        std::uint64_t{1} << 52;
  }

  Result<void> run(Session& session) override {
    auto document = read_keyset_document(session, from_);
    if (!document) return std::move(document).error();
    auto backup = KeysetDraft::read(*std::move(document));
    if (!backup) return at_path(from_, backup.error());
    if (backup->record().schema_version == 1) {
      if (auto upgraded = backup->upgrade(std::time(nullptr)); !upgraded) return upgraded.error();
    }
    edition_ = std::max(backup->record().identity.revision, above_);
    const auto where = put(session, *backup);
    const pii::KeysetIdentity& identity = backup->record().identity;
    note_change(session, file_, {"restore", {}}, identity, where.has_value());
    if (!where) return where.error();
    const bool dry = session.flags.dry_run;
    session.report.note((dry ? "dry run: would restore " : "restored ") + file_ + " as revision " + std::to_string(identity.revision));
    if (!dry) session.report.note(*where);
    if (!session.flags.json) return {};
    return write_to_standard_output(to_json_line({{"path", file_}, {"revision", dry ? Json() : Json(identity.revision)}}));
  }

 private:
  // Returns what to tell of where things are now.
  Result<std::string> put(const Session& session, KeysetDraft& backup) const {
    const auto now = read_draft(session, file_);
    if (now) return replace(session, backup);
    const bool in_vault = is_in_vault(file_);
    // Vault has one answer for what is not there, what was deleted, and what it cannot tell now: the writing says which.
    if (in_vault && now.error().code() == ErrorCode::provider_unavailable) return create_in_vault(session, backup);
    if (now.error().code() == ErrorCode::file_not_found) return create(session, backup);
    if (now.error().code() == ErrorCode::reveal_failed) {
      return Error(ErrorCode::guard_refused, now.error().message() + ": it is damaged, or sealed under another passphrase than was given",
                   "piictl keyset unseal --out opens a backup of another passphrase first; what nobody can open is moved aside by hand");
    }
    if (pii::error_class(now.error().code()) != 3) return now.error();
    if (session.flags.yes) return in_vault ? create_in_vault(session, backup, true) : replace_damaged(session, backup);
    return Error(ErrorCode::guard_refused,
                 now.error().message() + ": nobody can say which keys are there and not in the backup",
                 "--yes puts the backup in its place; look at " +
                     (in_vault ? "older versions of the secret first" : file_ + ".prev first, the revision before"));
  }

  Result<std::string> replace(const Session& session, KeysetDraft& backup) const {
    const auto changed =
        replace_keyset(session, file_, [&](const SecretBytes&, KeysetDraft& current) -> Result<SecretBytes> {
          const KeysetRecord& now = current.record();
          if (auto follows = check_follows(session, file_, now, backup.record()); !follows) return follows.error();
          return written(backup, now.identity.revision);
        });
    if (!changed) return changed.error();
    return changed->where;
  }

  // What is not there any more may have left its revision beside it.
  Result<std::string> create(const Session& session, KeysetDraft& backup) const {
    const auto writer = FolderWriter::lock(file_);
    if (!writer) return writer.error();
    const auto next = after_previous(session, backup, writer->previous_path());
    if (!next) return next.error();
    if (session.flags.dry_run) return std::string("dry run: nothing was written");
    if (auto created = writer->create(*next); !created) return created.error();
    return "there was no file; " + std::string(kInTheClear);
  }

  Result<std::string> replace_damaged(const Session& session, KeysetDraft& backup) const {
    const auto writer = FolderWriter::lock(file_);
    if (!writer) return writer.error();
    const auto damaged = read_small_file(writer->path(), pii::kMaxSealedSize);
    if (!damaged) return damaged.error();
    const auto next = after_previous(session, backup, writer->previous_path());
    if (!next) return next.error();
    if (session.flags.dry_run) return std::string("dry run: nothing was written");
    // A good revision is worth more than a damaged one.
    const auto previous = load_keyset_file(session, writer->previous_path());
    if (auto replaced = writer->replace(previous ? previous->text : *damaged, *next); !replaced) return replaced.error();
    if (previous) return writer->previous_path() + " is what it was; " + std::string(kInTheClear);
    return "the damaged file is kept at " + writer->previous_path() + "; " + std::string(kInTheClear);
  }

  // What was deleted, or is damaged, has left its metadata, which tells what must not be lost and which revision readers
  // have seen. Check-and-set refuses when something is there after all.
  Result<std::string> create_in_vault(const Session& session, KeysetDraft& backup, bool damaged = false) const {
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto metadata = vault->client->read_metadata(vault_path(file_));
    std::uint64_t seen = 0;
    std::uint64_t expected = 0;
    if (metadata && (damaged || metadata->deleted)) {
      expected = metadata->version;
      const auto told = after_metadata(session, backup.record(), *metadata);
      if (!told) return told.error();
      seen = *told;
    }
    const auto next = written(backup, seen);
    if (!next) return next.error();
    if (session.flags.dry_run) return std::string("dry run: nothing was written");
    const auto version = write_vault_keyset(session, *vault->client, file_, *next, expected);
    if (!version) return version.error();
    return "it is version " + std::to_string(*version) + " of " + file_;
  }

  // The revision that the metadata tells of. Errors: guard_refused when nobody knows it, or keys would be lost.
  Result<std::uint64_t> after_metadata(const Session& session, const KeysetRecord& backup,
                                       const pii::providers::VaultMetadata& metadata) const {
    const auto told = from_custom_metadata(metadata.custom);
    if (!told || told->revision != metadata.version) {
      if (above_ != 0 || session.flags.yes) return std::uint64_t{0};
      return Error(ErrorCode::guard_refused, file_ + ": its metadata does not say which revision readers have seen, nor which keys it had",
                   "--above N says the revision; piictl keyset info of a copy, or vault kv undelete -versions=" +
                       std::to_string(metadata.version) + ", shows it");
    }
    if (auto follows = check_follows(session, file_, record_of(*told), backup); !follows) return follows.error();
    return told->edition;
  }

  // Without the keyset itself the one before tells what must not be lost, and which revision was seen.
  Result<SecretBytes> after_previous(const Session& session, KeysetDraft& backup, const std::string& path) const {
    const auto previous = read_draft(session, path);
    if (previous) {
      if (auto follows = check_follows(session, path, previous->record(), backup.record()); !follows) return follows.error();
      return written(backup, previous->record().identity.revision);
    }
    if (previous.error().code() != ErrorCode::file_not_found && !session.flags.yes) {
      return Error(ErrorCode::guard_refused, previous.error().message() + ": it may have keys that the backup has not", "--yes passes over it");
    }
    return written(backup, 0);
  }

  Result<SecretBytes> written(KeysetDraft& backup, std::uint64_t seen) const {
    backup.record().identity.revision = std::max(edition_, seen);
    return backup.write(std::time(nullptr));
  }

  std::string file_;
  std::string from_;
  std::uint64_t above_ = 0;
  std::uint64_t edition_ = 0;  // readers may have seen it
};

}  // namespace

std::unique_ptr<Command> make_keyset_restore() { return std::make_unique<KeysetRestoreCommand>(); }

}  // namespace piictl
