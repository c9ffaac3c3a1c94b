#include "crypto/hkdf.hpp"

#include <gtest/gtest.h>

#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

std::string hkdf_hex(std::string_view ikm, std::string_view salt, std::string_view info, std::size_t size) {
  const Bytes info_bytes = from_hex(info);
  Bytes out(size);
  hkdf_sha256(from_hex(ikm), from_hex(salt), text_of(info_bytes), out);
  return to_hex(out);
}

// RFC 5869, A.1 to A.3.
TEST(Hkdf, KnowsRfc5869) {
  EXPECT_EQ(hkdf_hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
                     "f0f1f2f3f4f5f6f7f8f9", 42),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(
      hkdf_hex(
          "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
          "303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
          "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f"
          "909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
          "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
          "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
          82),
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
      "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
  EXPECT_EQ(hkdf_hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "", 42),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, AShorterOutputIsAPrefix) {
  const std::string longest = hkdf_hex("0b0b", "", "", 8160);
  constexpr std::size_t kSizes[] = {0, 1, 31, 32, 33, 64, 8159};
  for (const std::size_t size : kSizes) {
    EXPECT_EQ(hkdf_hex("0b0b", "", "", size), longest.substr(0, 2 * size));
  }
}

}  // namespace
}  // namespace pii::crypto
