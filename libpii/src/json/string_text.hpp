#pragma once

#include <cstddef>
#include <string_view>

namespace pii::json {

/// The code points of a JSON string that the parser has accepted, one after another, straight from its raw
/// text.
class StringReader {
 public:
  explicit StringReader(std::string_view raw) noexcept : raw_(raw) {}
  bool done() const noexcept { return at_ == raw_.size(); }
  char32_t next() noexcept;

 private:
  char32_t unescape() noexcept;
  char32_t hex4() noexcept;

  std::string_view raw_;
  std::size_t at_ = 0;
};

/// Orders two raw strings by the UTF-16 code units of their unescaped text (RFC 8785 section 3.2.3): <0, 0 or
/// >0.
int compare_utf16(std::string_view raw_a, std::string_view raw_b) noexcept;

}  // namespace pii::json
