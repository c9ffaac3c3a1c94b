#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mask/ecsctx_words.hpp"

// A text as the phone pattern sees it.
namespace pii::mask::ecsctx {

enum class PhoneUnit : std::uint8_t { other, word, digit, separator, open, close, plus, not_ascii };

inline constexpr auto kPhoneUnits = [] {
  std::array<PhoneUnit, 256> units{};
  for (std::size_t c = 0; c < 256; ++c) units[c] = c < 128 ? PhoneUnit::other : PhoneUnit::not_ascii;
  for (std::size_t c = 0; c < 128; ++c) {
    if (kAsciiWord[c]) units[c] = PhoneUnit::word;
  }
  for (std::size_t c = '0'; c <= '9'; ++c) units[c] = PhoneUnit::digit;
  for (std::size_t c = 0x09; c <= 0x0D; ++c) units[c] = PhoneUnit::separator;
  for (std::size_t c = 0x1C; c <= 0x20; ++c) units[c] = PhoneUnit::separator;
  units['-'] = units['.'] = PhoneUnit::separator;
  units['('] = PhoneUnit::open;
  units[')'] = PhoneUnit::close;
  units['+'] = PhoneUnit::plus;
  return units;
}();

/// Reads a text unit by unit. Offsets lie between characters.
class PhoneText {
 public:
  static constexpr std::size_t kNone = std::string_view::npos;

  explicit PhoneText(std::string_view text) noexcept : text_(text) {}

  std::size_t size() const noexcept { return text_.size(); }
  std::string_view text() const noexcept { return text_; }

  struct Read {
    PhoneUnit unit;
    std::size_t size;
  };
  Read at(std::size_t offset) const noexcept {
    const PhoneUnit unit = kPhoneUnits[static_cast<unsigned char>(text_[offset])];
    return unit == PhoneUnit::not_ascii ? decode(offset) : Read{unit, 1};
  }
  bool is(std::size_t offset, PhoneUnit unit) const noexcept {
    return offset < text_.size() && at(offset).unit == unit;
  }
  /// The unit before `offset` and where it begins; `other` before the beginning.
  Read before(std::size_t offset) const noexcept {
    if (offset == 0) return {PhoneUnit::other, 0};
    const std::size_t begin = previous_character(text_, offset);
    return {at(begin).unit, offset - begin};
  }

  /// Behind exactly `count` digits, or kNone.
  std::size_t skip_digits(std::size_t offset, int count) const noexcept {
    for (; count > 0; --count) {
      if (offset >= text_.size()) return kNone;
      const Read read = at(offset);
      if (read.unit != PhoneUnit::digit) return kNone;
      offset += read.size;
    }
    return offset;
  }
  /// Behind one such unit if there is one.
  std::size_t skip_optional(std::size_t offset, PhoneUnit unit) const noexcept {
    if (offset >= text_.size()) return offset;
    const Read read = at(offset);
    return read.unit == unit ? offset + read.size : offset;
  }
  /// Whether a digit that ends here ends a word.
  bool ends_word(std::size_t offset) const noexcept {
    if (offset >= text_.size()) return true;
    return !is_word(at(offset).unit);
  }
  static bool is_word(PhoneUnit unit) noexcept { return unit == PhoneUnit::word || unit == PhoneUnit::digit; }

 private:
  Read decode(std::size_t offset) const noexcept {
    using unicode::Properties;
    const auto [code_point, size] = base::decode_utf8(text_, offset);
    if (code_point == base::kInvalidCodePoint) return {PhoneUnit::other, size};
    const Properties& properties = unicode::properties_of(code_point);
    if (properties.has(Properties::kDigit)) return {PhoneUnit::digit, size};
    if (properties.has(Properties::kSpace)) return {PhoneUnit::separator, size};
    return {properties.has(Properties::kWord) ? PhoneUnit::word : PhoneUnit::other, size};
  }

  std::string_view text_;
};

}  // namespace pii::mask::ecsctx
