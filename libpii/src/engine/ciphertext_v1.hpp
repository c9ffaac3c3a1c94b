#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/token_v1.hpp"
#include "keyset/key_table.hpp"
#include "pii/ciphertext.hpp"
#include "pii/result.hpp"

namespace pii::engine {

using Nonce = std::span<const std::byte, kNonceSize>;

/// Writes the version 1 ciphertext of `plaintext` under key `index` into `out`, which holds
/// ciphertext_v1_size() characters and does not overlap `plaintext`. A nonce must never be used twice with
/// one key: only Protector, which draws it, and known-answer tests call this. false when the cipher failed.
bool seal_v1(const Keyset::Impl& keyset, std::size_t index, const Context& context, Nonce nonce,
             std::string_view plaintext, char* out);

/// Protector::reveal_into() for a context of any names.
Result<std::string_view> open_v1(const Keyset::Impl& keyset, const Context& context,
                                 std::string_view ciphertext, std::span<char> out, Base64Mode mode);

}  // namespace pii::engine
