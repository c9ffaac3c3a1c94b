#include "mask/json_index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>

#include "base/once.hpp"
#include "detect/announcing.hpp"
#include "mask/json_index_vector.hpp"
#include "mask/load_bytes.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

enum Class : std::uint8_t { kStructure = 1, kQuote = 2, kBackslash = 4, kControl = 8 };
constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < 0x20; ++c) classes[c] = kControl;
  for (const char c : std::string_view("{}[],:")) classes[static_cast<unsigned char>(c)] = kStructure;
  classes['"'] = kQuote;
  classes['\\'] = kBackslash;
  return classes;
}();

unsigned class_of(char c) noexcept { return kClasses[static_cast<unsigned char>(c)]; }

// What a string has in it. Of the sequences that tell there is a bit for each byte, the first byte's the lowest: it is set while what was
// read last is the sequence up to there (shift and), and the last one tells.
enum Content : std::uint32_t {
  kAnnounced = 0,    // how a word before a secret ends, and a blank or a bracket
  kTwoDashes = 6,
  kLongRun = 8,
  kSequencesEnd = 24,
  kTold = 1U << 5 | 1U << 7 | 1U << 23,
  kTelling = 1U << 24,
  kAt = 1U << 25,
  kDigit = 1U << 26,
  kDot = 1U << 27,
  kMark = 1U << 28,  // what outputs of the masker have
  kTellsEcsctx = 1U << 29,
};
// Before a string: a blank or a bracket tells as its first byte.
constexpr std::uint32_t kBeforeString = 1U << 4;
// What goes on whatever was read before.
constexpr std::uint32_t kBegins = 1U << kAnnounced | 1U << kTwoDashes | 1U << kLongRun | ~std::uint32_t{0} << kSequencesEnd;

constexpr auto kContents = [] {
  std::array<std::uint32_t, 256> contents{};
  const auto add = [&](std::string_view characters, std::uint32_t of) {
    for (const char c : characters) contents[static_cast<unsigned char>(c)] |= of;
  };
  constexpr std::string_view kWord = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_\x7f-";
  const std::string_view ends[] = {detect::kAnnouncingFifth, detect::kAnnouncingFourth, detect::kAnnouncingThird, kWord, detect::kAnnouncingLast, " {["};
  for (unsigned i = 0; i < std::size(ends); ++i) add(ends[i], 1U << (kAnnounced + i));
  add("-", 3U << kTwoDashes);
  add(kWord, 0xFFFFU << kLongRun);
  for (std::size_t c = 0x80; c < 0x100; ++c) contents[c] = kTelling | kTellsEcsctx;
  add(":=%&\\", kTelling);
  add("@\\", kTellsEcsctx);
  add("@", kAt);
  add("0123456789", kDigit);
  add(".", kDot);
  add("[*", kMark);
  return contents;
}();

std::uint32_t contents_of(std::string_view string) noexcept {
  std::uint32_t now = kBeforeString, seen = 0;
  for (const char c : string) {
    now = (now << 1 | kBegins) & kContents[static_cast<unsigned char>(c)];
    seen |= now;
  }
  return seen;
}

// A bit for each of the eight bytes at `at` that is a digit, and for each that is a dot.
struct Eight {
  std::uint64_t digits, dots;
};
Eight classify_eight(const char* at) noexcept {
  if constexpr (std::endian::native == std::endian::big) {
    Eight bits{};
    for (unsigned i = 0; i < 8; ++i) {
      bits.digits |= std::uint64_t{is_digit(at[i])} << i;
      bits.dots |= std::uint64_t{at[i] == '.'} << i;
    }
    return bits;
  }
  const std::uint64_t bytes = load_bytes(at, 8);
  return {digit_bits(bytes), bits_of('.', bytes)};
}

void fill_bits(std::string_view text, Reader reader, std::span<const std::uint32_t> positions, const BlockBits& bits) noexcept {
  const bool ecsctx = reader == Reader::ecsctx;
  for (std::size_t at = 0; at < text.size(); at += 64) {
    const std::string_view block = text.substr(at, 64);
    Eight known = {};
    for (std::size_t i = 0; i < block.size(); i += 8) {
      char rest[8] = {};
      const bool whole = block.size() - i >= 8;
      if (!whole) block.substr(i).copy(rest, sizeof rest);
      const Eight eight = classify_eight(whole ? block.data() + i : rest);
      known.digits |= eight.digits << i;
      if (!ecsctx) known.dots |= eight.dots << i;
    }
    bits.digits[at / 64] = known.digits;
    bits.dots[at / 64] = known.dots;
    bits.telling[at / 64] = bits.counted[at / 64] = 0;
  }
  const auto set = [](std::uint64_t* words, std::size_t at, bool value) { words[at / 64] |= std::uint64_t{value} << (at % 64); };
  for (std::size_t k = 0; k < positions.size(); ++k) {
    if (text[positions[k]] != '"') continue;
    const std::size_t begin = positions[k] + 1, end = positions[++k];
    const std::string_view string = text.substr(begin, end - begin);
    const std::uint32_t contents = contents_of(string);
    const auto has = [contents](std::uint32_t any) { return (contents & any) != 0; };
    set(bits.telling, end, has(ecsctx ? kTellsEcsctx : kTold | kTelling | kAt));
    set(bits.counted, end, has(ecsctx ? kDigit : kDigit | kDot));
    set(bits.digits, end, !ecsctx && has(kTold | kTelling | kMark));
  }
}

