#include "formats/canonical.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "pii/base64url.hpp"

namespace pii {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

TEST(Canonical, WhatTheEncoderWritesIsCanonical) {
  std::mt19937_64 random(7);
  for (std::size_t size = 0; size < 100; ++size) {
    std::vector<std::byte> bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::byte>(random() & 0xFF);
    std::string text(base64url_encoded_size(size), '\0');
    text.resize(base64url_encode(bytes, text.data()));
    EXPECT_EQ(formats::find_non_canonical(text), kNone) << size;
  }
}

// The strict decoder is another's code: both must draw the same line.
TEST(Canonical, AgreesWithTheStrictDecoder) {
  std::size_t accepted = 0;
  std::array<std::byte, 8> out;
  const auto check = [&](const std::string& text) {
    const bool canonical = formats::find_non_canonical(text) == kNone;
    ASSERT_EQ(canonical, base64url_decode(text, out).has_value()) << testing::PrintToString(text);
    accepted += canonical;
  };
  for (const std::string prefix : {"", "Q", "QU", "QUJ", "QUJD", "QUJDR"}) {
    check(prefix);
    for (int a = 0; a < 256; ++a) {
      const std::string one = prefix + static_cast<char>(a);
      check(one);
      for (int b = 0; b < 256; b += 1) check(one + static_cast<char>(b));
    }
  }
  EXPECT_GT(accepted, 1000U);
}

TEST(Canonical, NamesTheFirstBadByte) {
  EXPECT_EQ(formats::find_non_canonical("QUJD+A"), 4U);
  EXPECT_EQ(formats::find_non_canonical("Q UJD/"), 1U);
  EXPECT_EQ(formats::find_non_canonical("QQ=="), 2U);
  EXPECT_EQ(formats::find_non_canonical("QR"), 1U);
  EXPECT_EQ(formats::find_non_canonical("QUJ"), 2U);
  EXPECT_EQ(formats::find_non_canonical("QUJDR"), 4U);
  EXPECT_EQ(formats::find_non_canonical("QQ"), kNone);
  EXPECT_EQ(formats::find_non_canonical("QUI"), kNone);
  EXPECT_EQ(formats::find_non_canonical(""), kNone);
}

}  // namespace
}  // namespace pii
