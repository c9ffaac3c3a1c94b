#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "pii/normalize.hpp"

namespace pii::test {

/// Normalization as docs/formats.md words it, code point by code point, over
/// tests/vectors/ecsctx/unicode_tables.json: slow, obvious, and made without the library's tables. Fails the
/// process when the tables cannot be read.
class ReferenceNormalizer {
 public:
  explicit ReferenceNormalizer(const std::string& tables_path);

  /// The normalized text, or nothing when `value` is not UTF-8.
  std::optional<std::string> normalize(Normalization rule, std::string_view value) const;

  bool is_space(char32_t c) const { return space_.count(c) != 0; }
  bool is_digit(char32_t c) const { return digit_.count(c) != 0; }
  bool is_word(char32_t c) const { return word_.count(c) != 0; }
  bool is_cased(char32_t c) const { return cased_.count(c) != 0; }
  bool is_case_ignorable(char32_t c) const { return ignorable_.count(c) != 0; }
  std::u32string lower_of(char32_t c) const;

 private:
  using Set = std::unordered_set<char32_t>;

  std::u32string strip(const std::u32string& text) const;
  std::u32string lower(const std::u32string& text) const;
  std::u32string phone(const std::u32string& text) const;
  bool is_final_sigma(const std::u32string& text, std::size_t at) const;

  Set space_;
  Set digit_;
  Set word_;
  Set cased_;
  Set ignorable_;
  std::unordered_map<char32_t, std::u32string> lower_;
};

/// nullopt when `bytes` is not UTF-8: every sequence is checked by encoding its code point again.
std::optional<std::u32string> decode(std::string_view bytes);
std::string encode(const std::u32string& text);

}  // namespace pii::test
