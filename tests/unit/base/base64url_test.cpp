#include "pii/base64url.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "base/base64url_implementations.hpp"
#include "kit/effort.hpp"
#include "unit/base/base64_reference.hpp"

namespace pii {
namespace {

using reference::Bytes;

std::string encode(const base::Base64Implementation& implementation, const Bytes& bytes) {
  std::string text(base64url_encoded_size(bytes.size()), '?');
  implementation.encode(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), text.data());
  return text;
}

// Decodes into a buffer of exactly the capacity that is asked for, so that the sanitizers see a byte too
// many.
template <class Decode>
reference::Decoded decode_exactly(std::string_view text, Decode decode) {
  std::vector<std::byte> out(base64url_decoded_capacity(text.size()));
  const Result<std::size_t> size = decode(std::span(out));
  if (!size) {
    EXPECT_EQ(size.error().code(), ErrorCode::malformed_base64);
    const std::string& message = size.error().message();
    return {std::nullopt, std::stoul(message.substr(message.rfind(' ') + 1))};
  }
  EXPECT_LE(*size, out.size());
  Bytes bytes;
  for (std::size_t i = 0; i < *size; ++i) bytes.push_back(std::to_integer<std::uint8_t>(out[i]));
  return {bytes, 0};
}

reference::Decoded decode_strict(const base::Base64Implementation& implementation, std::string_view text) {
  return decode_exactly(
      text, [&](std::span<std::byte> out) { return base::base64url_decode_with(implementation, text, out); });
}

reference::Decoded decode_lenient(std::string_view text) {
  return decode_exactly(
      text, [&](std::span<std::byte> out) { return base64url_decode(text, out, Base64Mode::lenient); });
}

void expect_same(const reference::Decoded& expected, const reference::Decoded& actual,
                 std::string_view text) {
  EXPECT_EQ(expected.bytes, actual.bytes) << testing::PrintToString(text);
  EXPECT_EQ(expected.offset, actual.offset) << testing::PrintToString(text);
}

Bytes random_bytes(std::mt19937& random, std::size_t size) {
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

class Base64Url : public testing::TestWithParam<base::Base64Implementation> {};

TEST_P(Base64Url, KnowsTheExamplesOfRfc4648) {
  const std::pair<std::string, std::string> kExamples[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : kExamples) {
    const Bytes bytes(plain.begin(), plain.end());
    EXPECT_EQ(encode(GetParam(), bytes), text);
    EXPECT_EQ(decode_strict(GetParam(), text).bytes, bytes);
  }
}

TEST_P(Base64Url, EncodesEveryLengthLikeTheReference) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size <= 300; ++size) {
    for (int round = 0; round < 4; ++round) {
      const Bytes bytes = random_bytes(random, size);
      const std::string text = encode(GetParam(), bytes);
      ASSERT_EQ(text, reference::encode(bytes));
      ASSERT_EQ(decode_strict(GetParam(), text).bytes, bytes);
    }
  }
}

TEST_P(Base64Url, EncodesEverySextetAtEveryPlace) {
  for (unsigned sextet = 0; sextet < 64; ++sextet) {
    for (std::size_t place = 0; place < 44; ++place) {
      Bytes bytes(33);
      for (unsigned bit = 0; bit < 6; ++bit) {
        const std::size_t at = 6 * place + bit;
        if ((sextet >> (5 - bit) & 1) != 0)
          bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | 0x80 >> at % 8);
      }
      for (const std::size_t size : {std::size_t{33}, std::size_t{32}}) {
        bytes.resize(size);
        ASSERT_EQ(encode(GetParam(), bytes), reference::encode(bytes)) << sextet << " at " << place;
      }
    }
  }
}

TEST_P(Base64Url, EncodesInPlaceWhenTheInputEndsTheOutput) {
  std::mt19937 random(2);
  for (std::size_t size = 0; size <= 300; ++size) {
    const Bytes bytes = random_bytes(random, size);
    std::string buffer(base64url_encoded_size(size), '?');
    std::copy(bytes.begin(), bytes.end(), buffer.end() - static_cast<std::ptrdiff_t>(size));
    GetParam().encode(reinterpret_cast<const std::byte*>(buffer.data() + buffer.size() - size), size,
                      buffer.data());
    ASSERT_EQ(buffer, reference::encode(bytes)) << size;
  }
}

