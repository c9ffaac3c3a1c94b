#include "mask/report.hpp"

#include <algorithm>

#include "detect/scanner.hpp"
#include "mask/layer.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

constexpr std::size_t kLongestShape = 24;

char class_of(char c) noexcept {
  if (is_digit(c)) return '9';
  if (c >= 'A' && c <= 'Z') return 'A';
  if (is_letter(c) || is_beyond_ascii(c)) return 'a';
  if (is_blank(c)) return ' ';
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
}

std::string_view shape_of(std::string_view value, Arena& arena) {
  char* shape = arena.make<char>(kLongestShape);
  std::size_t size = 0;
  for (std::size_t i = 0; i < value.size() && size < kLongestShape; ++i) {
    const char c = class_of(value[i]);
    if (size == 0 || shape[size - 1] != c) shape[size++] = c;
  }
  return {shape, size};
}

}  // namespace

void keep_report(Work& work, Detector detector, std::uint16_t custom, std::string_view path, std::string_view value) {
  work.reports.push_back({detector, custom, path, shape_of(value, work.arena)});
}

void append_shown_key(Work& work, std::string_view key, std::string& out) {
  EscapeFaults faults;
  const Layer folded = fold(unescape_json({.text = key}, work.arena, faults), work.arena);
  detect::Spans spans;
  const detect::LeafClass bytes = detect::classify_leaf(folded.text);
  detect::scan_strong(folded.text, bytes, work.impl.settings, {}, spans);
  std::size_t done = 0;
  const auto copy_to = [&](std::size_t end) {
    for (; done < end; ++done) {
      const char c = folded.text[done];
      out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
  };
  for (const detect::Span& span : spans) {
    copy_to(span.begin);
    if (span.detector != Detector::none) out += work.impl.label(span.detector, span.custom);
    done = span.detector != Detector::none ? span.end : done;
  }
  copy_to(folded.text.size());
}

}  // namespace pii::mask
