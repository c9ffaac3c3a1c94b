#include "engine/token_v2.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/traces.hpp"
#include "pii/normalize.hpp"

namespace pii::engine {
namespace {

using Mac = std::array<std::byte, crypto::kMacSize>;

// As many as tokenizer.cpp takes at once, and for the same reasons.
constexpr std::size_t kGroup = 64;
constexpr std::size_t kSingleStack = 512;
constexpr std::size_t kBatchStack = 8192;

Result<Mac> mac_of(const KeyTable& keys, std::size_t index, SubKeyUse use, const Place& place,
                   std::string_view value) {
  const SubKeyHandle key(keys, index, use, place);
  if (!key.ready()) return key.error();
  NormalizedValue normalized;
  const ErrorCode code = normalize(place.normalizer, value, normalized);
  if (code != ErrorCode::ok) return normalization_failed(code, value);
  Mac mac;
  crypto::hmac_sha256(key.mac_key(), normalized.view(), mac.data());
  base::clear_vector_registers();
  base::clear_stack_below<kSingleStack>();
  keys.counters(index).add(KeyCounters::tokens);
  return mac;
}

}  // namespace

Error normalization_failed(ErrorCode code, std::string_view value) {
  switch (code) {
    case ErrorCode::malformed_value:
      return Error(code, "the value is no international phone number",
                   "phone-e164.1 takes +965…; the normalizer text.1 takes any text");
    case ErrorCode::invalid_setting:
      return Error(code, "this build has no normalizer phone-e164.1",
                   "build with -DPII_WITH_LIBPHONENUMBER=ON, or name another normalizer, such as text.1");
    default:
      return Error(ErrorCode::invalid_utf8,
                   "the value is not valid UTF-8 at byte " + std::to_string(find_invalid_utf8(value)));
  }
}

Result<Token> token_v2(const KeyTable& keys, std::size_t index, const Place& place, std::string_view value) {
  const auto mac = mac_of(keys, index, SubKeyUse::token, place, value);
  if (!mac) return mac.error();
  const KeyInfo& key = keys.keys[index];
  return Token::from_mac_v2(key.kid, std::span(*mac).first(key.params.token_length));
}

Result<std::size_t> tokens_v2(const KeyTable& keys, std::size_t index, const Place& place,
                              std::span<const std::string_view> values, std::span<Token> out,
                              std::span<ErrorCode> codes) {
  const SubKeyHandle key(keys, index, SubKeyUse::token, place);
  if (!key.ready()) return key.error();
  if (!is_built_in(place.normalizer)) return normalization_failed(ErrorCode::invalid_setting, {});
  const KeyInfo& info = keys.keys[index];
  std::size_t failed = 0;
  for (std::size_t begin = 0; begin < values.size(); begin += kGroup) {
    const std::size_t count = std::min(kGroup, values.size() - begin);
    std::array<NormalizedValue, kGroup> normalized;
    std::array<Mac, kGroup> macs;
    std::array<crypto::HmacJob, kGroup> jobs;
    std::array<std::size_t, kGroup> places;
    std::size_t good = 0;
    for (std::size_t i = begin; i < begin + count; ++i) {
      codes[i] = normalize(place.normalizer, values[i], normalized[i - begin]);
      if (codes[i] != ErrorCode::ok) continue;
      jobs[good] = {&key.mac_key(), normalized[i - begin].view(), macs[good].data()};
      places[good++] = i;
    }
    crypto::hmac_sha256_batch({jobs.data(), good});
    base::clear_vector_registers();
    base::clear_stack_below<kBatchStack>();
    for (std::size_t i = 0; i < good; ++i) {
      out[places[i]] = Token::from_mac_v2(info.kid, std::span(macs[i]).first(info.params.token_length));
    }
    failed += count - good;
  }
  keys.counters(index).add(KeyCounters::tokens, values.size() - failed);
  return failed;
}

Result<BlindIndex> blind_index(const KeyTable& keys, std::size_t index, const Place& place, std::string_view value,
                               unsigned bits) {
  const auto mac = mac_of(keys, index, SubKeyUse::blind_index, place, value);
  if (!mac) return mac.error();
  return BlindIndex::from_mac(keys.keys[index].kid, *mac, bits);
}

}  // namespace pii::engine
