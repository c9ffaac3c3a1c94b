#pragma once

#include "mask/ecsctx_phone_units.hpp"

// The forms of a phone number. Each looks ahead a few dozen characters at most.
namespace pii::mask::ecsctx {

/// `\(?\d{3}\)?[-.\s]?\d{3}[-.\s]?\d{4,6}\b` from within its run of digits `run` (0 to 2), `done` of which
/// stand right before `at`. Where the match ends, or kNone. All optional parts differ from what follows them,
/// so there is no way back to try.
std::size_t match_number_from(const PhoneText& text, std::size_t at, int run, int done) noexcept;

/// The whole number, its parenthesis included.
std::size_t match_number(const PhoneText& text, std::size_t at) noexcept;

/// `\+\d{1,3}[-.\s]?` and the number. `at` is the plus.
std::size_t match_prefixed(const PhoneText& text, std::size_t at) noexcept;

/// `fixed`: `+` or `00` (`at` is its first digit's or the plus's offset), a country code and groups of
/// digits, 8 to 15 in all, one separator or a pair of parentheses between them; as many groups as the
/// country's numbers have.
std::size_t match_international(const PhoneText& text, std::size_t at) noexcept;

}  // namespace pii::mask::ecsctx
