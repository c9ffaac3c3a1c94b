#include "mask/key_form.hpp"

#include <bit>

#include "mask/load_bytes.hpp"

namespace pii::mask {
namespace {

// The bytes whose bits these are.
std::uint64_t bytes_of(std::uint64_t bits) noexcept {
  const std::uint64_t apart = every(bits & 0xFF) & 0x8040201008040201U;
  return (((apart & every(0x7F)) + every(0x7F)) | apart) >> 7 & every(1);
}

constexpr auto kMarks = [] {
  std::array<bool, 256> marks{};
  for (const char c : {':', '[', '*', '/'}) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}();

}  // namespace

bool may_have_output(std::string_view text) noexcept {
  bool found = false;
  for (const char c : text) found |= kMarks[static_cast<unsigned char>(c)];
  return found;
}

KeyForm::KeyForm(std::string_view name, std::size_t longest_number) noexcept {
  if (std::endian::native != std::endian::little || name.size() > kLongest) return;
  size_ = name.size();
  std::uint64_t digits = 0;
  for (std::size_t at = 0; at < size_; at += 8) {
    const std::uint64_t word = load_bytes(name.data() + at, size_ - at < 8 ? size_ - at : 8);
    words_[at / 8] = word;
    digits |= digit_bits(word) << at;
  }
  // Those of which so many and one more stand on end.
  std::uint64_t begins = digits, numbers = 0;
  for (std::size_t i = 0; i < longest_number && begins != 0; ++i) begins &= digits >> (i + 1);
  for (; begins != 0; begins &= ~numbers) {
    const int begin = std::countr_zero(begins), size = std::countr_one(digits >> begin);
    numbers |= ((std::uint64_t{1} << size) - 1) << begin;
  }
  for (std::size_t at = 0; numbers != 0; ++at, numbers >>= 8) words_[at] &= ~(bytes_of(numbers) * 0x0F);
}

}  // namespace pii::mask
