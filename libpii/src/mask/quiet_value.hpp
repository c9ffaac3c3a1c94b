#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace pii::mask {

/// A short value in which nothing was found the last time: the next event often has the same.
class QuietValue {
 public:
  static constexpr std::size_t kLongest = 62;
  /// `value` is not empty.
  bool is(std::string_view value) const noexcept {
    if (value.size() != size_) return false;
    if (size_ < 8 || size_ > 16) return std::memcmp(value.data(), bytes_, size_) == 0;
    std::uint64_t head, tail, own_head, own_tail;
    std::memcpy(&head, value.data(), 8);
    std::memcpy(&tail, value.data() + size_ - 8, 8);
    std::memcpy(&own_head, bytes_, 8);
    std::memcpy(&own_tail, bytes_ + size_ - 8, 8);
    return head == own_head && tail == own_tail;
  }
  /// `scanned`: the detectors have looked at it; else it has nothing that they look for.
  void set(std::string_view value, bool scanned) noexcept {
    if (value.size() > kLongest) return;
    std::memcpy(bytes_, value.data(), value.size());
    size_ = static_cast<std::uint8_t>(value.size());
    scanned_ = scanned;
  }
  bool scanned() const noexcept { return scanned_; }

 private:
  std::uint8_t size_ = 0;  // nothing yet: empty values are not asked about
  bool scanned_ = false;
  char bytes_[kLongest];
};

}  // namespace pii::mask
