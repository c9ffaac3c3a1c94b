#include "mask/names.hpp"

#include <algorithm>

#include "mask/text.hpp"

namespace pii::mask {
namespace {

bool same_letters(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

}  // namespace

std::size_t Names::bucket_of(std::string_view text) noexcept {
  std::uint32_t mixed = 0;
  for (std::size_t i = 0; i < 4; ++i) mixed = mixed * 131 + static_cast<unsigned char>(to_lower(text[i]));
  return (mixed ^ (mixed >> 8) ^ (mixed >> 16)) % kBuckets;
}

void Names::shrink(std::size_t size) {
  while (names_.size() > size) {
    --buckets_[bucket_of(names_.back())];
    names_.pop_back();
  }
}

void Names::add(std::string_view name) {
  name = trim(name);
  if (names_.size() == kMost || name.size() > kLongest) return;
  std::size_t letters = 0;
  bool several = false, capital = false;
  for (const char c : name) {
    letters += is_letter(c) || (static_cast<unsigned char>(c) >= 0xC0);  // the first byte of a code point beyond ASCII
    several |= c == ' ';
    capital |= is_beyond_ascii(c) || (c >= 'A' && c <= 'Z');
  }
  if (letters < 5 || name.size() < 5 || (!several && !capital)) return;
  std::size_t alike = 0;
  for (const std::string_view other : names_) {
    if (same_letters(other, name)) return;
    alike += same_letters(other.substr(0, 4), name.substr(0, 4));
  }
  if (alike == kMostAlike) return;  // the search stays linear
  ++buckets_[bucket_of(name)];
  names_.push_back(name);
  shortest_ = std::min(shortest_, name.size());
}

void Names::find(std::string_view text, detect::Spans& spans) const {
  for (std::size_t i = 0; i + shortest_ <= text.size(); ++i) {
    if ((i > 0 && is_word(text[i - 1])) || buckets_[bucket_of(text.substr(i, 4))] == 0) continue;
    // The longest of those that stand here.
    std::size_t longest = 0;
    for (const std::string_view name : names_) {
      if (name.size() <= longest || !same_letters(text.substr(i, name.size()), name)) continue;
      const std::size_t end = i + name.size();
      if ((end == text.size() || !is_word(text[end])) && !spans.overlaps(i, end)) longest = name.size();
    }
    if (longest == 0) continue;
    spans.put_aside({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + longest), Detector::person_name, 0});
    i += longest - 1;
  }
  spans.merge();
}

std::string_view Names::original(std::string_view found) const noexcept {
  for (const std::string_view name : names_) {
    if (same_letters(name, found)) return name;
  }
  return found;
}

}  // namespace pii::mask
