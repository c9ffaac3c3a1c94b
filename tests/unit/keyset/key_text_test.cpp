#include "keyset/key_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "keyset/hex.hpp"

namespace pii::keyset {
namespace {

// "refused", or the bytes in hex.
std::string decode(std::string_view text) {
  std::vector<std::byte> out(text.size() / 4 * 3 + 2);
  const auto size = decode_key_text(text, out);
  if (!size) return "refused";
  return to_hex(std::span(out).first(*size));
}

// Base64 by the book (RFC 4648 section 4), slowly.
std::string encode(const std::vector<unsigned>& bytes, std::string_view last_two, bool padded) {
  std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  alphabet += last_two;
  std::string text;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 6) {
    unsigned value = 0;
    for (std::size_t i = bit; i < bit + 6; ++i) {
      value = value << 1 | (i < 8 * bytes.size() ? bytes[i / 8] >> (7 - i % 8) & 1U : 0U);
    }
    text += alphabet[value];
  }
  while (padded && text.size() % 4 != 0) text += '=';
  return text;
}

TEST(KeyText, DecodesBothAlphabetsPaddedOrNot) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size <= 70; ++size) {
    std::vector<unsigned> bytes(size);
    std::string hex;
    for (unsigned& byte : bytes) {
      byte = static_cast<unsigned>(random() & 0xFF);
      const std::byte one[] = {static_cast<std::byte>(byte)};
      hex += to_hex(one);
    }
    for (const std::string_view last_two : {"-_", "+/"}) {
      EXPECT_EQ(decode(encode(bytes, last_two, false)), hex);
      EXPECT_EQ(decode(encode(bytes, last_two, true)), hex);
    }
  }
}

TEST(KeyText, RefusesWhatIsNotCanonical) {
  for (const std::string_view text : {"A",
                                      "AAAAA",
                                      "AB",
                                      "AAB",
                                      "AAF",
                                      "A=",
                                      "AA=",
                                      "AAA==",
                                      "AAAA=",
                                      "AAAA====",
                                      "=",
                                      "==",
                                      "====",
                                      "AA==AA==",
                                      "AA= =",
                                      "AA A",
                                      "AA\nA",
                                      "AAAA\n",
                                      "\tAAAA",
                                      "-+AA",
                                      "_/AA",
                                      "-AA/",
                                      "AA,A",
                                      "AA.A",
                                      "AA*A",
                                      "AA\xC3\xA9",
                                      "AA\x80"
                                      "A"}) {
    EXPECT_EQ(decode(text), "refused") << text;
  }
  EXPECT_EQ(decode(std::string_view("AA\0A", 4)), "refused");
  EXPECT_EQ(decode(std::string_view("AAA\0", 4)), "refused");
}

TEST(KeyText, RefusesEveryForeignByte) {
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/";
  for (int byte = 0; byte < 256; ++byte) {
    std::string text = "AAAAAAAA";
    text[3] = static_cast<char>(byte);
    EXPECT_EQ(decode(text) != "refused", alphabet.find(text[3]) != std::string_view::npos) << byte;
  }
}

TEST(KeyText, RefusesWhatDoesNotFit) {
  std::array<std::byte, 2> out;
  EXPECT_FALSE(decode_key_text("AAAA", out));
}

}  // namespace
}  // namespace pii::keyset
