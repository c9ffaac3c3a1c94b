#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "command.hpp"
#include "pii/key_life.hpp"
#include "pii/keyset_draft.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// A keyset where it stands, a file or vault:PATH, opened for looking at. Errors: those of reading it, with
/// its place before them.
pii::Result<pii::KeysetDraft> read_draft(const Session& session, const std::string& source);
/// Its document, opened when it is sealed.
pii::Result<pii::SecretBytes> read_keyset_document(const Session& session, const std::string& source);

/// Makes the next document of the one that is there: called again when another writer of Vault was first.
using MakeNext =
    std::function<pii::Result<pii::SecretBytes>(const pii::SecretBytes& document, pii::KeysetDraft& draft)>;

/// What a change has come to.
struct ChangedKeyset {
  std::string where;  // what to tell people of where the old and the new one are
  std::optional<std::uint64_t> vault_version;
};
/// Replaces a keyset: a file under its folder's lock, with the previous one kept beside it; in Vault by
/// check-and-set, tried again from what is there when another writer was first. With --dry-run nothing is
/// written. Errors: also those of `make`; conflict, guard_refused for a KV engine of version 1.
pii::Result<ChangedKeyset> replace_keyset(const Session& session, const std::string& source,
                                          const MakeNext& make, int tries = 3);

/// Flags with which a guard is passed, and by whose leave.
struct GuardFlags {
  bool force = false;
  std::string reason;
  std::string evidence_path;
  std::optional<pii::key_life::Evidence> evidence;

  void declare(OptionList& options, bool takes_evidence);
  /// Reads the evidence and checks that what is forced has a reason. Errors: usage and those of the file.
  pii::Result<void> load();
  pii::key_life::Guards guards() const { return {force, evidence ? &*evidence : nullptr}; }
};

/// What was done to a keyset, told as {"did","kid","revision","next"}.
struct StepResult {
  std::string did;  // empty: nothing
  std::string kid;
};
/// Which keyset a document is, and which revision of it; empty for one that does not parse or does not say.
pii::KeysetIdentity identity_of(const pii::SecretBytes& document);
/// What the audit log is told of a change of a keyset: what was done, and which revision that made, only when it is done.
/// `made` may be empty where nothing is known of it.
void note_change(Session& session, const std::string& source, const StepResult& step, const pii::KeysetIdentity& made,
                 bool is_done);

/// One step: called with what is there.
using Step = std::function<pii::Result<StepResult>(pii::KeysetDraft& draft, pii::Seconds now)>;
/// Takes the step, writes the keyset, notes it for the audit log, and tells of it.
pii::Result<void> take_step(Session& session, const std::string& source, const GuardFlags& guards,
                            const Step& step, int tries = 3);
/// Tells of a step that was taken, or would be.
pii::Result<void> tell_step(const Session& session, const StepResult& step, const pii::KeysetRecord& after,
                            pii::Seconds now);

}  // namespace piictl
