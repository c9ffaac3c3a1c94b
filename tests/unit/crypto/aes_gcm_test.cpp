#include "crypto/aes_gcm.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <random>
#include <thread>

#include "crypto/aes_gcm_implementations.hpp"
#include "pii/secret.hpp"
#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

class Key {
 public:
  Key(AesGcmImplementation implementation, std::span<const std::byte> key) : state_(AesGcm256::state_size()) {
    EXPECT_TRUE(
        aes_gcm_prepare_with(implementation, key.first<kAes256KeySize>(), state_.expose_mutable().data()));
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { AesGcm256::destroy(state_.expose_mutable().data()); }

  std::optional<Bytes> seal(std::span<const std::byte> nonce, std::span<const std::byte> aad,
                            std::span<const std::byte> message) const {
    Bytes out(message.size() + kGcmTagSize);
    if (!AesGcm256::seal(state(), nonce.first<kGcmNonceSize>(), aad, message, out.data()))
      return std::nullopt;
    return out;
  }
  std::optional<Bytes> open(std::span<const std::byte> nonce, std::span<const std::byte> aad,
                            std::span<const std::byte> sealed) const {
    Bytes out(std::max(sealed.size(), kGcmTagSize) - kGcmTagSize);
    if (!AesGcm256::open(state(), nonce.first<kGcmNonceSize>(), aad, sealed, out.data())) return std::nullopt;
    return out;
  }
  const std::byte* state() const { return state_.expose().data(); }

 private:
  SecretBytes state_;
};

constexpr std::size_t kAadSizes[] = {0, 1, 10, 16, 100};
constexpr std::size_t kSizes[] = {0, 1, 15, 16, 17, 22, 127, 128, 129, 600, 2047, 2048, 2049, 5000, 100000};

bool is_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

class AesGcm : public testing::TestWithParam<AesGcmImplementation> {
 protected:
  std::mt19937 random_{1};
  Bytes key_bytes_ = random_bytes_of(random_, kAes256KeySize);
  Bytes nonce_ = random_bytes_of(random_, kGcmNonceSize);
  Bytes aad_ = bytes_of("prod|email");
  Key key_{GetParam(), key_bytes_};
};

TEST_P(AesGcm, PassesItsKnownAnswer) { EXPECT_TRUE(passes_known_answer(GetParam())); }

// Test cases 13 to 15 of McGrew and Viega; 16 is the known answer.
TEST_P(AesGcm, KnowsTheExamples) {
  const Key zero(GetParam(), Bytes(kAes256KeySize));
  const Bytes nonce(kGcmNonceSize);
  EXPECT_EQ(to_hex(*zero.seal(nonce, {}, {})), "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(to_hex(*zero.seal(nonce, {}, Bytes(16))),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  const Key key(GetParam(), from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  EXPECT_EQ(to_hex(*key.seal(
                from_hex("cafebabefacedbaddecaf888"), {},
                from_hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809"
                         "532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"))),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
            "c5f61e6393ba"
            "7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c");
}

TEST_P(AesGcm, OpensWhatEveryOtherSealed) {
  for (const AesGcmImplementation implementation : aes_gcm_implementations()) {
    const Key other(implementation, key_bytes_);
    for (const std::size_t size : kSizes) {
      const Bytes message = random_bytes_of(random_, size);
      for (const std::size_t aad_size : kAadSizes) {
        const Bytes aad = random_bytes_of(random_, aad_size);
        const auto sealed = other.seal(nonce_, aad, message);
        ASSERT_TRUE(sealed);
        ASSERT_EQ(key_.open(nonce_, aad, *sealed), message) << size;
      }
    }
  }
}

TEST_P(AesGcm, WorksInPlace) {
  for (const std::size_t size : kSizes) {
    const Bytes message = random_bytes_of(random_, size);
    const auto nonce = std::span(nonce_).first<kGcmNonceSize>();
    Bytes buffer = message;
    buffer.resize(size + kGcmTagSize);
    ASSERT_TRUE(AesGcm256::seal(key_.state(), nonce, aad_, std::span(buffer).first(size), buffer.data()));
    ASSERT_EQ(buffer, *key_.seal(nonce_, aad_, message)) << size;
    ASSERT_TRUE(AesGcm256::open(key_.state(), nonce, aad_, buffer, buffer.data()));
    buffer.resize(size);
    ASSERT_EQ(buffer, message) << size;
  }
}

