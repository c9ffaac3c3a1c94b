#include "mask/json_index.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "detect/leaf_class.hpp"

namespace pii::mask {
namespace {

using Positions = std::vector<std::uint32_t>;

// What ByteBits say, byte by byte.
std::string marks_of(std::string_view text) {
  std::string out;
  const auto is = [&](std::size_t i, std::string_view letters) { return letters.find(static_cast<char>(text[i] | 0x20)) != std::string_view::npos; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool telling = static_cast<unsigned char>(c) >= 0x80 || std::string_view("@:=%&\\").find(c) != std::string_view::npos;
    if (c == '-') telling = i > 0 && text[i - 1] == '-';
    if (c == ' ') telling = i >= 3 && is(i - 1, "rctyn") && is(i - 2, "eis") && is(i - 3, "rsek");
    out += static_cast<char>('0' + (telling || digit || c == '.' ? 1 : 0) + (digit ? 2 : 0) + (c == '.' ? 4 : 0) + (digit || letter || c == '_' || c == '-' ? 8 : 0));
  }
  return out;
}

Positions indexed(const IndexImplementation& implementation, std::string_view text) {
  Positions out(text.size() + 64);
  std::vector<ByteBits> bits(text.size() / 64 + 1);
  const std::size_t count = implementation.build(text, out.data(), bits.data());
  if (count == kNoJson) return {0xFFFFFFFF};
  out.resize(count);
  std::string marks;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const ByteBits& block = bits[i / 64];
    const auto is = [i](std::uint64_t of) { return static_cast<int>(of >> (i % 64) & 1); };
    marks += static_cast<char>('0' + is(block.marks) + 2 * is(block.digits) + 4 * is(block.dots) + 8 * is(block.words));
  }
  EXPECT_EQ(marks, marks_of(text)) << implementation.name << " " << text;
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

// A string is plain exactly if it has none of the bits that make it worth scanning, a bracket and its exact words before secrets
// left out.
TEST(JsonIndex, PlainIsWhatNoDetectorBeginsWith) {
  std::mt19937 random(2);
  std::size_t plain = 0;
  JsonIndex index;
  for (int round = 0; round < 5000; ++round) {
    std::string value;
    const char* alphabet = round % 3 == 0 ? "abc.1-_ @" : round % 3 == 1 ? "aB1-_" : "abcd ., 2";
    for (std::size_t size = 1 + random() % (round % 2 == 0 ? 30 : 200); value.size() < size;) value += alphabet[random() % std::strlen(alphabet)];
    if (round % 5 == 0) value.insert(random() % value.size(), round % 10 == 0 ? "bearer " : "\xc3\xa9");
    const std::string before = "[\"" + std::string(random() % 70, 'x') + "\",\"";
    ASSERT_TRUE(index.build(before + value + "\"]")) << value;
    const detect::LeafClass bytes = detect::classify_leaf(value);
    const bool dashes = value.find("--") != std::string::npos;
    const bool is_plain = index.is_plain(static_cast<std::uint32_t>(before.size()), static_cast<std::uint32_t>(before.size() + value.size()));
    if (bytes.any(detect::LeafClass::kWorthScanning)) {
      ASSERT_FALSE(is_plain) << value;
    } else {
      ASSERT_TRUE(is_plain || dashes) << value;
    }
    plain += is_plain;
  }
  EXPECT_GT(plain, 250U);
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
