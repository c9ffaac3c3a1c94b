#include "stream/document_scanner.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace piictl::stream {
namespace {

// The obvious way, byte by byte.
std::vector<std::size_t> ends_by_hand(std::string_view text) {
  std::vector<std::size_t> ends;
  std::size_t i = 0;
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (i < text.size()) {
    while (i < text.size() && is_space(text[i])) ++i;
    if (i == text.size()) break;
    if (text[i] != '{' && text[i] != '[') {
      while (i < text.size() && text[i] != '\n') ++i;
      if (i == text.size()) break;
      ends.push_back(++i);
      continue;
    }
    std::size_t depth = 0;
    bool string = false;
    for (; i < text.size(); ++i) {
      const char c = text[i];
      if (string) {
        if (c == '\\') {
          ++i;
        } else if (c == '"') {
          string = false;
        }
      } else if (c == '"') {
        string = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        break;
      }
    }
    if (i >= text.size()) break;
    ++i;
    while (i < text.size() && is_space(text[i]) && text[i] != '\n') ++i;
    if (i == text.size()) break;
    if (text[i] == '\n') ++i;
    ends.push_back(i);
  }
  return ends;
}

std::vector<std::size_t> ends_of(std::string_view text, std::size_t step) {
  DocumentScanner scanner;
  std::vector<std::size_t> ends;
  std::size_t begin = 0;
  for (std::size_t seen = std::min(step, text.size());; seen = std::min(seen + step, text.size())) {
    for (std::size_t end; (end = scanner.find_end(text.substr(0, seen), begin)) != std::string_view::npos;) {
      ends.push_back(end);
      begin = end;
    }
    if (seen == text.size()) return ends;
  }
}

TEST(DocumentScanner, finds_ends_of_texts_that_span_lines) {
  EXPECT_EQ(ends_of("{\n \"a\": 1\n}\n[1,\n2]\n", 100), (std::vector<std::size_t>{12, 19}));
  EXPECT_EQ(ends_of("{}{} x\n", 100), (std::vector<std::size_t>{2, 5, 7}));
  EXPECT_EQ(ends_of(R"({"}\"]": "{["})"
                    "\n",
                    3),
            (std::vector<std::size_t>{15}));
  EXPECT_TRUE(ends_of("{\"a\n}", 100).empty());
}

TEST(DocumentScanner, agrees_with_the_obvious_way) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const std::size_t size = random() % 200;
    for (std::size_t i = 0; i < size; ++i) text += "{}[]\"\\\n ax"[random() % 10];
    const auto expected = ends_by_hand(text);
    for (const std::size_t step : {1U, 7U, 64U, 1000U}) {
      ASSERT_EQ(ends_of(text, step), expected) << text << " step " << step;
    }
  }
}

TEST(OpensDocument, only_where_brackets_stay_open_and_all_before_is_json) {
  for (const std::string_view line :
       {"{", "[", "{ \"a\": {", R"({"a": [1, "}", true,)", "[{\"x\":-1.5e3},", R"({"a":"b\"c",)", "[\r"}) {
    EXPECT_TRUE(opens_document(line)) << line;
  }
  for (const std::string_view line : {"", "{}", "[1]", R"({"a":1})", "{a", "[INFO] x", "[2026-01-01 10:00",
                                      "{\"a\" 1", "{\"unterminated", "{]", "{} {", "[1 2", "x {"}) {
    EXPECT_FALSE(opens_document(line)) << line;
  }
}

}  // namespace
}  // namespace piictl::stream
