#include "mask/json_index.hpp"

#include <algorithm>
#include <array>

#include "base/once.hpp"
#include "detect/announcing.hpp"
#include "mask/json_index_vector.hpp"
#include "mask/text.hpp"

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
  kOpening = 2048,  // what a JSON text in a string begins with
  kAt = 4096,
  kMark = 8192,  // what outputs of the masker have
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
  add(":=%&\\", kTelling);
  add("@", kAt);
  add("[*", kMark);
  add("0123456789", kDigit | kWord);
  add(".", kDot);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-", kWord);
  add(detect::kAnnouncingThird, kThird);
  add(detect::kAnnouncingSecond, kSecond);
  add(detect::kAnnouncingLast, kLast);
  add("{[ ", kOpening);
  return classes;
}();

std::uint16_t class_of(char c) noexcept { return kClasses[static_cast<unsigned char>(c)]; }

// Whether the string [begin, end) tells, `@`, digits and dots left out.
bool tells_by_more(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  constexpr std::size_t kRun = 16;
  std::size_t run = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const auto is = [&](std::size_t back, Class of) { return i >= begin + back && (class_of(text[i - back]) & of) != 0; };
    run = is(0, kWord) ? run + 1 : 0;
    if (is(0, kTelling) || run >= kRun) return true;
    if (text[i] == '-' && i > begin && text[i - 1] == '-') return true;
    if (text[i] == ' ' && is(1, kLast) && is(2, kSecond) && is(3, kThird)) return true;
  }
  return begin < end && (class_of(text[begin]) & kOpening) != 0;
}

void fill_bits(std::string_view text, Reader reader, std::span<const std::uint32_t> positions, BlockBits* bits) noexcept {
  const bool ecsctx = reader == Reader::ecsctx;
  const std::uint16_t counted = ecsctx ? kDigit : kDigit | kDot;
  const auto tells_ecsctx = [](char c) { return c == '@' || c == '\\' || is_beyond_ascii(c); };
  const auto has = [text](std::size_t begin, std::size_t end, std::uint16_t of) {
    return std::any_of(text.begin() + begin, text.begin() + end, [of](char c) { return (class_of(c) & of) != 0; });
  };
  const auto set = [bits](std::uint64_t BlockBits::*which, std::size_t at, bool value) {
    bits[at / 64].*which |= std::uint64_t{value} << (at % 64);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 64 == 0) bits[i / 64] = {};
    set(&BlockBits::digits, i, (class_of(text[i]) & kDigit) != 0);
    set(&BlockBits::dots, i, !ecsctx && text[i] == '.');
  }
  for (std::size_t k = 0; k < positions.size(); ++k) {
    if (text[positions[k]] != '"') continue;
    const std::size_t begin = positions[k] + 1, end = positions[++k];
    const bool more = !ecsctx && tells_by_more(text, begin, end);
    set(&BlockBits::telling, end, ecsctx ? std::any_of(text.begin() + begin, text.begin() + end, tells_ecsctx) : more || has(begin, end, kAt));
    set(&BlockBits::counted, end, has(begin, end, counted));
    set(&BlockBits::digits, end, more || (!ecsctx && has(begin, end, kMark)));
  }
}

// One byte at a time: the portable loop, and the reference for the others.
std::size_t build_portable(std::string_view text, Reader reader, std::uint32_t* out, BlockBits* bits) noexcept {
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
  if (in_string) return kNoJson;
  fill_bits(text, reader, {out, count}, bits);
  return count;
}

// std::popcount() is a call where the processor's instruction cannot be taken for granted.
std::size_t count_of(std::uint64_t bits) noexcept {
  if (bits == 0) return 0;
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  return ((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0F) * 0x0101010101010101 >> 56;
}

struct Implementations {
  IndexImplementation list[3] = {{"portable", build_portable}};
  std::size_t count = 1;

  Implementations() noexcept {
#if PII_JSON_INDEX_VECTOR
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("popcnt")) {
      list[count++] = {"avx2", build_index_avx2};
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("gfni") && __builtin_cpu_supports("vpclmulqdq")) {
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

bool JsonIndex::build(std::string_view text, Reader reader) {
  static constinit base::Once<decltype(IndexImplementation::build)> chosen;
  const auto in_force = chosen.get([] { return index_implementations().back().build; });
  if (capacity_ < text.size() + 64) {
    const std::size_t capacity = text.size() + text.size() / 2 + 1024;
    auto positions = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
    bits_ = std::make_unique<BlockBits[]>(capacity / 64 + 2);
    positions_ = std::move(positions);
    capacity_ = capacity;  // last: an allocation that throws leaves the room there was
  }
  count_ = in_force(text, reader, positions_.get(), bits_.get());
  const bool json = count_ != kNoJson;
  if (!json) count_ = 0;
  constexpr std::size_t kZeros = 4;
  std::fill_n(positions_.get() + count_, kZeros, 0U);
  return json;
}

detect::LeafClass JsonIndex::Strings::simple_class(std::uint32_t begin, std::uint32_t end) const noexcept {
  using detect::LeafClass;
  constexpr std::size_t kDigits = 6, kDots = 3;  // that tell
  const BlockBits& last = bits_[end / 64];
  std::uint32_t bits = LeafClass::space;
  if ((last.telling >> (end % 64) & 1) != 0) bits |= LeafClass::at;
  if ((last.counted >> (end % 64) & 1) == 0) return {bits, 0};
  std::size_t digits = 0, dots = 0;
  for (std::uint32_t at = begin / 64 * 64; at < end; at += 64) {
    std::uint64_t inside = ~std::uint64_t{0};
    if (at < begin) inside <<= begin - at;
    if (end - at < 64) inside &= ~(~std::uint64_t{0} << (end - at));
    const BlockBits& block = bits_[at / 64];
    digits += count_of(block.digits & inside);
    dots += count_of(block.dots & inside);
  }
  if (digits >= kDigits) bits |= LeafClass::digits;
  if (dots > 0) bits |= LeafClass::dot;
  if (dots >= kDots) bits |= LeafClass::dots;
  return {bits, digits};
}

bool JsonIndex::Strings::has_few_digits(std::uint32_t begin, std::uint32_t end) const noexcept {
  const auto without = [](std::uint64_t bits, int count) {
    for (int i = 0; i < count; ++i) bits &= bits - 1;
    return bits;
  };
  if (end - begin <= 64) {
    // It lies in two blocks at most.
    const BlockBits* const block = bits_ + begin / 64;
    const unsigned from = begin % 64;
    const std::uint64_t inside = ~std::uint64_t{0} >> (64 - (end - begin));
    const auto bits = [&](std::uint64_t BlockBits::*of) { return (block->*of >> from | block[1].*of << 1 << (63 - from)) & inside; };
    return (without(bits(&BlockBits::digits), kFewDigits) | without(bits(&BlockBits::dots), kFewDots)) == 0;
  }
  int digits = kFewDigits, dots = kFewDots;  // so many are left
  for (std::uint32_t at = begin / 64 * 64; at < end; at += 64) {
    std::uint64_t inside = ~std::uint64_t{0};
    if (at < begin) inside <<= begin - at;
    if (end - at < 64) inside &= ~(~std::uint64_t{0} << (end - at));
    const BlockBits& block = bits_[at / 64];
    for (std::uint64_t left = block.digits & inside; left != 0; left &= left - 1) {
      if (--digits < 0) return false;
    }
    for (std::uint64_t left = block.dots & inside; left != 0; left &= left - 1) {
      if (--dots < 0) return false;
    }
  }
  return true;
}

}  // namespace pii::mask
