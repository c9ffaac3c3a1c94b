#include "pii/blind_index.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pii {
namespace {

constexpr std::array<std::byte, 8> kMac = {std::byte{0xFF}, std::byte{0xAB}, std::byte{0xCD}, std::byte{0x7F},
                                           std::byte{0x01}, std::byte{0x23}, std::byte{0x45}, std::byte{0x67}};

std::string index_of(unsigned bits) {
  return std::string(BlindIndex::from_mac("ix1", kMac, bits).view()).substr(std::string("pidx:v2:ix1:").size());
}

TEST(BlindIndex, ShowsTheFirstBitsAndNoMore) {
  EXPECT_EQ(BlindIndex::from_mac("ix1", kMac, 8).view(), "pidx:v2:ix1:ff");
  EXPECT_EQ(index_of(4), "f0");
  EXPECT_EQ(index_of(5), "f8");
  EXPECT_EQ(index_of(7), "fe");
  EXPECT_EQ(index_of(9), "ff80");
  EXPECT_EQ(index_of(12), "ffa0");
  EXPECT_EQ(index_of(16), "ffab");
  EXPECT_EQ(index_of(25), "ffabcd00");
  EXPECT_EQ(index_of(63), "ffabcd7f01234566");
  EXPECT_EQ(index_of(64), "ffabcd7f01234567");
}

TEST(BlindIndex, IsReadBack) {
  for (unsigned bits = kMinIndexBits; bits <= kMaxIndexBits; ++bits) {
    for (const std::string& kid : {std::string("i"), std::string(32, 'i')}) {
      const BlindIndex index = BlindIndex::from_mac(kid, kMac, bits);
      const auto parsed = BlindIndex::parse(index.view());
      ASSERT_TRUE(parsed) << index.view();
      EXPECT_EQ(*parsed, index);
      EXPECT_EQ(parsed->kid(), kid);
    }
  }
}

TEST(BlindIndex, IsReadStrictly) {
  for (const std::string& text :
       {std::string(), std::string("pidx:"), std::string("pidx:v2:"), std::string("pidx:v2:i"),
        std::string("pidx:v2:i:"), std::string("pidx:v2::00"), std::string("pidx:v2:i:0"),
        std::string("pidx:v2:i:000"), std::string("pidx:v2:i:0F"), std::string("pidx:v2:i:0g"),
        std::string("pidx:v2:i.1:00"), std::string("pidx:v2:i:00 "), "pidx:v2:i:" + std::string(18, '0'),
        "pidx:v2:" + std::string(33, 'i') + ":00", std::string("ptok:v2:i:00")}) {
    const auto index = BlindIndex::parse(text);
    ASSERT_FALSE(index) << text;
    EXPECT_EQ(index.error().code(), ErrorCode::malformed_token) << text;
    EXPECT_EQ(index.error().message().find(text.substr(0, 1) + "idx:v2:i:"), std::string::npos);
  }
  EXPECT_EQ(BlindIndex::parse("pidx:v1:i:00").error().code(), ErrorCode::unsupported_version);
}

}  // namespace
}  // namespace pii
