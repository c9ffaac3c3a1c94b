// Inputs that are too deep, too long or not text.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>

#include "kit/masking.hpp"
#include "kit/reference_json.hpp"

namespace pii {
namespace {

using kit::reference::parse_json;
using kit::reference::Strictness;

std::string repeated(std::string_view piece, std::size_t times) {
  std::string result;
  result.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += piece;
  return result;
}

TEST(MaskExtremes, TenThousandLevelsOfNesting) {
  kit::TestMasker masker("default");
  for (const auto& [open, close] : {std::pair("[", "]"), std::pair("{\"a\":", "}")}) {
    const std::string event = repeated(open, 10000) + "\"x@example.com\"" + repeated(close, 10000);
    const std::string out = masker.lines(event);
    EXPECT_EQ(out, repeated(open, 64) + "\"[PII_REDACTED]\"" + repeated(close, 64));
    EXPECT_EQ(masker.lines(out), out);
    // Without its end it is no JSON: one text, longer than a leaf may be.
    const std::string broken = event.substr(0, event.size() - 1);
    EXPECT_EQ(masker.lines(broken).find("x@example.com"), std::string::npos);
  }
  EXPECT_EQ(masker.counts().not_json, 2U);
}

TEST(MaskExtremes, NestingInsideStrings) {
  kit::TestMasker masker("default");
  std::string event = R"({"email":"x@example.com"})";
  for (int depth = 0; depth < 8; ++depth) {
    std::string escaped;
    for (const char c : event) escaped += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    event = R"({"a":")" + escaped + R"("})";
    const std::string out = masker.lines(event);
    EXPECT_EQ(out.find("x@example.com"), std::string::npos) << depth;
    EXPECT_NE(out.find(kit::token("email", "x@example.com")), std::string::npos) << depth;
    EXPECT_TRUE(parse_json(out, 100, Strictness::rfc8259)) << out;
    EXPECT_EQ(masker.lines(out), out);
  }
}

TEST(MaskExtremes, ALineOfAHundredMegabytesIsReplacedInLittleMemory) {
  const std::string line = "{\"email\":\"x@example.com\",\"a\":\"" + std::string(100'000'000, 'x') + "\"}";
  kit::TestMasker masker("default");
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  EXPECT_EQ(masker.lines(line), R"({"message":"[PII_REDACTED]","pii":{"masked":"line_too_long","bytes":)" + std::to_string(line.size()) + "}}");
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 8 * 1024);  // KiB
  EXPECT_EQ(masker.counts().too_long, 1U);
  EXPECT_EQ(masker.counts().findings(), 0U);
}

TEST(MaskExtremes, ManyElementsUnderAPathWithAnIndexTakeLittleMemory) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.paths = {{"a[1]", PathRule::Exempt::all}};
  kit::TestMasker masker(spec);
  std::string out;
  const std::string document = "{\"a\":[" + repeated("1,", 400'000) + "1]}";
  masker.lines("{\"a\":[1]}");
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  EXPECT_EQ(masker.lines(document), document);
  getrusage(RUSAGE_SELF, &after);
#ifndef PII_SANITIZED  // sanitizers keep memory of their own
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 * 1024);
#endif
}

TEST(MaskExtremes, BytesThatAreNoText) {
  kit::TestMasker masker("default");
  const std::string token = kit::token("email", "x@example.com");
  // NUL between values is no JSON; in plain text it separates.
  EXPECT_EQ(masker.lines(std::string("x@example.com\0{\"a\":1}", 22)), token + std::string("\0{\"a\":1}", 9));
  EXPECT_EQ(masker.lines("{\"a\":\"\xff x@example.com \xc3\"}"), "{\"a\":\"\xff " + token + " \xc3\"}");
  EXPECT_EQ(masker.lines("{\"a\":\"\\u0000x@example.com\\u0000\"}"), "{\"a\":\"\\u0000" + token + "\\u0000\"}");
  EXPECT_EQ(masker.lines("{\"a\":\"\\ud83d x@example.com \\ude00\"}"), "{\"a\":\"\\ud83d " + token + " \\ude00\"}");
  // What is no text has no token.
  EXPECT_EQ(masker.lines("{\"first_name\":\"Fa\\ud83dtima\"}"), "{\"first_name\":\"[PII_REDACTED]\"}");
  EXPECT_EQ(masker.lines("{\"first_name\":\"Fa\xfftima\"}"), "{\"first_name\":\"[PII_REDACTED]\"}");
  EXPECT_EQ(masker.counts().failed, 2U);
}

TEST(MaskExtremes, OneByteAndEveryByte) {
  kit::TestMasker masker("default");
  for (int c = 0; c < 256; ++c) {
    for (const std::string& text : {std::string(1, static_cast<char>(c)), "\"" + std::string(1, static_cast<char>(c)) + "\"",
                                    "{\"" + std::string(1, static_cast<char>(c)) + "\":\"" + static_cast<char>(c) + "\"}"}) {
      EXPECT_EQ(masker.lines(text), text) << c;
    }
  }
}

}  // namespace
}  // namespace pii