// All texts of up to two characters over every byte, and of three and four over characters of every class.
TEST_P(Base64Url, DecodesEverySmallTextLikeTheReference) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const std::string some = "AZaz09-_+/=\n Qg\x80";
  const auto check = [](const std::string& text) {
    expect_same(reference::decode_strict(text), decode_strict(GetParam(), text), text);
  };
  check("");
  for (const char a : all) {
    check({a});
    for (const char b : all) check({a, b});
  }
  for (const char a : some) {
    for (const char b : some) {
      for (const char c : some) {
        check({a, b, c});
        for (const char d : some) check({a, b, c, d});
      }
    }
  }
}

TEST_P(Base64Url, FindsOneForeignByteAtEveryPlace) {
  std::mt19937 random(3);
  for (const std::size_t size : {std::size_t{8}, std::size_t{43}, std::size_t{67}, std::size_t{131}}) {
    std::string text = reference::encode(random_bytes(random, size * 3 / 4));
    for (std::size_t place = 0; place < text.size(); ++place) {
      const char kept = text[place];
      for (int c = 0; c < 256; c += kit::kSanitized ? 5 : 1) {
        text[place] = static_cast<char>(c);
        expect_same(reference::decode_strict(text), decode_strict(GetParam(), text), text);
      }
      text[place] = kept;
    }
  }
}

TEST_P(Base64Url, RefusesEveryTrailingBit) {
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::string zeros(base64url_encoded_size(size) - 1, 'A');
    for (const char last : reference::kAlphabet) {
      const std::string text = zeros + last;
      expect_same(reference::decode_strict(text), decode_strict(GetParam(), text), text);
    }
  }
}

TEST_P(Base64Url, WritesLabelsAndTextsOfMacsAndNothingElse) {
  std::mt19937 random(4);
  constexpr std::size_t kSize = base::kLabelSize + 43;
  for (std::size_t count = 0; count <= 20; ++count) {
    const Bytes macs = random_bytes(random, 32 * count);
    std::vector<std::string> texts(count, std::string(kSize, '.') + "0123456789012");
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    GetParam().encode_labelled("label 1:", std::as_bytes(std::span(macs)).data(), count, out.data());
    for (std::size_t i = 0; i < count; ++i) {
      const Bytes mac(macs.begin() + static_cast<std::ptrdiff_t>(32 * i), macs.begin() + static_cast<std::ptrdiff_t>(32 * i + 32));
      EXPECT_EQ(texts[i], "label 1:" + reference::encode(mac) + "0123456789012");
    }
  }
}

TEST_P(Base64Url, PassesItsKnownAnswer) { EXPECT_TRUE(base::passes_known_answer(GetParam())); }

INSTANTIATE_TEST_SUITE_P(All, Base64Url,
                         testing::ValuesIn(base::base64_implementations().begin(),
                                           base::base64_implementations().end()),
                         [](const auto& given) { return std::string(given.param.name); });

TEST(Base64UrlDispatch, AnImplementationThatEncodesWronglyFailsItsKnownAnswer) {
  base::Base64Implementation broken = base::base64_implementations()[0];
  broken.encode = [](const std::byte*, std::size_t size, char* out) noexcept {
    std::memset(out, 'A', base64url_encoded_size(size));
  };
  EXPECT_FALSE(base::passes_known_answer(broken));
}

TEST(Base64UrlDispatch, AnImplementationThatLabelsWronglyFailsItsKnownAnswer) {
  base::Base64Implementation broken = base::base64_implementations()[0];
  broken.encode_labelled = [](const char*, const std::byte*, std::size_t count, char* const* out) noexcept {
    for (std::size_t i = 0; i < count; ++i) std::memset(out[i], 'A', base::kLabelSize + 43);
  };
  EXPECT_FALSE(base::passes_known_answer(broken));
}

TEST(Base64UrlDispatch, AnImplementationThatDecodesWronglyFailsItsKnownAnswer) {
  base::Base64Implementation broken = base::base64_implementations()[0];
  broken.decode_groups = [](const char*, std::size_t size, std::byte* out) noexcept {
    std::memset(out, 0, size / 8 * 6);
    return size / 8 * 8;
  };
  EXPECT_FALSE(base::passes_known_answer(broken));
}

