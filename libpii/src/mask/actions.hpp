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

/// Whether the policy lets this value stand: allow lists, published test cards.
bool is_allowed(const Work& work, const Found& found);

/// Counts the finding and makes `action` of it in the place of all of `at`; `quoted`: of a number, which becomes a string.
void add_edit(Work& work, const MaskAction& action, const Found& found, const Layer& at, bool quoted = false);
/// The same with the action that the policy has for the detector.
void add_edit(Work& work, const Found& found, const Layer& at, bool quoted = false);
/// `text` (a literal, or in the arena) takes the place.
void add_text(Work& work, Detector detector, std::string_view text, const Layer& at, bool quoted = false);

}  // namespace pii::mask
