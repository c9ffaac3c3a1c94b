#include "pii/tokenizer.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/base64url_implementations.hpp"
#include "engine/keyset_in_force.hpp"
#include "engine/token_v1.hpp"
#include "engine/traces.hpp"
#include "pii/base64url.hpp"
#include "pii/normalize.hpp"

namespace pii {
namespace {

using crypto::kMacSize;
using Mac = std::array<std::byte, kMacSize>;

// How many values of a batch are normalized before they are hashed together: a multiple of the widest
// kernel's 16 lanes, few enough for the stack and the first-level cache.
constexpr std::size_t kGroup = 64;

// What the hash kernels use of the stack, amply: their frames hold states where registers are scarce.
constexpr std::size_t kSingleStack = 512;
constexpr std::size_t kBatchStack = 8192;

Error invalid_utf8(std::string_view value) {
  return Error(ErrorCode::invalid_utf8,
               "the value is not valid UTF-8 at byte " + std::to_string(find_invalid_utf8(value)));
}

// Tokenizes values[i] into out[i] for a group; returns how many failed.
std::size_t tokenize_group(const crypto::HmacState& state, Normalization rule, const std::string_view* values,
                           char* const* out, ErrorCode* codes, std::size_t count) {
  std::array<NormalizedValue, kGroup> normalized;
  std::array<Mac, kGroup> macs;
  std::array<crypto::HmacJob, kGroup> jobs;
  std::array<char*, kGroup> targets;
  std::size_t good = 0;
  for (std::size_t i = 0; i < count; ++i) {
    codes[i] = normalize(rule, values[i], normalized[i]);
    if (codes[i] != ErrorCode::ok) continue;
    jobs[good] = {&state, normalized[i].view(), macs[good].data()};
    targets[good] = out[i];
    ++good;
  }
  crypto::hmac_sha256_batch({jobs.data(), good});
  engine::clear_vector_registers();
  engine::clear_stack_below<kBatchStack>();
  const auto encode = base::base64_in_force().encode;  // looked up once, not once a token
  for (std::size_t i = 0; i < good; ++i) {
    std::memcpy(targets[i], kTokenV1Prefix.data(), kTokenV1Prefix.size());
    encode(macs[i].data(), kMacSize, targets[i] + kTokenV1Prefix.size());
  }
  return count - good;
}

}  // namespace

namespace engine {

void compute_mac(const TokenKey& key, const NormalizedValue& value, std::byte* mac) noexcept {
  crypto::hmac_sha256(key.state(), value.view(), mac);
  clear_vector_registers();
  clear_stack_below<kSingleStack>();
}

void write_token_v1(const std::byte* mac, char* out) noexcept {
  std::memcpy(out, kTokenV1Prefix.data(), kTokenV1Prefix.size());
  base64url_encode({mac, kMacSize}, out + kTokenV1Prefix.size());
}

}  // namespace engine

Tokenizer::Tokenizer(std::shared_ptr<KeysetProvider> provider, Environment environment)
    : provider_(std::move(provider)), environment_(std::move(environment)) {}

Result<Token> Tokenizer::tokenize(const FieldType& field, std::string_view value) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  NormalizedValue normalized;
  if (normalize(field.normalization(), value, normalized) != ErrorCode::ok) return invalid_utf8(value);
  const Keyset::Impl& keys = (*keyset)->impl();
  const engine::TokenKey key(keys, keys.primary_index, {environment_, field});
  Mac mac;
  engine::compute_mac(key, normalized, mac.data());
  return Token::from_mac(mac);
}

ErrorCode Tokenizer::tokenize_into(const FieldType& field, std::string_view value, char* out) const {
  const Keyset* keyset = engine::read_keyset(*provider_, KeysetUsage::token);
  if (keyset == nullptr) [[unlikely]] {
    const auto loaded = engine::load_keyset(*provider_, KeysetUsage::token);
    if (!loaded) return loaded.error().code();
    keyset = *loaded;
  }
  NormalizedValue normalized;
  const ErrorCode code = normalize(field.normalization(), value, normalized);
  if (code != ErrorCode::ok) return code;
  const Keyset::Impl& keys = keyset->impl();
  const engine::TokenKey key(keys, keys.primary_index, {environment_, field});
  Mac mac;
  engine::compute_mac(key, normalized, mac.data());
  engine::write_token_v1(mac.data(), out);
  return ErrorCode::ok;
}

Result<std::size_t> Tokenizer::tokenize_batch(const FieldType& field,
                                              std::span<const std::string_view> values,
                                              std::span<char* const> out, std::span<ErrorCode> codes) const {
  if (out.size() != values.size() || codes.size() != values.size()) {
    return Error(ErrorCode::usage, "tokenize_batch: values, out and codes differ in size");
  }
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const Keyset::Impl& keys = (*keyset)->impl();
  const engine::TokenKey key(keys, keys.primary_index, {environment_, field});
  std::size_t failed = 0;
  for (std::size_t done = 0; done < values.size(); done += kGroup) {
    failed += tokenize_group(key.state(), field.normalization(), values.data() + done, out.data() + done,
                             codes.data() + done, std::min(kGroup, values.size() - done));
  }
  return failed;
}

Result<std::vector<Token>> Tokenizer::tokenize_all(const FieldType& field, std::string_view value) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  NormalizedValue normalized;
  if (normalize(field.normalization(), value, normalized) != ErrorCode::ok) return invalid_utf8(value);
  const Keyset::Impl& keys = (*keyset)->impl();
  std::vector<Token> tokens;
  tokens.reserve(keys.v1_count());
  const auto add = [&](std::size_t index) {
    const engine::TokenKey key(keys, index, {environment_, field});
    Mac mac;
    engine::compute_mac(key, normalized, mac.data());
    tokens.push_back(Token::from_mac(mac));
  };
  add(keys.primary_index);
  for (std::size_t index = 0; index < keys.v1_count(); ++index) {
    if (index != keys.primary_index) add(index);
  }
  return tokens;
}

Result<bool> Tokenizer::matches(const FieldType& field, std::string_view value, const Token& token) const {
  const auto tokens = tokenize_all(field, value);
  if (!tokens) return tokens.error();
  bool found = false;
  for (const Token& candidate : *tokens) {  // all of them, whichever matches
    const std::string_view text = candidate.view();
    found |= text.size() == token.view().size() &&
             sodium_memcmp(text.data(), token.view().data(), text.size()) == 0;
  }
  return found;
}

}  // namespace pii
