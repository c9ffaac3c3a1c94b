#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/aes_gcm.hpp"
#include "crypto/aes_gcm_implementations.hpp"
#include "crypto/ff1.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/sha256_kernels.hpp"
#include "unit/crypto/openssl_aes.hpp"
#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

using Json = nlohmann::ordered_json;

void expect_known(const Json& object, const std::set<std::string>& known, const std::string& where) {
  for (const auto& [name, value] : object.items())
    EXPECT_EQ(known.count(name), 1U) << where << ": unknown member " << name;
}

// Opens a file of Project Wycheproof and calls run(group, test, valid) for each of its tests.
struct WycheproofFile {
  std::string name;
  std::string group_type;
  std::set<std::string> group_members;
  std::set<std::string> test_members;

  template <class Run>
  void for_each(Run run) const {
    std::ifstream file(std::string(PII_TEST_SHARED "/vectors/wycheproof/") + name);
    if (!file) GTEST_SKIP() << name << " is not here";
    const Json document = Json::parse(file);
    expect_known(document, {"algorithm", "schema", "numberOfTests", "header", "notes", "testGroups"}, name);
    std::size_t count = 0;
    for (const Json& group : document.at("testGroups")) {
      expect_known(group, group_members, name);
      EXPECT_EQ(group.at("type"), group_type);
      for (const Json& test : group.at("tests")) {
        SCOPED_TRACE(name + " tcId " + std::to_string(test.at("tcId").get<int>()));
        expect_known(test, test_members, name);
        const std::string result = test.at("result");
        ASSERT_TRUE(result == "valid" || result == "invalid") << result;
        run(group, test, result == "valid");
        ++count;
      }
    }
    EXPECT_EQ(count, document.at("numberOfTests").get<std::size_t>());
  }
};

Bytes bytes_in(const Json& test, const char* member) { return from_hex(test.at(member).get<std::string>()); }

TEST(Wycheproof, AesGcm) {
  const WycheproofFile file{"aes_gcm_test.json",
                            "AeadTest",
                            {"ivSize", "keySize", "tagSize", "type", "source", "tests"},
                            {"tcId", "comment", "flags", "key", "iv", "aad", "msg", "ct", "tag", "result"}};
  std::size_t ran = 0;
  std::size_t refused = 0;
  file.for_each([&](const Json& group, const Json& test, bool valid) {
    const Bytes key = bytes_in(test, "key");
    const Bytes nonce = bytes_in(test, "iv");
    const Bytes aad = bytes_in(test, "aad");
    const Bytes message = bytes_in(test, "msg");
    Bytes sealed = bytes_in(test, "ct");
    const Bytes tag = bytes_in(test, "tag");
    EXPECT_EQ(key.size() * 8, group.at("keySize").get<std::size_t>());
    EXPECT_EQ(nonce.size() * 8, group.at("ivSize").get<std::size_t>());
    EXPECT_EQ(tag.size() * 8, group.at("tagSize").get<std::size_t>());
    // Other sizes are refused by the types: keys and nonces are spans of fixed extent.
    if (key.size() != kAes256KeySize || nonce.size() != kGcmNonceSize || tag.size() != kGcmTagSize) {
      ++refused;
      return;
    }
    ++ran;
    sealed.insert(sealed.end(), tag.begin(), tag.end());
    for (const AesGcmImplementation implementation : aes_gcm_implementations()) {
      std::vector<std::max_align_t> memory(AesGcm256::state_size() / sizeof(std::max_align_t) + 1);
      auto* state = reinterpret_cast<std::byte*>(memory.data());
      ASSERT_TRUE(aes_gcm_prepare_with(implementation, std::span(key).first<kAes256KeySize>(), state));
      const auto iv = std::span(nonce).first<kGcmNonceSize>();
      Bytes out(sealed.size());
      EXPECT_EQ(AesGcm256::open(state, iv, aad, sealed, out.data()), valid);
      if (valid) {
        out.resize(message.size());
        EXPECT_EQ(out, message);
      }
      out.resize(message.size() + kGcmTagSize);
      ASSERT_TRUE(AesGcm256::seal(state, iv, aad, message, out.data()));
      EXPECT_EQ(out == sealed, valid);
      AesGcm256::destroy(state);
    }
  });
  if (IsSkipped()) return;
  std::printf("AES-GCM: %zu ran on each of %zu implementations, %zu of other sizes refused\n", ran,
              aes_gcm_implementations().size(), refused);
  EXPECT_EQ(ran, 66U);
  EXPECT_EQ(refused, 250U);
}

