#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/utf8.hpp"
#include "pii/secret.hpp"

namespace pii::unicode {

/// Code points of a value on their way through a rule. Wiped when it grows and when it goes.
class CodePoints {
 public:
  CodePoints() noexcept = default;
  CodePoints(const CodePoints&) = delete;
  CodePoints& operator=(const CodePoints&) = delete;
  ~CodePoints() { wipe(data(), size_ * sizeof(char32_t)); }

  std::size_t size() const noexcept { return size_; }
  char32_t* data() noexcept { return heap_ == nullptr ? inline_ : heap_.get(); }
  const char32_t* data() const noexcept { return heap_ == nullptr ? inline_ : heap_.get(); }
  char32_t& operator[](std::size_t i) noexcept { return data()[i]; }
  char32_t operator[](std::size_t i) const noexcept { return data()[i]; }

  void push(char32_t code_point) {
    if (size_ == capacity_) grow();
    data()[size_++] = code_point;
  }
  void push(std::string_view valid_utf8) {
    for (std::size_t offset = 0; offset < valid_utf8.size();) {
      const auto [code_point, size] = base::decode_valid_utf8(valid_utf8, offset);
      push(code_point);
      offset += size;
    }
  }
  /// Forgets all but the first `size`.
  void truncate(std::size_t size) noexcept {
    wipe(data() + size, (size_ - size) * sizeof(char32_t));
    size_ = size;
  }
  std::size_t utf8_size() const noexcept {
    std::size_t total = 0;
    for (std::size_t i = 0; i < size_; ++i) total += base::utf8_size(data()[i]);
    return total;
  }
  /// Writes utf8_size() bytes.
  void encode(char* out) const noexcept {
    for (std::size_t i = 0; i < size_; ++i) out += base::encode_utf8(data()[i], out);
  }

 private:
  static constexpr std::size_t kInline = 128;

  void grow() {
    auto larger = std::make_unique<char32_t[]>(2 * capacity_);
    std::char_traits<char32_t>::copy(larger.get(), data(), size_);
    wipe(data(), size_ * sizeof(char32_t));
    heap_ = std::move(larger);
    capacity_ *= 2;
  }

  char32_t inline_[kInline];  // the first size_ count
  std::unique_ptr<char32_t[]> heap_;
  std::size_t capacity_ = kInline;
  std::size_t size_ = 0;
};

}  // namespace pii::unicode
