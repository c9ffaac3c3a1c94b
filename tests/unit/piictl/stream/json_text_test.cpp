#include "stream/json_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace piictl::stream {
namespace {

TEST(JsonText, plain_prefix_agrees_with_a_loop) {
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 80, 'x');
    for (int i = 0; i < 2 && !text.empty(); ++i) text[random() % text.size()] = static_cast<char>(random());
    std::size_t expected = 0;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || byte >= 0x80 || c == '"' || c == '\\') break;
      ++expected;
    }
    ASSERT_EQ(plain_json_prefix(text.data(), text.data() + text.size()), expected);
  }
}

TEST(JsonText, every_code_point_is_one_sequence_and_nothing_else_is) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    char bytes[4];
    const std::size_t size = encode_utf8(c, bytes);
    const bool surrogate = c >= 0xD800 && c < 0xE000;
    ASSERT_EQ(utf8_sequence(bytes, bytes + size), surrogate ? 0 : size) << static_cast<unsigned>(c);
    if (size > 1) {
      ASSERT_EQ(utf8_sequence(bytes, bytes + size - 1), 0u);
    }
  }
}

TEST(JsonText, utf8_agrees_with_a_second_reader) {
  std::mt19937 random(4);
  const std::string_view leading = "\x41\x7F\x80\xBF\xC1\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF1\xF4\xF5\xFF";
  const std::string_view following = "\x41\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xF0";
  for (int round = 0; round < 50'000; ++round) {
    std::string text(1, leading[random() % leading.size()]);
    for (int i = 0; i < 3; ++i) text += following[random() % following.size()];
    const std::size_t size = utf8_sequence(text.data(), text.data() + text.size());
    // nlohmann refuses control characters and bad UTF-8 alike, so only the first sequence is asked for.
    bool found = false;
    for (std::size_t n = 1; n <= 4 && !found; ++n) {
      if (nlohmann::json::accept("\"" + text.substr(0, n) + "\"")) {
        ASSERT_EQ(size, n);
        found = true;
      }
    }
    if (!found) {
      ASSERT_EQ(size, 0u);
    }
  }
}

TEST(JsonText, strings_come_back_from_another_writer_and_reader) {
  std::mt19937 random(5);
  Arena arena;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t i = random() % 20; i > 0; --i) {
      char bytes[4];
      auto c = static_cast<char32_t>(random() % (random() % 3 == 0 ? 0x110000 : 0x80));
      if (c >= 0xD800 && c < 0xE000) c = '"';
      text.append(bytes, encode_utf8(c, bytes));
    }
    Buffer ours;
    append_json_string(text, ours);
    ASSERT_EQ(nlohmann::json::parse(ours.view()).get<std::string>(), text);
    const std::string theirs = nlohmann::json(text).dump(-1, ' ', round % 2 == 0);
    const auto read = unescape_json(std::string_view(theirs).substr(1, theirs.size() - 2), arena);
    ASSERT_TRUE(read);
    ASSERT_EQ(*read, text);
  }
}

}  // namespace
}  // namespace piictl::stream