TEST(Base64UrlDispatch, ThePublicFunctionsUseTheOneInForce) {
  const Bytes bytes = {0xFB, 0xFF, 0xBE, 0x00};
  char text[6];
  EXPECT_EQ(base64url_encode(std::as_bytes(std::span(bytes)), text), 6U);
  EXPECT_EQ(std::string_view(text, 6), "-_--AA");
  std::byte out[6];
  EXPECT_EQ(base64url_decode("-_--AA", out).value(), 4U);
}

TEST(Base64UrlDispatch, AnOutputThatIsTooSmallIsRefused) {
  std::byte out[5];
  for (const Base64Mode mode : {Base64Mode::strict, Base64Mode::lenient}) {
    const auto size = base64url_decode("-_--AA", std::span(out).first(4), mode);
    ASSERT_FALSE(size);
    EXPECT_EQ(size.error().code(), ErrorCode::buffer_too_small);
    EXPECT_TRUE(base64url_decode("-_--AA", out, mode));
  }
}

TEST(Base64UrlDispatch, AnErrorNamesThePlaceAndNotTheText) {
  std::byte out[16];
  const auto size = base64url_decode("c2VjcmV0!c2VjcmV0", out);
  ASSERT_FALSE(size);
  EXPECT_EQ(size.error().message(), "base64url: foreign character at byte 8");
}

TEST(LenientBase64, ReadsEverySmallTextLikeTheReference) {
  const std::string some = "AZaz09-_+/=\n !:\x7F\x80";
  const auto check = [](const std::string& text) {
    expect_same(reference::decode_lenient(text), decode_lenient(text), text);
  };
  check("");
  std::string text;
  const auto grow = [&](const auto& self, std::size_t left) -> void {
    for (const char c : some) {
      text += c;
      check(text);
      if (left > 1) self(self, left - 1);
      text.pop_back();
    }
  };
  grow(grow, 4);
}

TEST(LenientBase64, ReadsLongTextsLikeTheReference) {
  std::mt19937 random(4);
  const std::string_view kMixed = "ABCXYZabcxyz0189-_+/=== \r\n!:%";
  for (int round = 0; round < kit::rounds(20'000); ++round) {
    std::string text;
    const std::size_t size = random() % 100;
    const std::size_t junk = random() % 20;  // one in `junk` + 1
    while (text.size() < size) {
      text += random() % (junk + 1) == 0 ? kMixed[random() % kMixed.size()]
                                         : reference::kAlphabet[random() % reference::kAlphabet.size()];
    }
    if (random() % 50 == 0 && !text.empty())
      text[random() % text.size()] = static_cast<char>(0x80 | random());
    expect_same(reference::decode_lenient(text), decode_lenient(text), text);
  }
}

// Of docs/formats.md, "Lenient base64".
TEST(LenientBase64, KeepsTheOddCornersOfThePackage) {
  const auto bytes = [](std::string_view text) { return decode_lenient(text).bytes; };
  EXPECT_EQ(bytes("Zm9v"), (Bytes{'f', 'o', 'o'}));
  EXPECT_EQ(bytes("Zm9vYg"), (Bytes{'f', 'o', 'o', 'b'}));
  EXPECT_EQ(bytes("Zm9vYh"), (Bytes{'f', 'o', 'o', 'b'}));  // trailing bits
  EXPECT_EQ(bytes("+/-_"), (Bytes{0xFB, 0xFF, 0xBF}));      // both alphabets
  EXPECT_EQ(bytes("Zg==Zm9v"), (Bytes{'f'}));               // all behind a completed pad
  EXPECT_EQ(bytes("Zm9vYg\n"), std::nullopt);               // the junk takes the place of a pad
  EXPECT_EQ(bytes("Zm9vYg\r\n"), std::nullopt);
  EXPECT_EQ(bytes("Zm9vYmE\r\n"), (Bytes{'f', 'o', 'o', 'b', 'a'}));
  EXPECT_EQ(bytes("Zm9vYmE\n"), std::nullopt);
  EXPECT_EQ(bytes("Zm9v\n"), (Bytes{'f', 'o', 'o'}));
  EXPECT_EQ(bytes("A"), std::nullopt);
  EXPECT_EQ(bytes("===="), Bytes{});
  EXPECT_EQ(bytes("Zg==\x80"), std::nullopt);
}

}  // namespace
}  // namespace pii
