#include "engine/mac_batch.hpp"

#include "normalize/ascii.hpp"

namespace pii::engine {

std::size_t MacBatch::compute(const crypto::HmacState& key, Normalization rule, std::span<const std::string_view> values,
                              std::span<ErrorCode> codes) {
  const std::size_t good = gather(rule, values, codes);
  crypto::hmac_sha256_batch(key, {jobs_.data(), good});
  return good;
}

std::size_t MacBatch::gather(Normalization rule, std::span<const std::string_view> values, std::span<ErrorCode> codes) {
  switch (rule) {
    case Normalization::strip:
    case Normalization::text_1:
      return gather_normal([](std::string_view text) { return unicode::is_stripped_ascii(text); }, rule, values, codes);
    case Normalization::email:
    case Normalization::email_1:
      return gather_normal([](std::string_view text) { return unicode::is_lower_ascii(text); }, rule, values, codes);
    case Normalization::phone:
      return gather_normal([](std::string_view text) { return unicode::is_plain_phone(text); }, rule, values, codes);
    case Normalization::phone_e164_1:
      break;
  }
  return gather_normal([](std::string_view) { return false; }, rule, values, codes);
}

template <class IsNormal>
std::size_t MacBatch::gather_normal(IsNormal is_normal, Normalization rule, std::span<const std::string_view> values,
                                    std::span<ErrorCode> codes) {
  std::size_t good = 0;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string_view message = values[i];
    codes[i] = ErrorCode::ok;
    if (!is_normal(message)) {
      NormalizedValue& normalized = next_normalized(changed++);
      codes[i] = normalize(rule, message, normalized);
      if (codes[i] != ErrorCode::ok) continue;
      message = normalized.view();
    }
    jobs_[good] = {message, macs_.data() + good * crypto::kMacSize};
    places_[good++] = i;
  }
  return good;
}

}  // namespace pii::engine
