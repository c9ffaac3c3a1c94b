#include "mask/json_index.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace pii::mask {
namespace {

using Positions = std::vector<std::uint32_t>;

Positions indexed(const IndexImplementation& implementation, std::string_view text) {
  Positions out(text.size() + 64);
  const std::size_t count = implementation.build(text, out.data());
  if (count == kNoJson) return {0xFFFFFFFF};
  out.resize(count);
  return out;
}

// By the definition, one character at a time.
Positions expected(std::string_view text) {
  Positions out;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (in_string && control) return {0xFFFFFFFF};
    if (c == '\\') {
      if (!in_string) return {0xFFFFFFFF};
      if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0x20) return {0xFFFFFFFF};
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
      out.push_back(static_cast<std::uint32_t>(i));
    } else if (!in_string && std::string_view("{}[],:").find(c) != std::string_view::npos) {
      out.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return in_string ? Positions{0xFFFFFFFF} : out;
}

TEST(JsonIndex, FindsQuotesAndStructure) {
  for (const IndexImplementation& implementation : index_implementations()) {
    EXPECT_EQ(indexed(implementation, R"({"a:":[1,"\"]"]})"), (Positions{0, 1, 4, 5, 6, 8, 9, 13, 14, 15})) << implementation.name;
    EXPECT_EQ(indexed(implementation, ""), Positions{}) << implementation.name;
  }
}

TEST(JsonIndex, RefusesWhatCannotBeJson) {
  for (const IndexImplementation& implementation : index_implementations()) {
    for (const std::string_view text : {"\"", "\"a\\\"", "\"\n\"", "\\", "\"a\" \\\"b\"", "\"\\\n\"", "\"\x1f\""}) {
      EXPECT_EQ(indexed(implementation, text), Positions{0xFFFFFFFF}) << implementation.name << " " << text;
      const std::string far = std::string(130, ' ') + std::string(text);
      EXPECT_EQ(indexed(implementation, far), Positions{0xFFFFFFFF}) << implementation.name << " " << far;
    }
  }
}

// Control characters that look like structure once a bit is set.
TEST(JsonIndex, ControlCharactersAreNoStructure) {
  for (int c = 0; c < 256; ++c) {
    const std::string text(1, static_cast<char>(c));
    for (const IndexImplementation& implementation : index_implementations()) {
      EXPECT_EQ(indexed(implementation, text), expected(text)) << implementation.name << " " << c;
    }
  }
}

TEST(JsonIndex, AllImplementationsAgreeAtAllAlignments) {
  constexpr std::string_view kAlphabet("\"\"\\\\\\{}[],: aZ\x0c\x1a\n\xff", 19);
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    // Few quotes and backslashes in some texts, so that they are not refused at once.
    const std::size_t alphabet = round % 3 == 0 ? kAlphabet.size() : kAlphabet.size() - 5;
    std::string text;
    const std::size_t size = random() % 200;
    for (std::size_t i = 0; i < size; ++i) text += round % 3 == 1 && random() % 4 != 0 ? 'a' : kAlphabet[random() % alphabet];
    if (round % 2 == 0) text += "\"";
    const std::string room = std::string(64, '"') + text + std::string(64, '\\');
    for (std::size_t shift = 0; shift < 64; shift += 1 + static_cast<std::size_t>(round % 7)) {
      std::string buffer = room;
      buffer.erase(0, shift);
      const std::string_view view = std::string_view(buffer).substr(64 - shift, text.size());
      for (const IndexImplementation& implementation : index_implementations()) {
        ASSERT_EQ(indexed(implementation, view), expected(text)) << implementation.name << " " << text;
      }
    }
  }
}

TEST(JsonIndex, RunsOfBackslashesOfEveryLengthAcrossBlocks) {
  for (std::size_t before = 50; before < 70; ++before) {
    for (std::size_t run = 0; run < 140; ++run) {
      const std::string text = "\"" + std::string(before, 'x') + std::string(run, '\\') + "\",\"\"";
      for (const IndexImplementation& implementation : index_implementations()) {
        ASSERT_EQ(indexed(implementation, text), expected(text)) << implementation.name << " " << before << " " << run;
      }
    }
  }
}

TEST(JsonIndex, KeepsItsMemoryAndForgetsTheTextBefore) {
  JsonIndex index;
  ASSERT_TRUE(index.build("[1,2,3]"));
  EXPECT_EQ(index.end() - index.begin(), 4);
  EXPECT_FALSE(index.build("\""));
  EXPECT_EQ(index.end(), index.begin());
  ASSERT_TRUE(index.build(std::string(100000, ',')));
  EXPECT_EQ(index.end() - index.begin(), 100000);
}

}  // namespace
}  // namespace pii::mask