TEST_P(AesGcm, RefusesEveryChangeAndLeavesNothing) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{22}, std::size_t{200}, kOpenSslFromSize + 3}) {
    const Bytes message = random_bytes_of(random_, size);
    const Bytes sealed = *key_.seal(nonce_, aad_, message);
    const std::size_t step = size > 1000 ? 97 : 1;
    for (std::size_t i = 0; i < sealed.size(); i += step) {
      Bytes changed = sealed;
      changed[i] ^= std::byte{0x10};
      Bytes out(size, std::byte{0xEE});
      ASSERT_FALSE(
          AesGcm256::open(key_.state(), std::span(nonce_).first<kGcmNonceSize>(), aad_, changed, out.data()));
      ASSERT_TRUE(is_zero(out)) << i;
      // In place, too: no ciphertext is left that could be taken for the message.
      ASSERT_FALSE(AesGcm256::open(key_.state(), std::span(nonce_).first<kGcmNonceSize>(), aad_, changed,
                                   changed.data()));
      ASSERT_TRUE(is_zero(std::span(changed).first(size))) << i;
    }
    Bytes other = aad_;
    other[0] ^= std::byte{1};
    EXPECT_FALSE(key_.open(nonce_, other, sealed));
    EXPECT_FALSE(key_.open(nonce_, {}, sealed));
    other = nonce_;
    other[11] ^= std::byte{1};
    EXPECT_FALSE(key_.open(other, aad_, sealed));
    other = key_bytes_;
    other[31] ^= std::byte{1};
    EXPECT_FALSE(Key(GetParam(), other).open(nonce_, aad_, sealed));
    EXPECT_TRUE(key_.open(nonce_, aad_, sealed));
  }
}

TEST_P(AesGcm, RefusesWhatHasNoTag) {
  for (std::size_t size = 0; size < kGcmTagSize; ++size) EXPECT_FALSE(key_.open(nonce_, aad_, Bytes(size)));
}

// Only the size is looked at: there is no such memory behind it.
TEST_P(AesGcm, RefusesMoreThanGcmCanTake) {
  std::byte out[kGcmTagSize];
  const auto nonce = std::span(nonce_).first<kGcmNonceSize>();
  EXPECT_FALSE(AesGcm256::seal(key_.state(), nonce, aad_, {out, kGcmMaxMessageSize + 1}, out));
  EXPECT_FALSE(AesGcm256::open(key_.state(), nonce, aad_, {out, kGcmMaxMessageSize + kGcmTagSize + 1}, out));
}

TEST_P(AesGcm, LeavesTheErrorQueueOfOpenSslAlone) {
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 42);
  Bytes sealed = *key_.seal(nonce_, aad_, Bytes(kOpenSslFromSize));
  sealed[0] ^= std::byte{1};
  EXPECT_FALSE(key_.open(nonce_, aad_, sealed));
  EXPECT_EQ(ERR_GET_REASON(ERR_get_error()), 42);
  EXPECT_EQ(ERR_get_error(), 0U);
}

TEST_P(AesGcm, DestroyWipes) {
  SecretBytes state(AesGcm256::state_size());
  ASSERT_TRUE(aes_gcm_prepare_with(GetParam(), std::span(key_bytes_).first<kAes256KeySize>(),
                                   state.expose_mutable().data()));
  EXPECT_FALSE(state == SecretBytes(state.size()));
  AesGcm256::destroy(state.expose_mutable().data());
  EXPECT_TRUE(state == SecretBytes(state.size()));
}

TEST_P(AesGcm, ServesManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 4; ++seed) {
    threads.emplace_back([this, seed] {
      std::mt19937 random(seed);
      for (int round = 0; round < 300; ++round) {
        const Bytes message = random_bytes_of(random, round % 10 == 0 ? kOpenSslFromSize : random() % 100);
        const Bytes nonce = random_bytes_of(random, kGcmNonceSize);
        const auto sealed = key_.seal(nonce, aad_, message);
        ASSERT_TRUE(sealed);
        ASSERT_EQ(key_.open(nonce, aad_, *sealed), message);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(All, AesGcm,
                         testing::ValuesIn(aes_gcm_implementations().begin(),
                                           aes_gcm_implementations().end()),
                         [](const auto& given) { return std::string(name_of(given.param)); });

TEST(AesGcmInForce, PreparesAndOpens) {
  SecretBytes state(AesGcm256::state_size());
  const SecretBytes key = SecretBytes::random(kAes256KeySize);
  ASSERT_TRUE(AesGcm256::prepare(key.expose().first<kAes256KeySize>(), state.expose_mutable().data()));
  const Key same(aes_gcm_implementations()[0], key.expose());
  const Bytes nonce(kGcmNonceSize);
  Bytes out(3 + kGcmTagSize);
  ASSERT_TRUE(AesGcm256::seal(state.expose().data(), std::span(nonce).first<kGcmNonceSize>(), {},
                              bytes_of("abc"), out.data()));
  EXPECT_EQ(same.open(nonce, {}, out), bytes_of("abc"));
  AesGcm256::destroy(state.expose_mutable().data());
}

}  // namespace
}  // namespace pii::crypto
