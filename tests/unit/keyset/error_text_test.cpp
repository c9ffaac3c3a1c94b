// Whatever is wrong with a keyset document, what is said about it holds nothing of its keys or values.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "pii/keyset_document.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

// No five characters of these occur in a message of ours.
constexpr std::string_view kCanaries[] = {"qZ7Xw9Kp3Lm5Vt8Yb2Nc4Rd6Fg1Hj0SsUuEeTtWwQqM", "jXqVzKw0Jy",
                                          "zQvWx4Pk9G", "PxQjKzVwYb"};

bool reveals(const std::string& said) {
  for (const std::string_view canary : kCanaries) {
    for (std::size_t i = 0; i + 5 <= canary.size(); ++i) {
      if (said.find(canary.substr(i, 5)) != std::string::npos) return true;
    }
  }
  return false;
}

void expect_discreet(const Error& error, const std::string& text) {
  EXPECT_FALSE(reveals(error.message() + error.hint())) << error.message() << "\n" << text;
}

TEST(KeysetErrorText, HoldsNothingOfTheDocument) {
  const std::string good =
      R"({"schema_version":1,"jXqVzKw0Jy":"zQvWx4Pk9G","primary_kid":"k1","keys":{"k1":{"alg":"HMAC-SHA-256",)"
      R"("created_at":"PxQjKzVwYb","key_b64":")" +
      std::string(kCanaries[0]) + R"("},"k2":{"alg":"HMAC-SHA-256","key_b64":")" + std::string(kCanaries[0]) +
      R"("}},"integrity":{"digest":"d"}})";
  const std::string other = "{}[]:,\"\\u0aeE+-.19 \n=_/\x80\xC3\xA9~";
  std::mt19937 random(42);
  auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  int refused = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text = good;
    if (below(8) != 0)
      text.erase(text.find(",\"integrity\""), std::string_view(R"(,"integrity":{"digest":"d"})").size());
    for (std::size_t edits = below(4); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      switch (below(3)) {
        case 0:
          text[at] = other[below(other.size())];
          break;
        case 1:
          text.insert(at, 1, other[below(other.size())]);
          break;
        default:
          text.erase(at, 1);
          break;
      }
    }
    const SecretBytes document = kit::document_of(text);
    const auto usage = round % 2 == 0 ? KeysetUsage::token : KeysetUsage::reveal;
    const auto parsed = parse_keyset(document, usage);
    if (!parsed) {
      ++refused;
      expect_discreet(parsed.error(), text);
      continue;
    }
    const auto rotated = rotate_keyset_document(document, {"k2", "2026-01-01T00:00:00Z"});
    if (!rotated) expect_discreet(rotated.error(), text);
    const auto findings = lint_keyset_document(document);
    ASSERT_TRUE(findings);
    for (const LintFinding& finding : *findings)
      EXPECT_FALSE(reveals(finding.message + finding.hint)) << finding.message;
  }
  EXPECT_GT(refused, 10'000);
}

TEST(KeysetErrorText, HoldsNothingOfASchema2Document) {
  const std::string key = R"("alg":"HMAC-SHA-256","key_b64":")" + std::string(kCanaries[0]) + "\"";
  const std::string v2 = R"("alg":"PII-TOK-2","params":{"len":20},"kcv":"000000","key_b64":")" + std::string(kCanaries[0]) + "\"";
  const std::string good =
      R"({"schema_version":2,"x_a":"zQvWx4Pk9G","primary_kid":"k1","keys":{"k1":{"status":"active",)" + key +
      R"(}},"v2":{"primary_kid":"k2","keys":{"k2":{"status":"active",)" + v2 + R"(}}},"disabled":{"k3":{"x_b":"jXqVzKw0Jy",)" + key +
      R"(}},"tombstones":{"k4":{"alg":"PII-TOK-2"}},"keyset":{"id":"zQvWx4Pk9G","name":"PxQjKzVwYb","revision":7,)"
      R"("policy":{"write_version":2,"propagation":"PT10M"}}})";
  const std::string other = "{}[]:,\"\\u0aeE+-.19 \n=_/\x80\xC3\xA9~";
  std::mt19937 random(43);
  auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    for (std::size_t edits = below(4); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      if (below(2) == 0) {
        text[at] = other[below(other.size())];
      } else {
        text.erase(at, 1 + below(3));
      }
    }
    const auto parsed = parse_keyset(kit::document_of(text));
    if (parsed) continue;
    ++refused;
    expect_discreet(parsed.error(), text);
  }
  EXPECT_GT(refused, 10'000);
}

TEST(KeysetErrorText, NamesAKeyIdOnlyWhenItIsOne) {
  // A key that was pasted where its id belongs is not repeated where it is certain to be no id.
  const auto parsed =
      kit::parse(kit::document_text(kit::entry(std::string(kCanaries[0]) + "=", kit::kKeyA), kCanaries[0]));
  ASSERT_FALSE(parsed);
  expect_discreet(parsed.error(), "");
  const auto dangling = kit::parse(kit::document_text(kit::entry("k1", kit::kKeyA), kCanaries[0]));
  ASSERT_FALSE(dangling);
  expect_discreet(dangling.error(), "");
}

}  // namespace
}  // namespace pii
