#pragma once

#include <span>
#include <string_view>

#include "engine/sub_key.hpp"
#include "pii/blind_index.hpp"
#include "pii/result.hpp"
#include "pii/token.hpp"

namespace pii::engine {

/// Why a value has no normal form: invalid_utf8 with the offset, malformed_value, invalid_setting.
Error normalization_failed(ErrorCode code, std::string_view value);

/// The version 2 token of a value under key `index`. Errors: those above and of KeyTable::sub_key().
Result<Token> token_v2(const KeyTable& keys, std::size_t index, const Place& place, std::string_view value);

/// Many at once: out[i] is the token of values[i] where codes[i] is ok. Returns how many failed.
Result<std::size_t> tokens_v2(const KeyTable& keys, std::size_t index, const Place& place,
                              std::span<const std::string_view> values, std::span<Token> out,
                              std::span<ErrorCode> codes);

/// The blind index of a value under key `index`, `bits` of it.
Result<BlindIndex> blind_index(const KeyTable& keys, std::size_t index, const Place& place, std::string_view value,
                               unsigned bits);

}  // namespace pii::engine
