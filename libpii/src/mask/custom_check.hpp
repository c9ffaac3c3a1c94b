#pragma once

#include <string_view>

#include "pii/mask_policy.hpp"

namespace pii::mask {

/// Whether a candidate of a user's pattern passes its check. Digits are what Luhn, mod 97 and Verhoeff look at; letters count
/// in mod 97 as IBANs have it.
bool passes(const CandidateCheck& check, std::string_view candidate);

}  // namespace pii::mask
