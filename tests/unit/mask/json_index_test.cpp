#include "mask/json_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "detect/leaf_class.hpp"
#include "mask/ecsctx_texts.hpp"

namespace pii::mask {
namespace {

using Positions = std::vector<std::uint32_t>;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == 0x7F;
}

// Whether a string has something that detectors begin with, `@`, digits and dots left out.
bool tells_by_more(std::string_view text) {
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto is = [&](std::size_t back, std::string_view letters) {
      return i >= back && letters.find(static_cast<char>(text[i - back] | 0x20)) != std::string_view::npos;
    };
    run = is_word(c) ? run + 1 : 0;
    if (run == 16 || static_cast<unsigned char>(c) >= 0x80 || std::string_view(":=%&\\").find(c) != std::string_view::npos) return true;
    if (c == '-' && i > 0 && text[i - 1] == '-') return true;
    if (std::string_view("{[ ").find(c) == std::string_view::npos) continue;
    if (i == 0 || (is(1, "rctyn") && is_word(text[i - 2]) && is(3, "rsek") && is(4, "agio") && is(5, "ebipt"))) return true;
  }
  return false;
}

bool has_any(std::string_view text, std::string_view of) { return text.find_first_of(of) != std::string_view::npos; }

// The same for ecsctx.
bool tells_ecsctx(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c == '@' || c == '\\' || static_cast<unsigned char>(c) >= 0x80; });
}

// What BlockBits say, byte by byte.
std::string bits_of(std::string_view text, Reader reader, const Positions& positions) {
  const bool ecsctx = reader == Reader::ecsctx;
  std::string out(text.size(), '0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    out[i] = static_cast<char>('0' + (text[i] >= '0' && text[i] <= '9' ? 1 : 0) + (text[i] == '.' && !ecsctx ? 2 : 0));
  }
  for (std::size_t k = 0; k < positions.size(); ++k) {
    if (text[positions[k]] != '"') continue;
    const std::size_t begin = positions[k] + 1, end = positions[++k];
    const std::string_view string = text.substr(begin, end - begin), counted = ecsctx ? "0123456789" : "0123456789.";
    const bool more = !ecsctx && tells_by_more(string);
    const bool telling = ecsctx ? tells_ecsctx(string) : more || has_any(string, "@");
    out[end] = static_cast<char>(out[end] + (more || (!ecsctx && has_any(string, "[*")) ? 1 : 0) + (telling ? 4 : 0) + (has_any(string, counted) ? 8 : 0));
  }
  return out;
}

Positions indexed(const IndexImplementation& implementation, std::string_view text, Reader reader) {
  Positions out(text.size() + 64);
  const std::size_t blocks = (text.size() / 512 + 1) * 8;
  std::vector<std::uint64_t> words(4 * blocks, 0x5555555555555555);
  const BlockBits bits{words.data(), words.data() + blocks, words.data() + 2 * blocks, words.data() + 3 * blocks};
  const std::size_t count = implementation.build(text, reader, out.data(), bits);
  if (count == kNoJson) return {0xFFFFFFFF};
  out.resize(count);
  std::string found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto is = [i](const std::uint64_t* of) { return static_cast<int>(of[i / 64] >> (i % 64) & 1); };
    found += static_cast<char>('0' + is(bits.digits) + 2 * is(bits.dots) + 4 * is(bits.telling) + 8 * is(bits.counted));
  }
  EXPECT_EQ(found, bits_of(text, reader, out)) << implementation.name << " " << text;
  return out;
}

Positions indexed(const IndexImplementation& implementation, std::string_view text) {
  const Positions out = indexed(implementation, text, Reader::detectors);
  EXPECT_EQ(indexed(implementation, text, Reader::ecsctx), out) << implementation.name << " " << text;
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

std::size_t count_of(std::string_view text, std::string_view of) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [&](char c) { return of.find(c) != std::string_view::npos; }));
}

// A string is plain exactly if it has none of the bits that make it worth scanning; a word that only may stand before a secret,
// two dashes and a blank in front tell as well.
TEST(JsonIndex, PlainIsWhatNoDetectorBeginsWith) {
  std::mt19937 random(2);
  std::size_t plain = 0, simple = 0, full = 0;
  JsonIndex index;
  for (int round = 0; round < 5000; ++round) {
    std::string value;
    // Of digits and dots alone some have more than a class counts, over several blocks.
    const char* alphabet = round % 20 == 7 ? "12.34." : round % 3 == 0 ? "abc.1-_ @*" : round % 3 == 1 ? "aB1-_" : "abcd ., 2{[";
    for (std::size_t size = 1 + random() % (round % 20 == 7 ? 600 : round % 2 == 0 ? 30 : 200); value.size() < size;) value += alphabet[random() % std::strlen(alphabet)];
    if (round % 5 == 0) value.insert(random() % value.size(), round % 10 == 0 ? "bearer " : "\xc3\xa9");
    const std::string before = "[\"" + std::string(random() % 70, 'x') + "\",\"";
    const auto begin = static_cast<std::uint32_t>(before.size()), end = begin + static_cast<std::uint32_t>(value.size());
    ASSERT_TRUE(index.build(before + value + "\"]", Reader::ecsctx)) << value;
    ASSERT_NE(index.is_plain(begin, end), detect::classify_leaf(value).any(kWorthScanningByEcsctx)) << value;
    ASSERT_TRUE(index.build(before + value + "\"]", Reader::detectors)) << value;
    const detect::LeafClass bytes = detect::classify_leaf(value);
    const bool tells_more = value.find("--") != std::string::npos || value[0] == ' ';
    const bool is_plain = index.is_plain(begin, end);
    if (bytes.any(detect::LeafClass::kWorthScanning)) {
      ASSERT_FALSE(is_plain) << value;
    } else {
      ASSERT_TRUE(is_plain || tells_more) << value;
    }
    plain += is_plain;
    if (!index.strings().is_simple(end)) continue;
    ++simple;
    const detect::LeafClass told = index.strings().simple_class(begin, end);
    ASSERT_EQ(told.bits(), bytes.bits() | detect::LeafClass::space) << value;
    ASSERT_EQ(told.digit_count(), bytes.digit_count()) << value;
    full += told.digit_count() == 255;
    for (const IndexImplementation& implementation : index_implementations()) {
      const TextCounts count = implementation.count(index.strings().bits(), begin, end);
      ASSERT_EQ(count.digits, count_of(value, "0123456789")) << implementation.name << " " << value;
      ASSERT_EQ(count.dots, count_of(value, ".")) << implementation.name << " " << value;
    }
  }
  EXPECT_GT(full, 10U);
  EXPECT_GT(plain, 250U);
  EXPECT_GT(simple, 500U);
}

