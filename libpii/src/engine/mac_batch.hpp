#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string_view>

#include "base/traces.hpp"
#include "crypto/hmac.hpp"
#include "pii/error.hpp"
#include "pii/normalize.hpp"

namespace pii::engine {

/// Normalizes and hashes values under one key, a few at a time: a multiple of the widest kernel's 16 lanes, few enough for
/// the stack and the first-level cache. What it holds of values is wiped at the end.
class MacBatch {
 public:
  static constexpr std::size_t kSize = 64;

  MacBatch() noexcept {}  // its arrays are written before they are read
  ~MacBatch() {
    for (std::size_t i = 0; i < made_; ++i) std::destroy_at(normalized(i));
  }
  MacBatch(const MacBatch&) = delete;
  MacBatch& operator=(const MacBatch&) = delete;

  /// codes[i] says of each of up to kSize values whether it has a normal form; MACs are made of those that have. Returns
  /// how many. Leaves traces of the key in registers and on the stack (for_each_mac_group() clears them).
  std::size_t compute(const crypto::HmacState& key, Normalization rule, std::span<const std::string_view> values,
                      std::span<ErrorCode> codes);

  /// The MACs, crypto::kMacSize bytes each, one behind the other.
  const std::byte* macs() const noexcept { return macs_.data(); }
  /// Index of the value that MAC i is of.
  std::size_t place(std::size_t i) const noexcept { return places_[i]; }

 private:
  NormalizedValue* normalized(std::size_t i) noexcept {
    return std::launder(reinterpret_cast<NormalizedValue*>(normalized_.data() + i * sizeof(NormalizedValue)));
  }
  NormalizedValue& next_normalized(std::size_t i) noexcept {
    if (i == made_) new (normalized_.data() + made_++ * sizeof(NormalizedValue)) NormalizedValue;
    return *normalized(i);
  }
  // Fills jobs_ and places_; how many.
  std::size_t gather(Normalization rule, std::span<const std::string_view> values, std::span<ErrorCode> codes);
  // Where `is_normal` tells values that the rule leaves as they are.
  template <class IsNormal>
  std::size_t gather_normal(IsNormal is_normal, Normalization rule, std::span<const std::string_view> values,
                            std::span<ErrorCode> codes);

  alignas(64) std::array<std::byte, kSize * crypto::kMacSize> macs_;
  std::array<crypto::HmacJob, kSize> jobs_;
  std::array<std::size_t, kSize> places_;
  // Of values that are not in normal form as they are: room for all, made as they are needed, which most never are.
  alignas(NormalizedValue) std::array<std::byte, kSize * sizeof(NormalizedValue)> normalized_;
  std::size_t made_ = 0;
};

/// The MAC of a value, crypto::kMacSize bytes. No traces of the key are left.
inline void compute_mac(const crypto::HmacState& key, const NormalizedValue& value, std::byte* mac) noexcept {
  const base::ClearTraces<crypto::kHmacStack> traces;
  crypto::hmac_sha256(key, value.view(), mac);
}

/// for_each_mac_group() for few values.
template <class Take>
std::size_t for_each_mac(const crypto::HmacState& key, Normalization rule, std::span<const std::string_view> values,
                         std::span<ErrorCode> codes, Take take) {
  std::size_t failed = 0;
  NormalizedValue normalized;
  std::array<std::byte, crypto::kMacSize> mac;
  for (std::size_t at = 0; at < values.size(); ++at) {
    codes[at] = normalize(rule, values[at], normalized);
    if (codes[at] != ErrorCode::ok) {
      ++failed;
      continue;
    }
    compute_mac(key, normalized, mac.data());
    take(mac.data(), 1, [at](std::size_t) { return at; });
  }
  return failed;
}

/// Makes the MACs of all values in groups and calls take(MACs, how many, place) for each, where place(i) is the index of the value
/// that MAC i is of. Returns how many values have none.
template <class Take>
std::size_t for_each_mac_group(const crypto::HmacState& key, Normalization rule, std::span<const std::string_view> values,
                               std::span<ErrorCode> codes, Take take) {
  // Fewer than this are not worth the room of a batch, which is to be cleared.
  constexpr std::size_t kFewest = 4;
  if (values.size() < kFewest) return for_each_mac(key, rule, values, codes, take);
  const base::ClearTraces<crypto::kHmacBatchStack> traces;
  MacBatch batch;
  std::size_t made = 0;
  for (std::size_t begin = 0; begin < values.size(); begin += MacBatch::kSize) {
    const std::size_t count = std::min(MacBatch::kSize, values.size() - begin);
    const std::size_t good = batch.compute(key, rule, values.subspan(begin, count), codes.subspan(begin, count));
    take(batch.macs(), good, [&](std::size_t i) { return begin + batch.place(i); });
    made += good;
  }
  return values.size() - made;
}

}  // namespace pii::engine
