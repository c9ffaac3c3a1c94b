#pragma once

#include <string_view>

#include "mask/work.hpp"

namespace pii::mask {

/// What was found, on its way to an edit.
struct Found {
  Detector detector;
  std::uint16_t custom = 0;     // for Detector::custom
  std::string_view folded;      // as the detectors saw it
  std::string_view plain;       // unescaped, not folded; what a ciphertext holds
};

/// Whether the policy, which has such lists, lets this value stand.
bool is_on_lists(const Work& work, const Found& found);
/// Whether the policy lets this value stand: allow lists, published test cards.
inline bool is_allowed(const Work& work, const Found& found) { return work.impl.allows_any && is_on_lists(work, found); }

/// Counts the finding and makes `action` of it where `at` stands; `quoted`: a number that becomes a string.
void add_edit(Work& work, const MaskAction& action, const Found& found, const Layer& at, bool quoted);
/// The same with the action that the policy has for the detector.
void add_edit(Work& work, const Found& found, const Layer& at, bool quoted);
/// The token of the value, which is folded, takes its place.
void add_token(Work& work, Detector detector, const Layer& value);
/// What stands behind an edit's token, at most 65,535 bytes.
void set_suffix(Work& work, Edit& edit, std::string_view suffix);
/// `text` (a literal, or in the arena) takes the place.
void add_text(Work& work, Detector detector, std::string_view text, const Layer& at, bool quoted = false);

}  // namespace pii::mask
