#pragma once

#include "pii/key_life.hpp"

namespace pii::key_life {

/// Whether the evidence shows that no use of `key` is left. Errors: guard_refused, with what it lacks.
Result<void> check_evidence(const KeysetRecord& keyset, const KeyRecord& key, const Evidence& evidence,
                            Seconds now);

/// What to give as evidence that no use of `key` is left, and what moves such uses to another key.
std::string_view evidence_hint(const KeyRecord& key) noexcept;
std::string_view moving_hint(const KeyRecord& key) noexcept;

/// From when on nothing was written with a key that is retiring: the slowest reader has read of its
/// successor.
Seconds last_use(const KeysetRecord& keyset, const KeyRecord& key) noexcept;

}  // namespace pii::key_life
