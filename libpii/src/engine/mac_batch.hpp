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

  /// MAC i, crypto::kMacSize bytes; they lie one behind the other.
  const std::byte* mac(std::size_t i) const noexcept { return macs_.data() + i * crypto::kMacSize; }
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

/// Makes the MACs of all values in groups and calls take(batch, index of the group's first value, MACs made) for each.
/// Returns how many values have none.
template <class Take>
std::size_t for_each_mac_group(const crypto::HmacState& key, Normalization rule, std::span<const std::string_view> values,
                               std::span<ErrorCode> codes, Take take) {
  const base::ClearTraces<crypto::kHmacBatchStack> traces;
  MacBatch batch;
  std::size_t made = 0;
  for (std::size_t begin = 0; begin < values.size(); begin += MacBatch::kSize) {
    const std::size_t count = std::min(MacBatch::kSize, values.size() - begin);
    const std::size_t good = batch.compute(key, rule, values.subspan(begin, count), codes.subspan(begin, count));
    take(batch, begin, good);
    made += good;
  }
  return values.size() - made;
}

}  // namespace pii::engine
