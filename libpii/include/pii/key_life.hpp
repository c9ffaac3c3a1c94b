#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/keyset_record.hpp"
#include "pii/result.hpp"

/// A key's life (docs/formats.md section 4) as steps on a keyset's record: pure functions of the record and a
/// time that the caller gives, in seconds of UTC. A step that is refused changes nothing. Errors of all of
/// them: usage for a key id that is not there, guard_refused with what is missing, and from when on it is
/// not.
namespace pii::key_life {

/// What a scan of the stored data, or a completed retokenization, says of the use of keys.
struct Evidence {
  struct Use {
    std::string kid;  // empty: the form carries none
    std::uint64_t count = 0;
  };
  enum class Source : std::uint8_t { scan, retokenize };

  Source source = Source::scan;
  Seconds looked_at = 0;
  std::string digest;          // SHA-256 of the evidence, 64 lower-case hex digits
  bool complete = false;       // everything was looked at, or every row is done
  std::vector<Use> uses;       // of a scan
  std::string retokenized_to;  // of a retokenization: the key id it moved to
};

/// What guards ask beside the record. `force` passes over guards that protect data that time or evidence
/// would; what would leave a keyset that cannot be used is refused all the same.
struct Guards {
  bool force = false;
  const Evidence* evidence = nullptr;
};

/// Adds a key that all may read with and none writes with. Errors: also invalid_name, already_exists.
PII_EXPORT Result<void> stage(KeysetRecord& keyset, const std::string& kid, KeyAlgorithm algorithm,
                              const KeyParams& params, Seconds now);
/// Makes a staged or retiring key the primary of its role; the old one starts retiring. Guard: propagation.
PII_EXPORT Result<void> promote(KeysetRecord& keyset, std::string_view kid, Seconds now, Guards guards = {});
/// Ends writing with a key, or withdraws a staged one. What is written must have another primary.
PII_EXPORT Result<void> retire(KeysetRecord& keyset, std::string_view kid, Seconds now);
/// Takes a retiring key out of use. Guards: retire_min, and evidence that no use is left.
PII_EXPORT Result<void> disable(KeysetRecord& keyset, std::string_view kid, Seconds now, Guards guards = {});
/// Brings a disabled key back, as retiring.
PII_EXPORT Result<void> enable(KeysetRecord& keyset, std::string_view kid, Seconds now);
/// Sets the date from which a disabled key may be destroyed. Guard: evidence newer than its last use.
PII_EXPORT Result<void> schedule_destroy(KeysetRecord& keyset, std::string_view kid, Seconds now,
                                         Guards guards = {});
PII_EXPORT Result<void> cancel_destroy(KeysetRecord& keyset, std::string_view kid);
/// Leaves nothing of a key but a row. Guard: the date.
PII_EXPORT Result<void> destroy(KeysetRecord& keyset, std::string_view kid, Seconds now, Guards guards = {});
/// Marks a key as known to others: it is never promoted again, and its successor is due.
PII_EXPORT Result<void> mark_compromised(KeysetRecord& keyset, std::string_view kid, Seconds now);

/// What comes next for a keyset.
struct NextStep {
  enum class Step : std::uint8_t {
    none,
    stage,
    promote,
    rewrap,      // ciphertexts
    retokenize,  // tokens
    disable,
    destroy,
    reindex,     // blind indexes
    represerve,  // format-preserving tokens
  };

  Step step = Step::none;
  std::string kid;                    // whom it is about; for stage the key that is to be followed
  std::optional<Seconds> not_before;  // from when on it is safe
  std::string why;
  bool due = false;  // now, as far as time is concerned
};
PII_EXPORT std::string_view to_string(NextStep::Step step) noexcept;
PII_EXPORT NextStep next_step(const KeysetRecord& keyset, Seconds now);

/// The id for a key that follows `kid`: its number raised past every id of the keyset (tk1 -> tk2). Errors:
/// usage when no valid id follows.
PII_EXPORT Result<std::string> next_kid(const KeysetRecord& keyset, std::string_view kid);

}  // namespace pii::key_life
