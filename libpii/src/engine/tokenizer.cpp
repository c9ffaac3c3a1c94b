#include "pii/tokenizer.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/base64url_implementations.hpp"
#include "engine/keyset_in_force.hpp"
#include "engine/mac_batch.hpp"
#include "engine/token_v1.hpp"
#include "engine/token_v2.hpp"
#include "engine/writing_key.hpp"
#include "pii/base64url.hpp"
#include "pii/normalize.hpp"

namespace pii {
namespace {

using crypto::kMacSize;
using Mac = std::array<std::byte, kMacSize>;

Result<Token> token_v1(const KeyTable& keys, std::size_t index, const engine::Context& context, Normalization rule,
                       std::string_view value) {
  NormalizedValue normalized;
  const ErrorCode code = normalize(rule, value, normalized);
  if (code != ErrorCode::ok) return engine::normalization_failed(code, value);
  const engine::TokenKey key(keys, index, context);
  Mac mac;
  engine::compute_mac(key.state(), normalized, mac.data());
  keys.counters(index).add(KeyCounters::tokens);
  return Token::from_mac(mac);
}

Error sizes_differ() {
  return Error(ErrorCode::usage, "tokenize_batch: values, out and codes differ in size");
}

// Whether the error says that nobody can have made a token of the value under the key, so that a look-up need not ask
// for one. A tenant that is no name is the caller's mistake.
bool has_no_token(ErrorCode code, const Binding& binding) {
  const bool named = binding.tenant.empty() || is_valid_v2_name(binding.tenant);
  return code == ErrorCode::malformed_value || (code == ErrorCode::invalid_name && named);
}

// The key that writes blind indexes of so many bits.
Result<std::size_t> active_index_key(const KeyTable& keys, unsigned bits) {
  if (auto accepted = engine::check_accepts_version_2(keys, "blind indexes"); !accepted) return accepted.error();
  const std::size_t active = keys.primary_v2(KeyRole::index);
  if (active == KeyTable::npos) {
    return Error(ErrorCode::not_configured, "the token keyset has no active key for blind indexes",
                 "piictl key stage FILE --alg PII-IDX-2 --bits N makes one, piictl key promote FILE makes it active");
  }
  const unsigned most = keys.keys[active].params.index_bits;
  if (bits == 0 || (bits >= kMinIndexBits && bits <= most)) return active;
  return Error(ErrorCode::usage,
               "key " + keys.keys[active].kid + " allows " + std::to_string(kMinIndexBits) + " to " +
                   std::to_string(most) + " bits of a blind index",
               "more bits tell more of a value: the key's own setting is the limit");
}

}  // namespace

namespace engine {

void write_token_v1(const std::byte* mac, char* out) noexcept {
  std::memcpy(out, kTokenV1Prefix.data(), kTokenV1Prefix.size());
  base64url_encode({mac, kMacSize}, out + kTokenV1Prefix.size());
}

}  // namespace engine

Tokenizer::Tokenizer(std::shared_ptr<KeysetProvider> provider, Environment environment)
    : provider_(std::move(provider)), environment_(std::move(environment)) {}

Result<Token> Tokenizer::tokenize(const FieldType& field, std::string_view value, const Binding& binding) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto index = engine::writing_key(keys);
  if (!index) return index.error();
  if (keys.policy.write_version == 2) {
    return engine::token_v2(keys, *index, engine::place_of(environment_, field, binding), value);
  }
  if (auto possible = engine::check_version_1(binding); !possible) return possible.error();
  return token_v1(keys, *index, {environment_, field}, field.normalization(), value);
}

ErrorCode Tokenizer::tokenize_into(const FieldType& field, std::string_view value, char* out) const {
  const Keyset* keyset = engine::read_keyset(*provider_, KeysetUsage::token);
  if (keyset == nullptr) [[unlikely]] {
    const auto loaded = engine::load_keyset(*provider_, KeysetUsage::token);
    if (!loaded) return loaded.error().code();
    keyset = *loaded;
  }
  const KeyTable& keys = keyset->impl();
  if (keys.policy.write_version != 1) return ErrorCode::unsupported_version;
  if (keys.primary_index == KeyTable::npos) return ErrorCode::invalid_keyset;
  NormalizedValue normalized;
  const ErrorCode code = normalize(field.normalization(), value, normalized);
  if (code != ErrorCode::ok) return code;
  const engine::TokenKey key(keys, keys.primary_index, {environment_, field});
  Mac mac;
  engine::compute_mac(key.state(), normalized, mac.data());
  engine::write_token_v1(mac.data(), out);
  keys.counters(keys.primary_index).add(KeyCounters::tokens);
  return ErrorCode::ok;
}

