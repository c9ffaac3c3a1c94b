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
  return label.size() >= 2 && !equals_folded(label, "xn") &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter(c) || is_class(c, kHigh); });
}

// What of a label is a top-level domain: all of it, "com" of "com-x", "xn--p1ai" of "xn--p1ai-"; empty: nothing.
// `part`: not all of it.
std::string_view top_level_of(std::string_view label, bool part) noexcept {
  for (; part || !is_top_level(label); part = false) {
    const std::size_t hyphen = label.rfind('-');
    if (hyphen == std::string_view::npos) return {};
    label = label.substr(0, hyphen);
  }
  return label;
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
    if (end == i || text[i] == '-') break;
    const std::string_view label = text.substr(i, end - i);
    if (labels > 0) {
      const std::string_view cut = top_level_of(label, end - i > kMaxLabel || (end < text.size() && is_word(text[end])));
      const std::size_t behind = i + cut.size();
      const bool sentence = best != begin && begins_sentence(text.substr(begin, i - begin), cut);
      if (sentence && behind == end) break;
      if (!cut.empty() && !sentence && behind - begin <= kMaxDomain) {
        last = cut;
        best = behind;
      }
    }
    if (end >= text.size() || text[end] != '.' || end - i > kMaxLabel) break;
    i = end + 1;
  }
  return best;
}

}  // namespace pii::detect
