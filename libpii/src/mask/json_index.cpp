#include "mask/json_index.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "base/once.hpp"
#include "detect/announcing.hpp"
#include "mask/json_index_vector.hpp"
#include "mask/load_bytes.hpp"
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
  kDash = 16384,
  kSpace = 32768,
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
  add("-", kDash);
  add(" ", kSpace);
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

// What a string has in it.
struct Contents {
  std::uint16_t classes = 0;
  bool more = false;  // it tells, `@`, digits and dots left out
};

bool has_long_run(std::string_view string) noexcept {
  constexpr std::size_t kRun = 16;
  const auto is_word = [string](std::size_t i) { return (class_of(string[i]) & kWord) != 0; };
  // In a run of so many every sixteenth byte lies.
  for (std::size_t hit = kRun - 1; hit < string.size(); hit += kRun) {
    if (!is_word(hit)) continue;
    std::size_t begin = hit, end = hit + 1;
    while (begin > 0 && is_word(begin - 1)) --begin;
    while (end < string.size() && end - begin < kRun && is_word(end)) ++end;
    if (end - begin >= kRun) return true;
  }
  return false;
}

// A blank behind the end of a word that announces a secret.
bool announces(std::string_view string) noexcept {
  for (std::size_t i = string.find(' ', std::min<std::size_t>(string.size(), 3)); i != std::string_view::npos; i = string.find(' ', i + 1)) {
    if ((class_of(string[i - 1]) & kLast) != 0 && (class_of(string[i - 2]) & kSecond) != 0 && (class_of(string[i - 3]) & kThird) != 0) return true;
  }
  return false;
}

Contents contents_of(std::string_view string) noexcept {
  unsigned seen = 0;
  for (const char byte : string) seen |= class_of(byte);
  const auto has = [seen](unsigned all) { return (seen & all) == all; };
  const bool more = has(kTelling) || (!string.empty() && (class_of(string.front()) & kOpening) != 0) || has_long_run(string) ||
                    (has(kSpace | kLast | kSecond | kThird) && announces(string)) || (has(kDash) && string.find("--") != std::string_view::npos);
  return {static_cast<std::uint16_t>(seen), more};
}

// For ecsctx, which asks for less.
bool tells_ecsctx(std::string_view string, std::uint16_t& classes) noexcept {
  unsigned seen = 0, bytes = 0;
  for (const char byte : string) {
    seen |= class_of(byte);
    bytes |= static_cast<unsigned char>(byte);
  }
  classes = static_cast<std::uint16_t>(seen);
  return (seen & (kAt | kBackslash)) != 0 || bytes >= 0x80;
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

void fill_bits(std::string_view text, Reader reader, std::span<const std::uint32_t> positions, BlockBits* bits) noexcept {
  const bool ecsctx = reader == Reader::ecsctx;
  for (std::size_t at = 0; at < text.size(); at += 64) {
    const std::string_view block = text.substr(at, 64);
    BlockBits known = {};
    for (std::size_t i = 0; i < block.size(); i += 8) {
      char rest[8] = {};
      const bool whole = block.size() - i >= 8;
      if (!whole) block.substr(i).copy(rest, sizeof rest);
      const Eight eight = classify_eight(whole ? block.data() + i : rest);
      known.digits |= eight.digits << i;
      if (!ecsctx) known.dots |= eight.dots << i;
    }
    bits[at / 64] = known;
  }
  const auto set = [bits](std::uint64_t BlockBits::*which, std::size_t at, bool value) {
    bits[at / 64].*which |= std::uint64_t{value} << (at % 64);
  };
  for (std::size_t k = 0; k < positions.size(); ++k) {
    if (text[positions[k]] != '"') continue;
    const std::size_t begin = positions[k] + 1, end = positions[++k];
    const std::string_view string = text.substr(begin, end - begin);
    Contents has;
    const bool telling = ecsctx && tells_ecsctx(string, has.classes);
    if (!ecsctx) has = contents_of(string);
    set(&BlockBits::telling, end, telling || has.more || (!ecsctx && (has.classes & kAt) != 0));
    set(&BlockBits::counted, end, (has.classes & (ecsctx ? kDigit : kDigit | kDot)) != 0);
    set(&BlockBits::digits, end, has.more || (!ecsctx && (has.classes & kMark) != 0));
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