Result<std::size_t> Tokenizer::tokenize_batch(const FieldType& field,
                                              std::span<const std::string_view> values,
                                              std::span<char* const> out, std::span<ErrorCode> codes) const {
  if (out.size() != values.size() || codes.size() != values.size()) return sizes_differ();
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto index = engine::writing_key(keys);
  if (!index) return index.error();
  if (keys.policy.write_version != 1) {
    return Error(ErrorCode::unsupported_version, "the keyset writes version 2 tokens, which are of another size");
  }
  const engine::TokenKey key(keys, *index, {environment_, field});
  const auto encode = base::base64_in_force().encode_labelled;
  const auto write = [&](const std::byte* macs, std::size_t count, auto place) {
    std::array<char*, engine::MacBatch::kSize> targets;
    for (std::size_t i = 0; i < count; ++i) targets[i] = out[place(i)];
    encode(kTokenV1Prefix.data(), macs, count, targets.data());
  };
  const std::size_t failed = engine::for_each_mac_group(key.state(), field.normalization(), values, codes, write);
  keys.counters(*index).add(KeyCounters::tokens, values.size() - failed);
  return failed;
}

Result<std::size_t> Tokenizer::tokenize_batch(const FieldType& field, std::span<const std::string_view> values,
                                              std::span<Token> out, std::span<ErrorCode> codes,
                                              const Binding& binding) const {
  if (out.size() != values.size() || codes.size() != values.size()) return sizes_differ();
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto index = engine::writing_key(keys);
  if (!index) return index.error();
  if (keys.policy.write_version == 2) {
    return engine::tokens_v2(keys, *index, engine::place_of(environment_, field, binding), values, out, codes);
  }
  if (auto possible = engine::check_version_1(binding); !possible) return possible.error();
  const engine::TokenKey key(keys, *index, {environment_, field});
  const auto write = [&](const std::byte* macs, std::size_t count, auto place) {
    for (std::size_t i = 0; i < count; ++i, macs += kMacSize) {
      out[place(i)] = Token::from_mac(std::span<const std::byte, kMacSize>(macs, kMacSize));
    }
  };
  const std::size_t failed = engine::for_each_mac_group(key.state(), field.normalization(), values, codes, write);
  keys.counters(*index).add(KeyCounters::tokens, values.size() - failed);
  return failed;
}

Result<std::size_t> Tokenizer::token_size() const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto index = engine::writing_key(keys);
  if (!index) return index.error();
  const KeyInfo& key = keys.keys[*index];
  if (key.version == 1) return kTokenV1Size;
  return token_v2_size(key.kid.size(), key.params.token_length);
}

Result<std::vector<Token>> Tokenizer::tokenize_all(const FieldType& field, std::string_view value,
                                                   const Binding& binding) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto primary = engine::writing_key(keys);
  if (!primary) return primary.error();
  const Place place = engine::place_of(environment_, field, binding);
  std::vector<Token> tokens;
  tokens.reserve(keys.keys.size());
  const auto add = [&](std::size_t index) -> Result<void> {
    const KeyInfo& key = keys.keys[index];
    if (role_of(key.type) != KeyRole::token) return {};
    if (index != *primary && !engine::accepts(keys, key.version)) return {};
    const auto token = key.version == 1
                           ? token_v1(keys, index, {environment_, field}, field.normalization(), value)
                           : engine::token_v2(keys, index, place, value);
    if (token) {
      tokens.push_back(*token);
    } else if (index == *primary || !has_no_token(token.error().code(), binding)) {
      return token.error();
    }
    return {};
  };
  if (auto added = add(*primary); !added) return added.error();
  for (std::size_t index = 0; index < keys.keys.size(); ++index) {
    if (index == *primary) continue;
    if (auto added = add(index); !added) return added.error();
  }
  return tokens;
}

Result<bool> Tokenizer::matches(const FieldType& field, std::string_view value, const Token& token,
                                const Binding& binding) const {
  const auto tokens = tokenize_all(field, value, binding);
  if (!tokens) return tokens.error();
  bool found = false;
  for (const Token& candidate : *tokens) {  // all of them, whichever matches
    const std::string_view text = candidate.view();
    found |= text.size() == token.view().size() &&
             sodium_memcmp(text.data(), token.view().data(), text.size()) == 0;
  }
  return found;
}

Result<BlindIndex> Tokenizer::index(const FieldType& field, std::string_view value, const Binding& binding,
                                    unsigned bits) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto active = active_index_key(keys, bits);
  if (!active) return active.error();
  const unsigned shown = bits == 0 ? keys.keys[*active].params.index_bits : bits;
  return engine::blind_index(keys, *active, engine::place_of(environment_, field, binding), value, shown);
}

Result<std::vector<BlindIndex>> Tokenizer::index_all(const FieldType& field, std::string_view value,
                                                     const Binding& binding, unsigned bits) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto active = active_index_key(keys, bits);
  if (!active) return active.error();
  const Place place = engine::place_of(environment_, field, binding);
  std::vector<BlindIndex> indexes;
  for (std::size_t at = keys.v1_count(); at < keys.keys.size(); ++at) {
    if (role_of(keys.keys[at].type) != KeyRole::index) continue;
    const unsigned most = keys.keys[at].params.index_bits;
    const auto made = engine::blind_index(keys, at, place, value, bits == 0 ? most : std::min(bits, most));
    if (!made) return made.error();
    indexes.insert(at == *active ? indexes.begin() : indexes.end(), *made);
  }
  return indexes;
}

}  // namespace pii
