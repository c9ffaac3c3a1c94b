// FF1: NIST's samples, with keys of all sizes, and that everything comes back.
#include "crypto/ff1.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "unit/crypto/openssl_aes.hpp"
#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";

std::vector<std::uint8_t> numerals_of(std::string_view text) {
  std::vector<std::uint8_t> numerals;
  for (const char c : text) numerals.push_back(static_cast<std::uint8_t>(kDigits.find(c)));
  return numerals;
}

std::string text_of(std::span<const std::uint8_t> numerals) {
  std::string text;
  for (const std::uint8_t numeral : numerals) text += kDigits[numeral];
  return text;
}

struct Sample {
  std::string_view key;
  unsigned radix;
  std::string_view tweak;
  std::string_view plaintext;
  std::string_view ciphertext;
};
constexpr std::string_view k128 = "2B7E151628AED2A6ABF7158809CF4F3C";
constexpr std::string_view k192 = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F";
constexpr std::string_view k256 = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94";
constexpr std::string_view kTen = "39383736353433323130";
constexpr std::string_view kEleven = "3737373770717273373737";
// https://csrc.nist.gov/CSRC/media/Projects/Cryptographic-Standards-and-Guidelines/documents/examples/FF1samples.pdf
constexpr Sample kSamples[] = {
    {k128, 10, "", "0123456789", "2433477484"},
    {k128, 10, kTen, "0123456789", "6124200773"},
    {k128, 36, kEleven, "0123456789abcdefghi", "a9tv40mll9kdu509eum"},
    {k192, 10, "", "0123456789", "2830668132"},
    {k192, 10, kTen, "0123456789", "2496655549"},
    {k192, 36, kEleven, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"},
    {k256, 10, "", "0123456789", "6657667009"},
    {k256, 10, kTen, "0123456789", "1001623463"},
    {k256, 36, kEleven, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"},
};

TEST(Ff1, AgreesWithNistsSamples) {
  for (const Sample& sample : kSamples) {
    const OpensslAes aes(from_hex(sample.key));
    auto numerals = numerals_of(sample.plaintext);
    ASSERT_TRUE(ff1_encrypt(aes.cipher(), sample.radix, from_hex(sample.tweak), numerals));
    EXPECT_EQ(text_of(numerals), sample.ciphertext);
    ASSERT_TRUE(ff1_decrypt(aes.cipher(), sample.radix, from_hex(sample.tweak), numerals));
    EXPECT_EQ(text_of(numerals), sample.plaintext);
  }
}

// Algorithm 7 as it is written, a numeral at a time: numbers are big-endian bytes.
class Reference {
 public:
  using Number = std::vector<std::uint8_t>;

  Reference(const Ff1Cipher& cipher, unsigned radix) : cipher_(cipher), radix_(radix) {}

  std::vector<std::uint8_t> encrypt(std::span<const std::byte> tweak, std::span<const std::uint8_t> numerals) const {
    const std::size_t n = numerals.size();
    const std::size_t u = n / 2;
    Number a(numerals.begin(), numerals.begin() + static_cast<std::ptrdiff_t>(u));
    Number b(numerals.begin() + static_cast<std::ptrdiff_t>(u), numerals.end());
    const Number largest = number_of(Number(n - u, static_cast<std::uint8_t>(radix_ - 1)), 40);
    std::size_t bytes = 40;
    while (largest[40 - bytes] == 0) --bytes;
    const std::size_t drawn = 4 * ((bytes + 3) / 4) + 4;
    Number fixed{1, 2, 1, 0, 0, static_cast<std::uint8_t>(radix_), 10, static_cast<std::uint8_t>(u)};
    for (const std::size_t size : {n, tweak.size()}) {
      for (int shift = 24; shift >= 0; shift -= 8) fixed.push_back(static_cast<std::uint8_t>(size >> shift));
    }
    for (const std::byte byte : tweak) fixed.push_back(std::to_integer<std::uint8_t>(byte));
    for (unsigned round = 0; round < 10; ++round) {
      Number text = fixed;
      while ((text.size() + 1 + bytes) % 16 != 0) text.push_back(0);
      text.push_back(static_cast<std::uint8_t>(round));
      const Number number = number_of(b, bytes);
      text.insert(text.end(), number.begin(), number.end());
      Number y = cbc_mac(text);
      Number more = y;
      more[15] ^= 1;
      more = cbc_mac(more);
      y.insert(y.end(), more.begin(), more.end());
      y.resize(drawn);
      unsigned carry = 0;
      for (std::size_t i = a.size(); i-- > 0;) {
        carry += a[i] + remainder(y);
        a[i] = static_cast<std::uint8_t>(carry % radix_);
        carry /= radix_;
      }
      std::swap(a, b);
    }
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

 private:
  Number number_of(const Number& numerals, std::size_t size) const {
    Number number(size);
    for (unsigned carry : numerals) {
      for (std::size_t i = size; i-- > 0; carry >>= 8) {
        carry += number[i] * radix_;
        number[i] = static_cast<std::uint8_t>(carry);
      }
    }
    return number;
  }
  unsigned remainder(Number& number) const {  // of a division by the radix
    unsigned rest = 0;
    for (std::uint8_t& byte : number) {
      rest = rest << 8 | byte;
      byte = static_cast<std::uint8_t>(rest / radix_);
      rest %= radix_;
    }
    return rest;
  }
  Number cbc_mac(const Number& text) const {
    Number mac(16);
    for (std::size_t at = 0; at < text.size(); at += 16) {
      for (std::size_t i = 0; i < 16; ++i) mac[i] ^= text[at + i];
      EXPECT_TRUE(cipher_.encrypt(cipher_.key, reinterpret_cast<std::byte*>(mac.data())));
    }
    return mac;
  }

  Ff1Cipher cipher_;
  unsigned radix_;
};

TEST(Ff1, IsAsAlgorithm7IsWrittenForEveryRadixAndSize) {
  std::mt19937 random(7);
  const std::vector<std::byte> key = bytes_of(k256);
  AesBlockKey prepared;
  ASSERT_TRUE(aes_block_prepare(aes_block_in_force(), std::span(key).first<kAes256KeySize>(), prepared));
  const Ff1Cipher cipher = ff1_aes256(prepared);
  for (unsigned radix = kFf1MinRadix; radix <= kFf1MaxRadix; ++radix) {
    for (std::size_t size = ff1_min_numerals(radix); size <= kFf1MaxNumerals; ++size) {
      std::vector<std::byte> tweak(random() % 40);
      for (std::byte& byte : tweak) byte = static_cast<std::byte>(random());
      std::vector<std::uint8_t> numerals(size);
      // Now and then the largest and the least of all: what carries furthest.
      const unsigned kind = random() % 8;
      for (std::uint8_t& numeral : numerals) {
        numeral = static_cast<std::uint8_t>(kind == 0 ? radix - 1 : kind == 1 ? 0 : random() % radix);
      }
      const auto expected = Reference(cipher, radix).encrypt(tweak, numerals);
      ASSERT_TRUE(ff1_encrypt(cipher, radix, tweak, numerals));
      ASSERT_EQ(numerals, expected) << radix << " " << size;
    }
  }
  aes_block_destroy(prepared);
}

TEST(Ff1, ComesBackForEveryRadixAndSize) {
  std::mt19937 random(6);
  const std::vector<std::byte> key = from_hex(k256);
  for (const AesBlockImplementation implementation : aes_block_implementations()) {
    AesBlockKey prepared;
    ASSERT_TRUE(aes_block_prepare(implementation, std::span(key).first<kAes256KeySize>(), prepared));
    const Ff1Cipher cipher = ff1_aes256(prepared);
    for (unsigned radix = kFf1MinRadix; radix <= kFf1MaxRadix; radix += implementation == AesBlockImplementation::openssl ? 20 : 1) {
      for (std::size_t size = ff1_min_numerals(radix); size <= kFf1MaxNumerals; ++size) {
        std::vector<std::byte> tweak(random() % 40);
        for (std::byte& byte : tweak) byte = static_cast<std::byte>(random());
        std::vector<std::uint8_t> plain(size);
        for (std::uint8_t& numeral : plain) numeral = static_cast<std::uint8_t>(random() % radix);
        auto numerals = plain;
        ASSERT_TRUE(ff1_encrypt(cipher, radix, tweak, numerals));
        for (const std::uint8_t numeral : numerals) ASSERT_LT(numeral, radix);
        auto other = plain;
        tweak.push_back(std::byte{0});
        ASSERT_TRUE(ff1_encrypt(cipher, radix, tweak, other));
        EXPECT_NE(numerals, other) << "another tweak is another permutation";
        tweak.pop_back();
        ASSERT_TRUE(ff1_decrypt(cipher, radix, tweak, numerals));
        ASSERT_EQ(numerals, plain) << radix << " " << size;
      }
    }
    aes_block_destroy(prepared);
  }
}

TEST(Ff1, TakesNoDomainBelowAMillion) {
  EXPECT_EQ(ff1_min_numerals(2), 20U);
  EXPECT_EQ(ff1_min_numerals(10), 6U);
  EXPECT_EQ(ff1_min_numerals(36), 4U);
  EXPECT_EQ(ff1_min_numerals(62), 4U);
}

TEST(Ff1, TellsWhenTheCipherFails) {
  std::vector<std::uint8_t> numerals(10);
  EXPECT_FALSE(ff1_encrypt({nullptr, [](const void*, std::byte*) noexcept { return false; }}, 10, {}, numerals));
}

}  // namespace
}  // namespace pii::crypto
