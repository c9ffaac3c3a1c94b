#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace pii::log {

/// The first and the last bytes of a text, which may be the same ones: texts of one size, of 16 bytes at most, are equal if these are.
struct TextEnds {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;

  TextEnds() = default;
  explicit TextEnds(std::string_view text) noexcept {
    const std::size_t size = text.size();
    const char* const at = text.data();
    if (size >= 8) {
      std::memcpy(&head, at, 8);
      std::memcpy(&tail, at + size - 8, 8);
    } else if (size >= 4) {
      std::uint32_t first, last;
      std::memcpy(&first, at, 4);
      std::memcpy(&last, at + size - 4, 4);
      head = first;
      tail = last;
    } else if (size > 0) {
      const auto byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
      head = byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
    }
  }
  friend bool operator==(const TextEnds& a, const TextEnds& b) noexcept { return ((a.head ^ b.head) | (a.tail ^ b.tail)) == 0; }
};

/// A text of its own, to be compared with others: most are a few bytes, not worth a call.
class KnownText {
 public:
  KnownText() = default;
  explicit KnownText(std::string_view text) : ends_(text), text_(text) {}

  bool is(std::string_view text) const noexcept {
    return text.size() == text_.size() && ends_ == TextEnds(text) && (text.size() <= 16 || is_longer(text));
  }

 private:
  bool is_longer(std::string_view text) const noexcept {
    if (text.size() > 32) return std::memcmp(text.data(), text_.data(), text.size()) == 0;
    // What is between the ends.
    std::uint64_t mine[2], others[2];
    std::memcpy(&mine[0], text_.data() + 8, 8);
    std::memcpy(&mine[1], text_.data() + text_.size() - 16, 8);
    std::memcpy(&others[0], text.data() + 8, 8);
    std::memcpy(&others[1], text.data() + text.size() - 16, 8);
    return ((mine[0] ^ others[0]) | (mine[1] ^ others[1])) == 0;
  }

  TextEnds ends_;
  std::string text_;
};

}  // namespace pii::log
