#include "crypto/committing_aead.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/padding.hpp"
#include "pii/secret.hpp"
#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

class Key {
 public:
  Key(std::span<const std::byte> encryption, std::span<const std::byte> commitment)
      : state_(CommittingAead::kStateSize) {
    EXPECT_TRUE(CommittingAead::prepare(encryption.first<kAes256KeySize>(), commitment.first<kAes256KeySize>(),
                                        state_.expose_mutable().data()));
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { CommittingAead::destroy(state_.expose_mutable().data()); }

  Bytes seal(std::span<const std::byte> nonce, std::span<const std::byte> aad,
             std::span<const std::byte> message) const {
    Bytes out(message.size() + CommittingAead::kOverhead);
    EXPECT_TRUE(
        CommittingAead::seal(state_.expose().data(), nonce.first<kXaesNonceSize>(), aad, message, out.data()));
    return out;
  }
  std::optional<Bytes> open(std::span<const std::byte> aad, std::span<const std::byte> sealed) const {
    Bytes out(std::max(sealed.size(), CommittingAead::kOverhead) - CommittingAead::kOverhead);
    if (!CommittingAead::open(state_.expose().data(), aad, sealed, out.data())) return std::nullopt;
    return out;
  }

 private:
  SecretBytes state_;
};

class CommittingAeadTest : public testing::Test {
 protected:
  std::mt19937 random_{32};
  Bytes encryption_ = random_bytes_of(random_, kAes256KeySize);
  Bytes commitment_ = random_bytes_of(random_, kAes256KeySize);
  Bytes nonce_ = random_bytes_of(random_, kXaesNonceSize);
  Bytes aad_ = bytes_of("row 17");
  Bytes message_ = bytes_of("fatima@example.com.kw");
};

TEST_F(CommittingAeadTest, IsNonceCommitmentCiphertextTag) {
  const Key key(encryption_, commitment_);
  for (const std::size_t aad_size : {std::size_t{0}, std::size_t{6}, std::size_t{231}, std::size_t{232}, std::size_t{233}, std::size_t{1000}}) {
    const Bytes aad = random_bytes_of(random_, aad_size);
    const Bytes sealed = key.seal(nonce_, aad, message_);
    EXPECT_EQ(Bytes(sealed.begin(), sealed.begin() + kXaesNonceSize), nonce_);

    Bytes committed = nonce_;
    committed.insert(committed.end(), aad.begin(), aad.end());
    Bytes mac(kMacSize);
    HMAC(EVP_sha256(), commitment_.data(), kAes256KeySize, raw(committed), committed.size(),
         reinterpret_cast<unsigned char*>(mac.data()), nullptr);
    EXPECT_EQ(Bytes(sealed.begin() + kXaesNonceSize, sealed.begin() + kXaesNonceSize + kMacSize), mac);

    SecretBytes state(XaesGcm256::kStateSize);
    ASSERT_TRUE(XaesGcm256::prepare(std::span<const std::byte>(encryption_).first<kAes256KeySize>(),
                                    state.expose_mutable().data()));
    Bytes bare(message_.size() + kGcmTagSize);
    ASSERT_TRUE(XaesGcm256::seal(state.expose().data(), std::span<const std::byte>(nonce_).first<kXaesNonceSize>(),
                                 aad, message_, bare.data()));
    XaesGcm256::destroy(state.expose_mutable().data());
    EXPECT_EQ(Bytes(sealed.begin() + kXaesNonceSize + kMacSize, sealed.end()), bare);
    EXPECT_EQ(key.open(aad, sealed), message_);
  }
}

TEST_F(CommittingAeadTest, AnyFlippedBitFails) {
  const Key key(encryption_, commitment_);
  Bytes sealed = key.seal(nonce_, aad_, message_);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    sealed[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(key.open(aad_, sealed)) << bit;
    sealed[bit / 8] ^= std::byte{1} << (bit % 8);
  }
  EXPECT_TRUE(key.open(aad_, sealed));
  EXPECT_FALSE(key.open(bytes_of("row 18"), sealed));
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(key.open(aad_, std::span(sealed).first(size))) << size;
  }
}

// AES-GCM alone opens under a key of an attacker's making; the commitment does not.
TEST_F(CommittingAeadTest, NoTwoKeysOpenOneText) {
  const Bytes sealed = Key(encryption_, commitment_).seal(nonce_, aad_, message_);
  for (int i = 0; i < 1000; ++i) {
    const Bytes other = random_bytes_of(random_, kAes256KeySize);
    EXPECT_FALSE(Key(encryption_, other).open(aad_, sealed));
    EXPECT_FALSE(Key(other, commitment_).open(aad_, sealed));
  }
}

TEST_F(CommittingAeadTest, SealsAndOpensInPlace) {
  const Key key(encryption_, commitment_);
  SecretBytes state(CommittingAead::kStateSize);
  ASSERT_TRUE(CommittingAead::prepare(std::span<const std::byte>(encryption_).first<kAes256KeySize>(),
                                      std::span<const std::byte>(commitment_).first<kAes256KeySize>(),
                                      state.expose_mutable().data()));
  Bytes buffer(message_.size() + CommittingAead::kOverhead);
  std::byte* const text = buffer.data() + kXaesNonceSize + kMacSize;
  std::copy(message_.begin(), message_.end(), text);
  ASSERT_TRUE(CommittingAead::seal(state.expose().data(),
                                   std::span<const std::byte>(nonce_).first<kXaesNonceSize>(), aad_,
                                   {text, message_.size()}, buffer.data()));
  EXPECT_EQ(buffer, key.seal(nonce_, aad_, message_));
  ASSERT_TRUE(CommittingAead::open(state.expose().data(), aad_, buffer, text));
  EXPECT_EQ(Bytes(text, text + message_.size()), message_);
  CommittingAead::destroy(state.expose_mutable().data());
}

TEST(Padding, IsIso7816) {
  for (const std::size_t block : {0U, 16U, 32U, 64U}) {
    for (std::size_t size = 0; size < 200; ++size) {
      const std::size_t padded = padded_size(size, block);
      if (block == 0) {
        EXPECT_EQ(padded, size);
      } else {
        EXPECT_EQ(padded % block, 0U);
        EXPECT_GT(padded, size);
        EXPECT_LE(padded, size + block);
      }
      Bytes text(padded, std::byte{0x80});
      pad(text, size);
      EXPECT_EQ(unpadded_size(text, block), size);
      for (std::size_t i = size + 1; i < padded; ++i) EXPECT_EQ(text[i], std::byte{0});
    }
  }
}

TEST(Padding, RefusesWhatItDoesNotWrite) {
  EXPECT_FALSE(unpadded_size(Bytes(), 16));
  EXPECT_FALSE(unpadded_size(Bytes(16), 16));                     // no 0x80
  EXPECT_FALSE(unpadded_size(Bytes(15, std::byte{0x80}), 16));    // not whole
  Bytes early(32);
  early[15] = std::byte{0x80};
  EXPECT_FALSE(unpadded_size(early, 16));                         // a whole block too much
  Bytes other(16);
  other[10] = std::byte{0x81};
  EXPECT_FALSE(unpadded_size(other, 16));
}

}  // namespace
}  // namespace pii::crypto
