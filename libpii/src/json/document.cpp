#include "json/document.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "json/string_text.hpp"

namespace pii::json {

bool Node::equals(std::string_view utf8) const noexcept {
  if (!escaped()) return raw() == utf8;
  StringReader reader(raw());
  char encoded[4];
  std::size_t at = 0;
  while (!reader.done()) {
    const std::string_view next(encoded, base::encode_utf8(reader.next(), encoded));
    if (utf8.substr(at, next.size()) != next) return false;
    at += next.size();
  }
  return at == utf8.size();
}

std::size_t Node::unescape(char* out) const noexcept {
  if (!escaped()) return raw().copy(out, raw().size());
  StringReader reader(raw());
  std::size_t size = 0;
  while (!reader.done()) size += base::encode_utf8(reader.next(), out + size);
  return size;
}

std::optional<Node> Node::find(std::string_view name) const noexcept {
  for (const Member member : members()) {
    if (member.name.equals(name)) return member.value;
  }
  return std::nullopt;
}

std::optional<std::size_t> Document::find_duplicate_name() const {
  std::optional<std::size_t> first;
  std::vector<Node> names;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].kind != Kind::object) continue;
    names.clear();
    for (const Member member : Node(*this, i).members()) names.push_back(member.name);
    // Sorted, so that a hostile object costs n log n and not n squared.
    std::sort(names.begin(), names.end(), [](const Node& a, const Node& b) {
      const int order = compare_utf16(a.raw(), b.raw());
      return order != 0 ? order < 0 : a.begin() < b.begin();
    });
    for (std::size_t k = 1; k < names.size(); ++k) {
      if (compare_utf16(names[k - 1].raw(), names[k].raw()) != 0) continue;
      first = std::min(first.value_or(names[k].begin()), names[k].begin());
    }
  }
  return first;
}

}  // namespace pii::json
