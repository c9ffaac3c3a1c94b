#include "detect/scan.hpp"

#include <algorithm>

namespace pii::detect {
namespace {

bool is_joint(char c) noexcept { return is_word(c) || c == '-'; }

// xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
bool is_uuid_shape(std::string_view run) noexcept {
  return run.size() == 36 && run[8] == '-' && run[13] == '-' && run[18] == '-' && run[23] == '-';
}

}  // namespace

// Looks at each run once, so that many candidates in a long one stay linear.
bool Scan::joined_to_letters(std::size_t offset) noexcept {
  if (offset >= run_begin_ && offset < run_end_) return run_is_identifier_;
  std::size_t first = offset;
  while (first > begin_ && is_joint(text_[first - 1])) --first;
  std::size_t last = offset;
  while (last < end_ && is_joint(text_[last])) ++last;
  const bool letters = std::any_of(text_.begin() + first, text_.begin() + last, [](char c) { return is_class(c, kUpper | kLower | kUnderscore); });
  const auto is_end_mark = [&](std::size_t outside, char inside) {
    const char c = at(outside);
    return is_wall(outside) || (inside == '-' && (c == '[' || c == ']' || c == '*'));
  };
  run_begin_ = first;
  run_end_ = last;
  run_is_identifier_ =
      letters || is_uuid_shape(view(first, last)) ||
      (last > first && (is_end_mark(first - 1, text_[first]) || is_end_mark(last, text_[last - 1])));
  return run_is_identifier_;
}

bool Scan::free_before(std::size_t begin) noexcept {
  const char before = at(begin - 1);
  if (is_word(before)) return false;
  if (before == '.') return !is_digit(at(begin - 2)) && !is_wall(begin - 2);
  if (before == '-') return !joined_to_letters(begin);
  return true;
}

bool Scan::free_after(std::size_t end) noexcept {
  const char after = at(end);
  if (is_word(after)) return false;
  if (after == '.') return !is_digit(at(end + 1)) && !is_wall(end + 1);
  if (after == '-') return !joined_to_letters(end - 1);
  return true;
}

bool Scan::stands_free(std::size_t begin, std::size_t end) noexcept {
  if (!free_before(begin) || !free_after(end)) return false;
  // A bare number between '-' and more digits is a piece of something longer.
  return !(at(begin - 1) == '-' && is_digit(at(begin - 2))) && !(at(end) == '-' && is_digit(at(end + 1)));
}

}  // namespace pii::detect