TEST(Wycheproof, HmacSha256) {
  const WycheproofFile file{"hmac_sha256_test.json",
                            "MacTest",
                            {"keySize", "tagSize", "type", "source", "tests"},
                            {"tcId", "comment", "flags", "key", "msg", "tag", "result"}};
  std::size_t ran = 0;
  file.for_each([&](const Json& group, const Json& test, bool valid) {
    const Bytes message = bytes_in(test, "msg");
    const std::string tag = test.at("tag");
    EXPECT_EQ(tag.size() * 4, group.at("tagSize").get<std::size_t>());
    for (const HmacKernel& kernel : hmac_kernels()) {
      HmacState state;
      hmac_prepare(bytes_in(test, "key"), state);
      Bytes mac(kMacSize);
      const HmacJob job{text_of(message), mac.data()};
      kernel.run(state, std::vector<const HmacJob*>(kernel.lanes, &job).data(), padded_blocks(message.size()));
      EXPECT_EQ(to_hex(mac).substr(0, tag.size()) == tag, valid) << kernel.name;
    }
    ++ran;
  });
  if (IsSkipped()) return;
  std::printf("HMAC-SHA-256: %zu ran on each of %zu kernels\n", ran, hmac_kernels().size());
  EXPECT_EQ(ran, 174U);
}

TEST(Wycheproof, HkdfSha256) {
  const WycheproofFile file{"hkdf_sha256_test.json",
                            "HkdfTest",
                            {"keySize", "type", "source", "tests"},
                            {"tcId", "comment", "flags", "ikm", "salt", "info", "size", "okm", "result"}};
  std::size_t ran = 0;
  std::size_t refused = 0;
  file.for_each([&](const Json&, const Json& test, bool valid) {
    const std::size_t size = test.at("size").get<std::size_t>();
    // The invalid ones ask for more than 255 blocks, which hkdf_sha256() may not be asked for.
    EXPECT_EQ(valid, size <= 8160);
    if (!valid) {
      ++refused;
      return;
    }
    ++ran;
    const Bytes info = bytes_in(test, "info");
    Bytes okm(size);
    hkdf_sha256(bytes_in(test, "ikm"), bytes_in(test, "salt"), text_of(info), okm);
    EXPECT_EQ(to_hex(okm), test.at("okm"));
  });
  if (IsSkipped()) return;
  std::printf("HKDF-SHA-256: %zu ran, %zu too long\n", ran, refused);
  EXPECT_EQ(ran, 83U);
  EXPECT_EQ(refused, 3U);
}

// The numerals of a text, when FF1 as we offer it takes them: at most 64, and of a million values or more.
std::optional<std::vector<std::uint8_t>> numerals_in(const std::string& text, const std::string& alphabet) {
  if (text.size() < ff1_min_numerals(static_cast<unsigned>(alphabet.size())) || text.size() > kFf1MaxNumerals) return std::nullopt;
  std::vector<std::uint8_t> numerals;
  for (const char c : text) {
    const std::size_t at = alphabet.find(c);
    if (at == std::string::npos) return std::nullopt;
    numerals.push_back(static_cast<std::uint8_t>(at));
  }
  return numerals;
}

void expect_ff1(const Ff1Cipher& cipher, unsigned radix, const Bytes& tweak, std::vector<std::uint8_t> plain,
                const std::vector<std::uint8_t>& encrypted) {
  const auto before = plain;
  ASSERT_TRUE(ff1_encrypt(cipher, radix, tweak, plain));
  EXPECT_EQ(plain, encrypted);
  ASSERT_TRUE(ff1_decrypt(cipher, radix, tweak, plain));
  EXPECT_EQ(plain, before);
}

TEST(Wycheproof, Ff1) {
  std::size_t compared = 0;
  for (const char* base : {"base10", "base36", "base62"}) {
    const WycheproofFile file{std::string("aes_ff1_") + base + "_test.json",
                              "FpeStrTest",
                              {"alphabet", "keySize", "msgSize", "radix", "type", "source", "tests"},
                              {"tcId", "comment", "flags", "key", "tweak", "msg", "ct", "result"}};
    file.for_each([&](const Json& group, const Json& test, bool valid) {
      const std::string alphabet = group.at("alphabet");
      const Bytes key = bytes_in(test, "key");
      const auto plain = numerals_in(test.at("msg"), alphabet);
      const bool is_key = key.size() == 16 || key.size() == 24 || key.size() == 32;
      if (!valid) {
        EXPECT_FALSE(plain && is_key);
        return;
      }
      if (!plain) return;  // too few or too many for us
      const auto encrypted = numerals_in(test.at("ct"), alphabet);
      ASSERT_TRUE(encrypted);
      const auto radix = static_cast<unsigned>(alphabet.size());
      const Bytes tweak = bytes_in(test, "tweak");
      ++compared;
      if (key.size() != kAes256KeySize) return expect_ff1(OpensslAes(key).cipher(), radix, tweak, *plain, *encrypted);
      for (const AesBlockImplementation implementation : aes_block_implementations()) {
        AesBlockKey prepared;
        ASSERT_TRUE(aes_block_prepare(implementation, std::span(key).first<kAes256KeySize>(), prepared));
        expect_ff1(ff1_aes256(prepared), radix, tweak, *plain, *encrypted);
        aes_block_destroy(prepared);
      }
    });
    if (IsSkipped()) return;
  }
  EXPECT_GT(compared, 7000U);
}

}  // namespace
}  // namespace pii::crypto