// One byte at a time: the portable loop, and the reference for the others.
std::size_t build_portable(std::string_view text, Reader reader, std::uint32_t* out, const BlockBits& bits) noexcept {
  std::size_t count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned found = class_of(text[i]);
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

// The words in which bits of [begin, end) lie, those bits alone: each() says whether to go on.
template <typename Each>
bool for_each_word(std::uint32_t begin, std::uint32_t end, Each each) noexcept {
  const std::uint32_t last = end / 64;
  std::uint64_t inside = ~std::uint64_t{0} << (begin % 64);
  for (std::uint32_t at = begin / 64; at < last; ++at, inside = ~std::uint64_t{0}) {
    if (!each(at, inside)) return false;
  }
  return each(last, inside & ~(~std::uint64_t{0} << (end % 64)));
}

TextCounts count_portable(const BlockBits& bits, std::uint32_t begin, std::uint32_t end) noexcept {
  TextCounts count{};
  for_each_word(begin, end, [&](std::uint32_t at, std::uint64_t inside) {
    count.digits += count_of(bits.digits[at] & inside);
    count.dots += count_of(bits.dots[at] & inside);
    return true;
  });
  return count;
}

struct Implementations {
  IndexImplementation list[3] = {{"portable", build_portable, count_portable}};
  std::size_t count = 1;

  Implementations() noexcept {
#if PII_JSON_INDEX_VECTOR
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("popcnt")) {
      list[count++] = {"avx2", build_index_avx2, count_text_popcnt};
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("gfni") && __builtin_cpu_supports("vpclmulqdq")) {
        list[count++] = {"avx512", build_index_avx512, count_text_popcnt};
      }
    }
#endif
  }
};

const IndexImplementation& in_force() noexcept {
  static constinit base::Once<const IndexImplementation*> chosen;
  return *chosen.get([] { return &index_implementations().back(); });
}

}  // namespace

std::span<const IndexImplementation> index_implementations() noexcept {
  static const Implementations implementations;
  return {implementations.list, implementations.count};
}

bool JsonIndex::build(std::string_view text, Reader reader) {
  if (capacity_ < text.size() + 64) {
    constexpr std::size_t kGroup = 8, kLine = 64;
    const std::size_t capacity = text.size() + text.size() / 2 + 1024;
    const std::size_t blocks = (capacity / 64 + 2 + kGroup - 1) / kGroup * kGroup;
    auto positions = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
    words_ = std::make_unique<std::uint64_t[]>(4 * blocks + kLine / sizeof(std::uint64_t));
    positions_ = std::move(positions);
    std::uint64_t* const at = words_.get() + (kLine - reinterpret_cast<std::uintptr_t>(words_.get()) % kLine) / sizeof(std::uint64_t);
    bits_ = {at, at + blocks, at + 2 * blocks, at + 3 * blocks};
    capacity_ = capacity;  // last: an allocation that throws leaves the room there was
  }
  count_ = in_force().build(text, reader, positions_.get(), bits_);
  const bool json = count_ != kNoJson;
  if (!json) count_ = 0;
  constexpr std::size_t kZeros = 4;
  std::fill_n(positions_.get() + count_, kZeros, 0U);
  return json;
}

detect::LeafClass JsonIndex::Strings::simple_class(std::uint32_t begin, std::uint32_t end) const noexcept {
  using detect::LeafClass;
  constexpr std::size_t kDigits = 6, kDots = 3;  // that tell
  std::uint32_t bits = LeafClass::space;
  if (is_set(bits_.telling, end)) bits |= LeafClass::at;
  if (!is_set(bits_.counted, end)) return {bits, 0};
  const auto [digits, dots] = in_force().count(bits_, begin, end);
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
    const std::uint32_t block = begin / 64;
    const unsigned from = begin % 64;
    const std::uint64_t inside = ~std::uint64_t{0} >> (64 - (end - begin));
    const auto bits = [&](const std::uint64_t* of) { return (of[block] >> from | of[block + 1] << 1 << (63 - from)) & inside; };
    return (without(bits(bits_.digits), kFewDigits) | without(bits(bits_.dots), kFewDots)) == 0;
  }
  int digits = kFewDigits, dots = kFewDots;  // so many are left
  return for_each_word(begin, end, [&](std::uint32_t at, std::uint64_t inside) {
    for (std::uint64_t left = bits_.digits[at] & inside; left != 0; left &= left - 1) {
      if (--digits < 0) return false;
    }
    for (std::uint64_t left = bits_.dots[at] & inside; left != 0; left &= left - 1) {
      if (--dots < 0) return false;
    }
    return true;
  });
}

}  // namespace pii::mask
