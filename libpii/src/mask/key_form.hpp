#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mask/entry.hpp"

namespace pii::mask {

/// Whether an output of the masker may stand in `text`: each has one of `: [ * /`.
bool may_have_output(std::string_view text) noexcept;

/// What decides of a short key: itself, but that a number of more digits than any phrase or path has is like every other of its size.
/// Keys of one form are decided alike in the same object, unless an output may stand in them. Long keys have none.
class KeyForm {
 public:
  static constexpr std::size_t kLongest = 40;

  KeyForm() = default;
  /// `name` is unescaped; `longest_number`: how many digits a number may have that says something.
  KeyForm(std::string_view name, std::size_t longest_number) noexcept;

  bool known() const noexcept { return size_ != 0; }
  bool operator==(const KeyForm& other) const noexcept {
    if (size_ != other.size_) return false;
    for (std::size_t i = 0; i * 8 < size_; ++i) {
      if (words_[i] != other.words_[i]) return false;
    }
    return true;
  }
  std::size_t hash(const Place* place) const noexcept {
    constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = fold_product(words_[0] ^ hash_seed(), words_[1] ^ reinterpret_cast<std::uintptr_t>(place) * kFactor ^ size_);
    if (size_ > 16) mixed = fold_product(mixed ^ words_[2], words_[3] ^ kFactor) ^ fold_product(mixed ^ words_[4], kFactor);
    return static_cast<std::size_t>(mixed);
  }

 private:
  std::array<std::uint64_t, kLongest / 8> words_{};
  std::size_t size_ = 0;  // 0: no form
};

}  // namespace pii::mask