// Strings that go over the edges of blocks, and tell in any place of any block or in none.
TEST(JsonIndex, WhatAStringHoldsIsToldAtItsEndWhereverItIs) {
  std::mt19937 random(3);
  for (const std::string_view what : {"@", "*", "\xc0", "\xff", "7", ".", "--", "aaaaaaaaaaaaaaaa", "key ", "bearer ", "\\\"", "{", "["}) {
    for (int round = 0; round < 300; ++round) {
      std::string text = "[";
      if (round % 4 == 0) text += '"' + std::string(random() % 1500, 'a') + "\",";  // over several of what an implementation takes at once
      for (int k = 0; k < 6; ++k) {
        std::string value;
        while (random() % (k == 3 ? 100 : 12) != 0) value += "ab ,}"[random() % 5];
        if (random() % 2 == 0) value.insert(random() % 3 == 0 ? 0 : random() % (value.size() + 1), what);
        text += (k == 0 ? "\"" : ",\"") + value + "\"";
      }
      text += "]";
      for (const IndexImplementation& implementation : index_implementations()) {
        ASSERT_EQ(indexed(implementation, text), expected(text)) << implementation.name << " " << text;
      }
    }
  }
}

// Words before secrets, what looks like them and runs of fifteen and sixteen, at every place of a block and of what an implementation takes at once.
TEST(JsonIndex, WhatTellsByMoreThanOneByteIsFoundAcrossAllEdges) {
  constexpr std::string_view kPieces[] = {"bearer ", "Basic{", "DIGEST [", "tokEN ", "xApikey  ", "basXc ", "bas-c ", "ba5ic ", "base2 ", "oast- ", "request ",
                                          "key ",    "toke,n ", "bas c ", "aZ9_-\x7f\x30pqrstuvw", "aZ9_-\x7f\x30pqrstuvwx", "--", "- -"};
  std::size_t told = 0;
  for (const std::string_view piece : kPieces) {
    for (std::size_t at = 0; at < 540; at += at > 80 && at < 480 ? 29 : 1) {
      const std::string text = "[\"" + std::string(at, at % 2 == 0 ? ',' : '.') + std::string(piece) + ",\",\"\"]";
      for (const IndexImplementation& implementation : index_implementations()) {
        ASSERT_EQ(indexed(implementation, text), expected(text)) << implementation.name << " " << at << " " << piece;
      }
      told += tells_by_more(piece);
    }
  }
  EXPECT_GT(told, 500U);
}

TEST(JsonIndex, TextsOfTheLettersOfSuchWordsAgree) {
  constexpr std::string_view kLetters[] = {"ebipt", "agio", "rsek", "eisx3-_ ", "rctyn", " {[-.2"};
  std::mt19937 random(5);
  std::size_t announced = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string value(random() % 600, ',');
    for (int k = 0; k < 3; ++k) {
      std::string word;
      for (const std::string_view letters : kLetters) {
        const char letter = letters[random() % letters.size()];
        word += random() % 16 == 0 ? 'x' : random() % 2 == 0 && letter >= 'a' ? static_cast<char>(letter ^ (letter <= 'z' ? 0x20 : 0)) : letter;
      }
      value.insert(random() % (value.size() + 1), word);
    }
    const std::string text = "{\"" + value + "\":1}";
    for (const IndexImplementation& implementation : index_implementations()) {
      ASSERT_EQ(indexed(implementation, text), expected(text)) << implementation.name << " " << text;
    }
    announced += tells_by_more(value);
  }
  EXPECT_GT(announced, 500U);
  EXPECT_LT(announced, 1990U);
}

TEST(JsonIndex, KeepsItsMemoryAndForgetsTheTextBefore) {
  JsonIndex index;
  ASSERT_TRUE(index.build("[1,2,3]", Reader::detectors));
  EXPECT_EQ(index.end() - index.begin(), 4);
  EXPECT_FALSE(index.build("\"", Reader::detectors));
  EXPECT_EQ(index.end(), index.begin());
  ASSERT_TRUE(index.build(std::string(100000, ','), Reader::detectors));
  EXPECT_EQ(index.end() - index.begin(), 100000);
}

}  // namespace
}  // namespace pii::mask
