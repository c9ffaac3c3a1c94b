#include "mask/json_index.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "mask/json_index_vector.hpp"

namespace pii::mask {
namespace {

enum Class : std::uint16_t {
  kStructure = 1,
  kQuote = 2,
  kBackslash = 4,
  kControl = 8,
  kTelling = 16,
  kDigit = 32,
  kDot = 64,
  kWord = 128,
  // Letters with which `Bearer `, `Basic `, `Digest `, `ApiKey ` and `Token ` end.
  kThird = 256,
  kSecond = 512,
  kLast = 1024,
};

constexpr auto kClasses = [] {
  std::array<std::uint16_t, 256> classes{};
  const auto add = [&](std::string_view characters, std::uint16_t of) {
    for (const char c : characters) classes[static_cast<unsigned char>(c)] |= of;
  };
  for (std::size_t c = 0; c < 0x20; ++c) classes[c] = kControl;
  for (std::size_t c = 0x80; c < 0x100; ++c) classes[c] = kTelling;
  add("{}[],:", kStructure);
  add("\"", kQuote);
  add("\\", kBackslash);
  add("@:=%&\\", kTelling);
  add("0123456789", kDigit | kWord);
  add(".", kDot);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-", kWord);
  add("rsekRSEK", kThird);
  add("eisEIS", kSecond);
  add("rctynRCTYN", kLast);
  return classes;
}();

std::uint16_t class_of(char c) noexcept { return kClasses[static_cast<unsigned char>(c)]; }

bool is_mark(std::string_view text, std::size_t i) noexcept {
  if (text[i] == '-') return i >= 1 && text[i - 1] == '-';
  if (text[i] != ' ') return (class_of(text[i]) & (kTelling | kDigit | kDot)) != 0;
  return i >= 3 && (class_of(text[i - 1]) & kLast) != 0 && (class_of(text[i - 2]) & kSecond) != 0 &&
         (class_of(text[i - 3]) & kThird) != 0;
}

void fill_bits(std::string_view text, ByteBits* bits) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 64 == 0) bits[i / 64] = {};
    ByteBits& block = bits[i / 64];
    const auto mark = [&](std::uint64_t& which, bool set) { which |= std::uint64_t{set} << (i % 64); };
    mark(block.marks, is_mark(text, i));
    mark(block.digits, (class_of(text[i]) & kDigit) != 0);
    mark(block.dots, text[i] == '.');
    mark(block.words, (class_of(text[i]) & kWord) != 0);
  }
}

// One byte at a time: the portable loop, and the reference for the others.
std::size_t build_portable(std::string_view text, std::uint32_t* out, ByteBits* bits) noexcept {
  fill_bits(text, bits);
  std::size_t count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint16_t found = class_of(text[i]) & (kStructure | kQuote | kBackslash | kControl);
    if (found == 0) continue;
    if (in_string) {
      if (found == kBackslash) {
        ++i;
        if (i < text.size() && static_cast<unsigned char>(text[i]) < 0x20) return kNoJson;
        continue;
      }
      if (found == kControl) return kNoJson;
      if (found != kQuote) continue;
      in_string = false;
    } else {
      if (found == kQuote) in_string = true;
      if (found == kBackslash) return kNoJson;
      if (found == kControl) continue;
    }
    out[count++] = static_cast<std::uint32_t>(i);
  }
  return in_string ? kNoJson : count;
}

struct Implementations {
  IndexImplementation list[3] = {{"portable", build_portable}};
  std::size_t count = 1;

  Implementations() noexcept {
#if PII_JSON_INDEX_VECTOR
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("popcnt")) {
      list[count++] = {"avx2", build_index_avx2};
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")) {
        list[count++] = {"avx512", build_index_avx512};
      }
    }
#endif
  }
};

}  // namespace

std::span<const IndexImplementation> index_implementations() noexcept {
  static const Implementations implementations;
  return {implementations.list, implementations.count};
}

bool JsonIndex::build(std::string_view text) {
  static const auto in_force = index_implementations().back().build;
  if (capacity_ < text.size() + 64) {
    const std::size_t capacity = text.size() + text.size() / 2 + 1024;
    auto positions = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
    bits_ = std::make_unique<ByteBits[]>(capacity / 64 + 2);
    positions_ = std::move(positions);
    capacity_ = capacity;  // last: an allocation that throws leaves the room there was
  }
  count_ = in_force(text, positions_.get(), bits_.get());
  const bool json = count_ != kNoJson;
  if (!json) count_ = 0;
  constexpr std::size_t kZeros = 4;
  std::fill_n(positions_.get() + count_, kZeros, 0U);
  return json;
}

// The few digits and dots of a date or a version do not tell, six and three do.
bool JsonIndex::is_plain_marked(std::uint32_t begin, std::uint32_t size) const noexcept {
  const std::uint64_t digits = bits_of(&ByteBits::digits, begin, size), dots = bits_of(&ByteBits::dots, begin, size);
  return bits_of(&ByteBits::marks, begin, size) == (digits | dots) && !has_six(digits) && without_lowest(without_lowest(dots)) == 0;
}

bool JsonIndex::is_plain_long(std::uint32_t begin, std::uint32_t end) const noexcept {
  int digits = 0, dots = 0;
  std::uint64_t words_before = 0;
  for (std::uint32_t at = begin / 64 * 64; at < end; at += 64) {
    std::uint64_t inside = ~std::uint64_t{0};
    if (at < begin) inside <<= begin - at;
    if (end - at < 64) inside &= ~(~std::uint64_t{0} << (end - at));
    const ByteBits& block = bits_[at / 64];
    if ((block.marks & ~(block.digits | block.dots) & inside) != 0) return false;
    if (((block.digits | block.dots) & inside) != 0) {
      digits += std::popcount(block.digits & inside);
      dots += std::popcount(block.dots & inside);
    }
    const std::uint64_t words = block.words & inside;
    if (digits >= 6 || dots >= 3 || has_sixteen_on_end(words) || has_sixteen_on_end(words << 32 | words_before >> 32)) return false;
    words_before = words;
  }
  return true;
}

}  // namespace pii::mask
