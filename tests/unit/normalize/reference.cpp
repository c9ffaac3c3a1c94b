#include "unit/normalize/reference.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace pii::test {
namespace {

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::abort();
}

std::unordered_set<char32_t> read_ranges(const nlohmann::json& ranges) {
  std::unordered_set<char32_t> set;
  for (const auto& range : ranges) {
    if (range.size() != 2) fail("unicode_tables.json: a range is not a pair");
    for (char32_t c = range[0].get<char32_t>(); c <= range[1].get<char32_t>(); ++c) set.insert(c);
  }
  return set;
}

}  // namespace

ReferenceNormalizer::ReferenceNormalizer(const std::string& tables_path) {
  std::ifstream in(tables_path);
  if (!in) fail("cannot read unicode_tables.json");
  const auto document = nlohmann::json::parse(in);
  for (const auto& [member, content] : document.items()) {
    if (member == "strip_whitespace") {
      space_ = read_ranges(content);
    } else if (member == "re_digit") {
      digit_ = read_ranges(content);
    } else if (member == "re_word") {
      word_ = read_ranges(content);
    } else if (member == "cased_not_ignorable") {
      cased_ = read_ranges(content);
    } else if (member == "case_ignorable") {
      ignorable_ = read_ranges(content);
    } else if (member == "lower") {
      for (const auto& row : content) {
        std::u32string mapped;
        for (const auto& c : row.at(1)) mapped += c.get<char32_t>();
        lower_[row.at(0).get<char32_t>()] = mapped;
      }
    } else if (member == "unicode") {
      if (content != "14.0.0") fail("unicode_tables.json: not Unicode 14");
    } else if (member != "peer" && member != "python" && member != "note" && member != "re_space") {
      fail("unicode_tables.json: unknown member " + member);
    }
  }
  if (space_.empty() || digit_.empty() || word_.empty() || cased_.empty() || ignorable_.empty() ||
      lower_.empty()) {
    fail("unicode_tables.json: a table is missing");
  }
}

std::u32string ReferenceNormalizer::lower_of(char32_t c) const {
  const auto found = lower_.find(c);
  return found == lower_.end() ? std::u32string(1, c) : found->second;
}

std::u32string ReferenceNormalizer::strip(const std::u32string& text) const {
  std::size_t begin = 0;
  std::size_t end = text.size();
  while (begin < end && is_space(text[begin])) ++begin;
  while (begin < end && is_space(text[end - 1])) --end;
  return text.substr(begin, end - begin);
}

bool ReferenceNormalizer::is_final_sigma(const std::u32string& text, std::size_t at) const {
  std::size_t before = at;
  while (before > 0 && is_case_ignorable(text[before - 1])) --before;
  if (before == 0 || !is_cased(text[before - 1])) return false;
  std::size_t after = at + 1;
  while (after < text.size() && is_case_ignorable(text[after])) ++after;
  return after == text.size() || !is_cased(text[after]);
}

std::u32string ReferenceNormalizer::lower(const std::u32string& text) const {
  std::u32string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 0x3A3) {
      result += is_final_sigma(text, i) ? char32_t{0x3C2} : char32_t{0x3C3};
    } else {
      result += lower_of(text[i]);
    }
  }
  return result;
}

std::u32string ReferenceNormalizer::phone(const std::u32string& text) const {
  std::u32string result;
  for (const char32_t c : text) {
    if (c == U'+' || is_digit(c)) result += c;
  }
  return result;
}

std::optional<std::string> ReferenceNormalizer::normalize(Normalization rule, std::string_view value) const {
  const std::optional<std::u32string> text = decode(value);
  if (!text) return std::nullopt;
  switch (rule) {
    case Normalization::strip:
      return encode(strip(*text));
    case Normalization::email:
      return encode(lower(strip(*text)));
    case Normalization::phone:
      return encode(phone(*text));
    default:
      break;  // version 2 has references of its own
  }
  return std::nullopt;
}

std::string encode(const std::u32string& text) {
  std::string bytes;
  for (const char32_t c : text) {
    if (c < 0x80) {
      bytes += static_cast<char>(c);
      continue;
    }
    const int continuations = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr char32_t kLeadMarks[] = {0x00, 0xC0, 0xE0, 0xF0};
    bytes += static_cast<char>(kLeadMarks[continuations] | c >> (6 * continuations));
    for (int i = continuations - 1; i >= 0; --i) bytes += static_cast<char>(0x80 | (c >> (6 * i) & 0x3F));
  }
  return bytes;
}

std::optional<std::u32string> decode(std::string_view bytes) {
  std::u32string text;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC0 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF8 ? 4
                                           : 0;
    if (size == 0 || i + size > bytes.size()) return std::nullopt;
    char32_t c = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t k = 1; k < size; ++k) c = c << 6 | (static_cast<unsigned char>(bytes[i + k]) & 0x3F);
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return std::nullopt;
    if (encode(std::u32string(1, c)) != bytes.substr(i, size)) return std::nullopt;
    text += c;
    i += size;
  }
  return text;
}

}  // namespace pii::test
