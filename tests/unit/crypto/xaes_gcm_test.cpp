#include "crypto/xaes_gcm.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "pii/secret.hpp"
#include "unit/crypto/shake128.hpp"
#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

using Json = nlohmann::json;

std::vector<XaesParts> all_parts() {
  std::vector<XaesParts> all;
  for (const AesBlockImplementation block : aes_block_implementations()) {
    for (const AesGcmImplementation gcm : aes_gcm_implementations()) all.push_back({block, gcm});
  }
  return all;
}

class Key {
 public:
  Key(XaesParts parts, std::span<const std::byte> key) : state_(XaesGcm256::kStateSize) {
    EXPECT_TRUE(xaes_prepare_with(parts, key.first<kAes256KeySize>(), state_.expose_mutable().data()));
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { XaesGcm256::destroy(state_.expose_mutable().data()); }

  Bytes seal(std::span<const std::byte> nonce, std::span<const std::byte> aad,
             std::span<const std::byte> message) const {
    Bytes out(message.size() + kGcmTagSize);
    EXPECT_TRUE(XaesGcm256::seal(state_.expose().data(), nonce.first<kXaesNonceSize>(), aad, message, out.data()));
    return out;
  }
  std::optional<Bytes> open(std::span<const std::byte> nonce, std::span<const std::byte> aad,
                            std::span<const std::byte> sealed) const {
    Bytes out(sealed.size() - kGcmTagSize);
    if (!XaesGcm256::open(state_.expose().data(), nonce.first<kXaesNonceSize>(), aad, sealed, out.data()))
      return std::nullopt;
    return out;
  }

 private:
  SecretBytes state_;
};

// The specification's text, step by step, by OpenSSL's one-shot calls. It shares nothing with what it checks.
class Reference {
 public:
  explicit Reference(const Bytes& key) : key_(key) {}

  Bytes message_key(const Bytes& nonce) const {
    Bytes k1 = block(Bytes(16));
    const bool carry = (k1[0] & std::byte{0x80}) != std::byte{0};
    for (std::size_t i = 0; i < 16; ++i) {
      k1[i] = (k1[i] << 1) | (i + 1 < 16 ? k1[i + 1] >> 7 : std::byte{0});
    }
    if (carry) k1[15] ^= std::byte{0x87};
    Bytes derived;
    for (const unsigned counter : {1U, 2U}) {
      Bytes m = {std::byte{0}, static_cast<std::byte>(counter), std::byte{0x58}, std::byte{0}};
      m.insert(m.end(), nonce.begin(), nonce.begin() + 12);
      for (std::size_t i = 0; i < 16; ++i) m[i] ^= k1[i];
      const Bytes half = block(m);
      derived.insert(derived.end(), half.begin(), half.end());
    }
    return derived;
  }

  Bytes seal(const Bytes& nonce, const Bytes& aad, const Bytes& message) const {
    const Bytes key = message_key(nonce);
    const Bytes iv(nonce.begin() + 12, nonce.end());
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
    Bytes out(message.size() + 16);
    auto* data = reinterpret_cast<unsigned char*>(out.data());
    int size = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(iv));
    EVP_EncryptUpdate(context.get(), nullptr, &size, raw(aad), static_cast<int>(aad.size()));
    EVP_EncryptUpdate(context.get(), data, &size, raw(message), static_cast<int>(message.size()));
    EVP_EncryptFinal_ex(context.get(), data + message.size(), &size);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, data + message.size());
    return out;
  }

 private:
  Bytes block(const Bytes& in) const {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
    Bytes out(32);
    int size = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, raw(key_), nullptr);
    EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, raw(in), 16);
    out.resize(16);
    return out;
  }

  const Bytes& key_;
};

Json specification() {
  std::ifstream file(PII_TEST_SHARED "/vectors/xaes/xaes_256_gcm.json");
  return file ? Json::parse(file) : Json();
}

TEST(XaesGcm, EveryPairOfPartsPassesItsKnownAnswer) {
  for (const XaesParts parts : all_parts()) EXPECT_TRUE(passes_known_answer(parts));
  for (const AesBlockImplementation block : aes_block_implementations()) EXPECT_TRUE(passes_known_answer(block));
}

