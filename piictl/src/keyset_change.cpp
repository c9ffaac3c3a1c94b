#include "keyset_change.hpp"

#include <ctime>

#include "clock.hpp"
#include "evidence_file.hpp"
#include "folder_writer.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "report.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetDraft;
using pii::Result;
using pii::SecretBytes;

SecretBytes copy_of(const SecretBytes& bytes) { return SecretBytes::copy_of(bytes.expose()); }

Result<SecretBytes> make_next(const std::string& source, const SecretBytes& document, const MakeNext& make) {
  auto draft = KeysetDraft::read(copy_of(document));
  if (!draft) return at_path(source, draft.error());
  return make(document, *draft);
}

std::size_t destroyed_keys(const SecretBytes& document) {
  const auto draft = KeysetDraft::read(copy_of(document));
  if (!draft) return 0;
  std::size_t count = 0;
  for (const pii::KeyRecord& key : draft->record().keys)
    count += key.status == pii::KeyStatus::destroyed ? 1 : 0;
  return count;
}

bool destroys_key(const SecretBytes& before, const SecretBytes& next) {
  return destroyed_keys(next) > destroyed_keys(before);
}

Result<ChangedKeyset> replace_file(const Session& session, const std::string& source, const MakeNext& make) {
  const auto writer = FolderWriter::lock(source);
  if (!writer) return writer.error();
  // Under the lock: what was seen before may have changed.
  const auto before = load_keyset_file(session, writer->path());
  if (!before) return before.error();
  const auto next = make_next(source, before->document(), make);
  if (!next) return next.error();
  if (session.flags.dry_run) return ChangedKeyset{"dry run: nothing was written", std::nullopt};
  const auto sealed = before->is_sealed() ? before->seal.close(session, *next) : Result<SecretBytes>(copy_of(*next));
  if (!sealed) return sealed.error();
  // A destroyed key must not live on in what is kept of the past.
  const bool destroys = destroys_key(before->document(), *next);
  const SecretBytes& kept = destroys ? *sealed : before->text;
  if (auto replaced = writer->replace(kept, *sealed); !replaced) return replaced.error();
  if ((before->mode & 0077) != 0) {
    session.report.warning("others could read " + writer->path() + "; now only its owner can");
  }
  if (destroys)
    return ChangedKeyset{writer->previous_path() + " holds nothing of the key either", std::nullopt};
  return ChangedKeyset{"the file as it was is kept at " + writer->previous_path(), std::nullopt};
}

Result<ChangedKeyset> replace_in_vault(const Session& session, const std::string& source,
                                       const MakeNext& make, int tries) {
  const auto vault = open_vault(session);
  if (!vault) return vault.error();
  for (int tried = 1;; ++tried) {
    const auto before = read_vault_keyset(*vault->client, source);
    if (!before) return before.error();
    if (!before->version) {
      return Error(ErrorCode::guard_refused,
                   source + ": version 1 of KV cannot check-and-set, so two writers could lose keys",
                   "move the keyset to a KV engine of version 2");
    }
    const auto next = make_next(source, before->document, make);
    if (!next) return next.error();
    if (session.flags.dry_run) return ChangedKeyset{"dry run: nothing was written", std::nullopt};
    const auto version = write_vault_keyset(session, *vault->client, source, *next, *before->version);
    if (version) {
      if (destroys_key(before->document, *next)) {
        session.report.warning("versions up to " + std::to_string(*before->version) + " of " + source +
                               " still hold the key: vault kv destroy -versions=N removes them");
      }
      return ChangedKeyset{"it is version " + std::to_string(*version) + " of " + source, *version};
    }
    if (version.error().code() != ErrorCode::conflict || tried == tries) return version.error();
  }
}

Json date_or_null(const std::optional<pii::Seconds>& date) {
  return date ? to_rfc3339(*date) : Json();
}

}  // namespace

Result<SecretBytes> read_keyset_document(const Session& session, const std::string& source) {
  if (!is_in_vault(source)) {
    auto file = read_keyset_file(session, source);
    if (!file) return std::move(file).error();
    return file->is_sealed() ? *std::move(file->opened) : std::move(file->text);
  }
  const auto vault = open_vault(session);
  if (!vault) return vault.error();
  auto secret = vault->client->read(vault_path(source));
  if (!secret) return std::move(secret).error();
  return std::move(secret->document);
}

