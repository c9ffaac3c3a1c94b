#pragma once

#include <string_view>

#include "mask/layer.hpp"
#include "mask/place_table.hpp"
#include "mask/work.hpp"

namespace pii::mask {

/// The first round for one scalar of a JSON text: what its place decides is done at once, other strings become leaves of
/// the second round. `raw` is what stands between the quotes; `bytes`, its class, is asked for where detectors look at it.
void mask_string(Work& work, const Layer& raw, detect::LeafClass bytes, Entry& entry);
/// The string as one more leaf of the second round.
const Leaf& add_leaf(Work& work, const Layer& raw, detect::LeafClass bytes, Entry& entry);
/// In a number of fewer characters, under no key that says something, nothing is found.
inline constexpr std::size_t kShortestNumber = 7;
/// A number, `true`, `false` or `null`.
void mask_scalar(Work& work, const Layer& raw, const Entry& entry);

/// Masks a string or another scalar as a whole: what the key's `type` says unless it is wholly another detector's match.
void mask_whole(Work& work, const Layer& raw, detect::LeafClass bytes, bool number, const Entry& entry);

/// Whether a string is hex with a letter in it, a UUID or a date-time: what identifiers and times look like.
bool has_expected_shape(std::string_view text) noexcept;

/// An edit over all of `raw`.
inline Edit edit_of(const Layer& raw) noexcept {
  return {.begin = raw.place(0), .end = raw.place(raw.text.size()), .escapes = raw.escapes};
}

}  // namespace pii::mask