TEST(XaesGcm, KnowsTheWorkedExamples) {
  const Json document = specification();
  if (document.is_null()) GTEST_SKIP() << "xaes_256_gcm.json is not here";
  ASSERT_EQ(document.at("worked").size(), 2U);
  for (const Json& example : document.at("worked")) {
    const Bytes key = from_hex(example.at("key").get<std::string>());
    const Bytes nonce = bytes_of(example.at("nonce_ascii").get<std::string>());
    const Bytes aad = bytes_of(example.at("aad_ascii").get<std::string>());
    const Bytes message = bytes_of(example.at("plaintext_ascii").get<std::string>());
    EXPECT_EQ(to_hex(Reference(key).message_key(nonce)), example.at("Kx"));
    for (const XaesParts parts : all_parts()) {
      const Key xaes(parts, key);
      EXPECT_EQ(to_hex(xaes.seal(nonce, aad, message)), example.at("ciphertext"));
      EXPECT_EQ(xaes.open(nonce, aad, from_hex(example.at("ciphertext").get<std::string>())), message);
    }
  }
}

// The ciphertexts of `count` random tests, hashed.
std::string accumulate(XaesParts parts, int count) {
  Shake128 stream;
  stream.finish();
  Shake128 hash;
  const auto draw = [&stream](std::size_t size) {
    Bytes bytes(size);
    stream.squeeze(bytes);
    return bytes;
  };
  for (int i = 0; i < count; ++i) {
    const Bytes key = draw(kAes256KeySize);
    const Bytes nonce = draw(kXaesNonceSize);
    const Bytes message = draw(std::to_integer<std::size_t>(draw(1)[0]));
    const Bytes aad = draw(std::to_integer<std::size_t>(draw(1)[0]));
    hash.absorb(Key(parts, key).seal(nonce, aad, message));
  }
  hash.finish();
  Bytes digest(32);
  hash.squeeze(digest);
  return to_hex(digest);
}

TEST(XaesGcm, KnowsTheAccumulatedTests) {
  const Json document = specification();
  if (document.is_null()) GTEST_SKIP() << "xaes_256_gcm.json is not here";
  const Json& results = document.at("accumulated").at("results");
  const XaesParts in_force = {aes_block_in_force(), aes_gcm_in_force()};
  EXPECT_EQ(accumulate(in_force, 10000), results.at("10000"));
  EXPECT_EQ(accumulate({AesBlockImplementation::openssl, AesGcmImplementation::openssl}, 10000),
            results.at("10000"));
}

TEST(XaesGcm, KnowsTheMillionAccumulatedTests) {
  if (std::getenv("PII_SLOW_TESTS") == nullptr) GTEST_SKIP() << "PII_SLOW_TESTS=1 runs it";
  const Json document = specification();
  if (document.is_null()) GTEST_SKIP() << "xaes_256_gcm.json is not here";
  EXPECT_EQ(accumulate({aes_block_in_force(), aes_gcm_in_force()}, 1000000),
            document.at("accumulated").at("results").at("1000000"));
}

TEST(XaesGcm, AgreesWithTheReferenceOnEverySizeAroundTheSwitches) {
  std::mt19937 random(24);
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 100U, 2047U, 2048U, 2049U, 10000U}) {
    const Bytes key = random_bytes_of(random, kAes256KeySize);
    const Bytes nonce = random_bytes_of(random, kXaesNonceSize);
    const Bytes aad = random_bytes_of(random, size % 300);
    const Bytes message = random_bytes_of(random, size);
    const Bytes expected = Reference(key).seal(nonce, aad, message);
    for (const XaesParts parts : all_parts()) {
      const Key xaes(parts, key);
      EXPECT_EQ(xaes.seal(nonce, aad, message), expected) << size;
      EXPECT_EQ(xaes.open(nonce, aad, expected), message) << size;
    }
  }
}

TEST(XaesGcm, AnyFlippedBitFails) {
  std::mt19937 random(7);
  const Bytes key = random_bytes_of(random, kAes256KeySize);
  const Bytes nonce = random_bytes_of(random, kXaesNonceSize);
  const Bytes aad = bytes_of("row 17");
  for (const XaesParts parts : all_parts()) {
    const Key xaes(parts, key);
    const Bytes sealed = xaes.seal(nonce, aad, bytes_of("fatima@example.com.kw"));
    const auto fails_when_flipped = [&](Bytes changed, auto open) {
      for (std::size_t bit = 0; bit < changed.size() * 8; ++bit) {
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        EXPECT_FALSE(open(changed)) << bit;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
      }
    };
    fails_when_flipped(sealed, [&](const Bytes& changed) { return xaes.open(nonce, aad, changed).has_value(); });
    fails_when_flipped(nonce, [&](const Bytes& changed) { return xaes.open(changed, aad, sealed).has_value(); });
    fails_when_flipped(aad, [&](const Bytes& changed) { return xaes.open(nonce, changed, sealed).has_value(); });
    fails_when_flipped(key, [&](const Bytes& changed) {
      return Key(parts, changed).open(nonce, aad, sealed).has_value();
    });
  }
}

}  // namespace
}  // namespace pii::crypto
