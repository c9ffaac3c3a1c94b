#include "detect/domain.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "detect/characters.hpp"

namespace pii::detect {
namespace {

constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxDomain = 253;

std::size_t label_end(std::string_view text, std::size_t i) noexcept {
  const std::size_t limit = std::min(text.size(), i + kMaxLabel + 1);
  while (i < limit) {
    const char c = text[i];
    if (is_class(c, kHigh)) {
      const auto [code_point, size] = base::decode_utf8(text, i);
      if (code_point == base::kInvalidCodePoint || !is_name_code_point(code_point)) break;
      i += size;
    } else if (is_alnum(c) || c == '-') {
      ++i;
    } else {
      break;
    }
  }
  return i;
}

bool is_top_level(std::string_view label) noexcept {
  if (label.size() > 4 && equals_folded(label.substr(0, 4), "xn--")) {
    return label.back() != '-' &&
           std::all_of(label.begin() + 4, label.end(), [](char c) { return is_alnum(c) || c == '-'; });
  }
  return label.size() >= 2 &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter(c) || is_class(c, kHigh); });
}

// "jo@example.com.Then we": the sentence after it is not part of it.
bool begins_sentence(std::string_view domain, std::string_view label) noexcept {
  return label.size() >= 2 && is_class(label.front(), kUpper) &&
         std::all_of(label.begin() + 1, label.end(), [](char c) { return is_class(c, kLower); }) &&
         std::none_of(domain.begin(), domain.end(), [](char c) { return is_class(c, kUpper); });
}

}  // namespace

std::size_t domain_end(std::string_view text, std::size_t begin, std::string_view& last) noexcept {
  std::size_t best = begin;
  std::size_t labels = 0;
  for (std::size_t i = begin; i - begin <= kMaxDomain; ++labels) {
    const std::size_t end = label_end(text, i);
    if (end == i || end - i > kMaxLabel || text[i] == '-') break;
    const std::string_view label = text.substr(i, end - i);
    if (labels > 0) {
      if (best != begin && begins_sentence(text.substr(begin, i - begin), label)) break;
      const std::string_view cut = is_top_level(label) ? label : label.substr(0, label.find('-'));
      if (is_top_level(cut)) {
        last = cut;
        best = i + cut.size();
      }
    }
    if (end >= text.size() || text[end] != '.') break;
    i = end + 1;
  }
  return best;
}

}  // namespace pii::detect
