#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace pii::mask {

/// A short value that the detectors looked at and found nothing in the last time: the next event often has the same.
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
  void set(std::string_view value) noexcept {
    if (value.size() > kLongest) return;
    std::memcpy(bytes_, value.data(), value.size());
    size_ = static_cast<std::uint8_t>(value.size());
  }

 private:
  std::uint8_t size_ = 0;  // nothing yet: empty values are not asked about
  char bytes_[kLongest] = {};
};

}  // namespace pii::mask
