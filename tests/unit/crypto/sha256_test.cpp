#include "crypto/sha256.hpp"

#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <algorithm>
#include <random>
#include <string>

#include "crypto/sha256_kernels.hpp"
#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

std::string openssl_hex(std::span<const std::byte> message) {
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(raw(message), message.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return to_hex(digest);
}

class Sha256Of : public testing::TestWithParam<CompressKernel> {
 protected:
  static std::string hex(std::span<const std::byte> message) {
    Sha256 hash(GetParam().run);
    hash.update(message);
    return to_hex(hash.finish());
  }
};

// FIPS 180-4 and the NIST examples.
TEST_P(Sha256Of, KnowsTheExamples) {
  EXPECT_EQ(hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(bytes_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(bytes_of("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                         "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu")),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(hex(Bytes(1000000, std::byte{'a'})),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_P(Sha256Of, AgreesWithOpenSslAtEveryLength) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size <= 300; ++size) {
    const Bytes message = random_bytes_of(random, size);
    ASSERT_EQ(hex(message), openssl_hex(message)) << size;
  }
}

TEST_P(Sha256Of, AgreesWithOpenSslInPieces) {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    const Bytes message = random_bytes_of(random, random() % 1000);
    Sha256 hash(GetParam().run);
    std::span<const std::byte> rest(message);
    while (!rest.empty()) {
      const std::size_t size = std::min<std::size_t>(rest.size(), random() % 130);
      hash.update(rest.first(size));
      rest = rest.subspan(size);
    }
    ASSERT_EQ(to_hex(hash.finish()), openssl_hex(message)) << message.size();
  }
}

TEST_P(Sha256Of, PassesItsKnownAnswer) { EXPECT_TRUE(passes_known_answer(GetParam())); }

INSTANTIATE_TEST_SUITE_P(All, Sha256Of,
                         testing::ValuesIn(compress_kernels().begin(), compress_kernels().end()),
                         [](const auto& given) { return std::string(given.param.name); });

TEST(Sha256, GoesOnFromAState) {
  std::mt19937 random(3);
  const Bytes message = random_bytes_of(random, 200);
  std::uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  compress_portable(state, message.data(), 2);
  Sha256 hash(state, 128);
  hash.update(std::span(message).subspan(128));
  EXPECT_EQ(to_hex(hash.finish()), openssl_hex(message));
}

TEST(Sha256, TheOneInForceAgreesWithOpenSsl) {
  const Bytes message = bytes_of("a message");
  EXPECT_EQ(to_hex(sha256(message)), openssl_hex(message));
}

}  // namespace
}  // namespace pii::crypto