Result<KeysetDraft> read_draft(const Session& session, const std::string& source) {
  auto document = read_keyset_document(session, source);
  if (!document) return std::move(document).error();
  auto draft = KeysetDraft::read(*std::move(document));
  if (!draft) return at_path(source, draft.error());
  return draft;
}

Result<ChangedKeyset> replace_keyset(const Session& session, const std::string& source, const MakeNext& make,
                                     int tries) {
  return is_in_vault(source) ? replace_in_vault(session, source, make, tries)
                             : replace_file(session, source, make);
}

void GuardFlags::declare(OptionList& options, bool takes_evidence) {
  options.add_switch("--force", force, "pass over times and evidence; needs --reason");
  options.add_text("--reason", reason, "TEXT", "why, for the audit log");
  if (!takes_evidence) return;
  options.add_file("--evidence", evidence_path, "FILE",
                "what piictl scan --evidence wrote, or the checkpoint of a completed retokenize");
}

Result<void> GuardFlags::load() {
  if (force && reason.empty()) {
    return Error(ErrorCode::usage, "--force needs --reason TEXT",
                 "say why, for those who read the audit log");
  }
  if (evidence_path.empty()) return {};
  auto read = load_evidence(evidence_path);
  if (!read) return std::move(read).error();
  evidence = *std::move(read);
  return {};
}

pii::KeysetIdentity identity_of(const SecretBytes& document) {
  const auto keyset = pii::parse_keyset(document);
  return keyset ? (*keyset)->identity() : pii::KeysetIdentity();
}

void note_change(Session& session, const std::string& source, const StepResult& step, const pii::KeysetIdentity& made,
                 bool is_done) {
  is_done = is_done && !session.flags.dry_run;
  session.audit = {{"keyset", source}};
  const auto add = [&session](const char* name, std::string text) {
    if (!text.empty()) session.audit.emplace_back(name, std::move(text));
  };
  if (is_done) add("did", step.did);
  add("kid", step.kid);
  add("keyset_id", made.id);
  if (is_done && made.revision != 0) add("revision", std::to_string(made.revision));
}

Result<void> take_step(Session& session, const std::string& source, const GuardFlags& guards, const Step& step,
                       int tries) {
  const auto now = static_cast<pii::Seconds>(std::time(nullptr));
  StepResult taken;
  pii::KeysetRecord after;  // its identity also of what was refused
  bool was_signed = false;
  const auto changed =
      replace_keyset(session, source, [&](const SecretBytes&, KeysetDraft& draft) -> Result<SecretBytes> {
        after.identity = draft.record().identity;
        auto done = step(draft, now);
        if (!done) return std::move(done).error();
        taken = *std::move(done);
        was_signed = draft.was_signed();
        auto next = draft.write(now);
        after = draft.record();
        return next;
      }, tries);
  note_change(session, source, taken, after.identity, changed.has_value());
  if (guards.force) session.audit.emplace_back("forced", guards.reason);
  if (guards.evidence) session.audit.emplace_back("evidence", guards.evidence->digest);
  if (!changed) return changed.error();
  if (was_signed) session.report.warning("the keyset is not signed any more; piictl keyset sign signs it");
  const auto told = tell_step(session, taken, after, now);
  session.report.note(changed->where);
  if (told) return told;
  return Error(told.error().code(), taken.did + " is done, but: " + told.error().message(),
               told.error().hint());
}

Result<void> tell_step(const Session& session, const StepResult& step, const pii::KeysetRecord& after,
                       pii::Seconds now) {
  const auto next = pii::key_life::next_step(after, now);
  if (!step.did.empty()) {
    session.report.note((session.flags.dry_run ? "would " : "") + step.did + (step.kid.empty() ? "" : ": key " + step.kid));
  }
  std::string what = std::string(to_string(next.step));
  if (!what.empty()) what += ": ";
  std::string when;
  if (next.not_before && *next.not_before > now) when = ", not before " + to_rfc3339(*next.not_before);
  session.report.note("next: " + what + next.why + when);
  if (!session.flags.json) return {};
  const bool nothing = step.did.empty() || session.flags.dry_run;
  const bool has_revision = after.schema_version == 2 && !session.flags.dry_run;
  return write_to_standard_output(to_json_line(
      {{"did", nothing ? Json() : step.did},
       {"kid", Json::or_null(step.kid)},
       {"revision", has_revision ? after.identity.revision : Json()},
       {"next",
        {{"step", Json::or_null(to_string(next.step))},
         {"not_before", date_or_null(next.not_before)},
         {"why", next.why}}}}));
}

}  // namespace piictl
