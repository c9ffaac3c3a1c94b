#include "mask/json_index.hpp"

#include <array>

#include "mask/json_index_avx2.hpp"

namespace pii::mask {
namespace {

// One byte at a time: the portable loop, and the reference for the other.
std::size_t build_portable(std::string_view text, std::uint32_t* out) noexcept {
  enum : std::uint8_t { kNone, kStructure, kQuote, kBackslash, kControl };
  static constexpr auto kClasses = [] {
    std::array<std::uint8_t, 256> classes{};
    for (std::size_t c = 0; c < 0x20; ++c) classes[c] = kControl;
    for (char c : {'{', '}', '[', ']', ',', ':'}) classes[static_cast<unsigned char>(c)] = kStructure;
    classes['"'] = kQuote;
    classes['\\'] = kBackslash;
    return classes;
  }();
  std::size_t count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t found = kClasses[static_cast<unsigned char>(text[i])];
    if (found == kNone) continue;
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
  IndexImplementation list[2] = {{"portable", build_portable}};
  std::size_t count = 1;

  Implementations() noexcept {
#if PII_JSON_INDEX_AVX2
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul")) list[count++] = {"avx2", build_index_avx2};
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
    capacity_ = text.size() + text.size() / 2 + 1024;
    positions_ = std::make_unique_for_overwrite<std::uint32_t[]>(capacity_);
  }
  count_ = in_force(text, positions_.get());
  if (count_ != kNoJson) return true;
  count_ = 0;
  return false;
}

}  // namespace pii::mask
