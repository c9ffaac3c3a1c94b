#include "pii/key_import.hpp"

#include <string>

#include "keyset/hex.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

std::string hex_of(std::string_view text, KeyFormat format) {
  const auto imported = import_key(kit::document_of(text), format);
  if (!imported) return imported.error().message();
  return keyset::to_hex(imported->key.expose());
}

constexpr std::string_view kHexA = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

TEST(KeyImport, ReadsTexts) {
  EXPECT_EQ(hex_of("\x01\x02\n", KeyFormat::raw), "01020a") << "raw bytes are taken as they are";
  EXPECT_EQ(hex_of(std::string(kHexA) + "\n", KeyFormat::hex), kHexA);
  EXPECT_EQ(hex_of("DEADbeef", KeyFormat::hex), "deadbeef");
  EXPECT_EQ(hex_of(std::string(kit::kKeyA) + "=\r\n", KeyFormat::base64), kHexA);
  for (const char* bad : {"", "0", "0g", "g0", "00 11", "0:", "/0", "@0", "`0"}) {
    EXPECT_EQ(hex_of(bad, KeyFormat::hex), "the key is not hex") << bad;
  }
  EXPECT_EQ(hex_of("AA!A", KeyFormat::base64), "the key is not canonical base64");
}

TEST(KeyImport, ReadsJsonWebKeys) {
  const auto imported = import_key(
      kit::document_of(R"({"kty":"oct","kid":"x","alg":"HS256","k":")" + std::string(kit::kKeyA) + "\"}"),
      KeyFormat::jwk);
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->algorithm, KeyAlgorithm::hmac_sha_256);
  EXPECT_EQ(keyset::to_hex(imported->key.expose()), kHexA);
  EXPECT_EQ(hex_of(R"({"kty":"oct","alg":"HS512","k":"AAAA"})", KeyFormat::jwk),
            "alg must be HS256 or A256GCM, or absent");
  EXPECT_EQ(hex_of(R"({"kty":"oct"})", KeyFormat::jwk), "k is missing");
}

std::string tink(std::string_view type, std::string_view value, std::string_view status = "ENABLED") {
  return R"({"primaryKeyId":7,"key":[{"keyId":6,"status":"ENABLED"},{"keyId":7,"status":")" +
         std::string(status) + R"(","keyData":{"typeUrl":"type.googleapis.com/google.crypto.tink.)" +
         std::string(type) + R"(","value":")" + std::string(value) +
         R"(","keyMaterialType":"SYMMETRIC"},"outputPrefixType":"TINK"}]})";
}

TEST(KeyImport, ReadsTinksKeysets) {
  // Field 3 (key_value) of AesGcmKey; fields 2 (SHA256, 16-byte tags) and 3 of HmacKey.
  EXPECT_EQ(hex_of(tink("AesGcmKey", "GiAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw=="), KeyFormat::tink),
            kHexA);
  EXPECT_EQ(
      hex_of(tink("HmacKey", "EgQIAxAQGiAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw=="), KeyFormat::tink),
      kHexA);
  EXPECT_EQ(
      hex_of(tink("HmacKey", "EgQIBBAQGiAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw=="), KeyFormat::tink),
      "the HMAC key is not for SHA256");
  EXPECT_EQ(hex_of(tink("AesGcmKey", "GiAAAQID"), KeyFormat::tink), "keyData.value holds no key")
      << "cut short";
  EXPECT_EQ(hex_of(tink("AesGcmKey", "CAEaIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"), KeyFormat::tink),
            "keyData.value is of a later version of Tink");
  EXPECT_EQ(hex_of(tink("AesGcmKey", "////////////////"), KeyFormat::tink), "keyData.value holds no key");
  EXPECT_EQ(hex_of(tink("AesEaxKey", "GgA"), KeyFormat::tink),
            "the primary key is neither an HmacKey nor an AesGcmKey");
  EXPECT_EQ(hex_of(tink("AesGcmKey", "GgA", "DISABLED"), KeyFormat::tink), "the primary key is not ENABLED");
  EXPECT_EQ(hex_of(R"({"primaryKeyId":1,"key":[]})", KeyFormat::tink), "primaryKeyId names no key");
}

}  // namespace
}  // namespace pii
