#include "engine/token_v2.hpp"

#include <array>
#include <string>

#include "base/traces.hpp"
#include "engine/mac_batch.hpp"
#include "pii/normalize.hpp"

namespace pii::engine {
namespace {

using Mac = std::array<std::byte, crypto::kMacSize>;

Result<Mac> mac_of(const KeyTable& keys, std::size_t index, SubKeyUse use, const Place& place,
                   std::string_view value) {
  const base::ClearTraces<crypto::kHmacStack> traces;
  const SubKeyHandle key(keys, index, use, place);
  if (!key.ready()) return key.error();
  NormalizedValue normalized;
  const ErrorCode code = normalize(place.normalizer, value, normalized);
  if (code != ErrorCode::ok) return normalization_failed(code, value);
  Mac mac;
  crypto::hmac_sha256(key.mac_key(), normalized.view(), mac.data());
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
  const auto write = [&](const std::byte* macs, std::size_t count, auto place_of_mac) {
    for (std::size_t i = 0; i < count; ++i, macs += crypto::kMacSize) {
      out[place_of_mac(i)] = Token::from_mac_v2(info.kid, std::span(macs, info.params.token_length));
    }
  };
  const std::size_t failed = for_each_mac_group(key.mac_key(), place.normalizer, values, codes, write);
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
