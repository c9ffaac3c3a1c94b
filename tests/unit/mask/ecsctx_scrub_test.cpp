#include <gtest/gtest.h>

#include <random>
#include <string>

#include "kit/effort.hpp"
#include "mask/ecsctx_rules.hpp"
#include "unit/mask/ecsctx_patterns.hpp"

namespace pii::mask::ecsctx {
namespace {

/// Tokens as they could be, with many digits at their ends, so that phones reach into them.
std::string token_for(std::string_view value) {
  static const char* const kEnds[] = {"0", "-120",   "-123-1230", "-555-1230",
                                      "A", "-12340", "-1234560",  "-1230"};
  std::string token = "ptok:v1:";
  const std::string end = kEnds[std::hash<std::string_view>{}(value) % std::size(kEnds)];
  return token + std::string(43 - end.size(), 'x') + end;
}

std::string apply(std::string_view text, const std::vector<Replacement>& pieces, bool redact) {
  std::string out;
  std::size_t done = 0;
  for (const Replacement& piece : pieces) {
    out += text.substr(done, piece.begin - done);
    out += redact ? "[PII_REDACTED]" : token_for(text.substr(piece.begin, piece.end - piece.begin));
    done = piece.end;
  }
  return out + std::string(text.substr(done));
}

std::string scrub(std::string_view text, bool fixed, bool redact) {
  std::string out;
  scrub_exactly(
      text, fixed,
      [&](Replacement::Kind, std::string_view value, std::string& to) {
        to += redact ? "[PII_REDACTED]" : token_for(value);
      },
      out);
  return out;
}

std::string random_text(std::mt19937& rng) {
  static const std::string kPieces[] = {
      "a@b.co", "a@b.c|", ".x@y.com", "202", "555", "0173", "2025550173", "٢٠٢٥٥٥٠١٧٣",    "-",
      " ",      "(",      ")",        "+",   "é",   "|",    "12",         "+965 5555 1234"};
  std::string text;
  for (auto n = 1 + rng() % 9; n > 0; --n) text += kPieces[rng() % std::size(kPieces)];
  return text;
}

TEST(EcsctxScrub, IsThePackagesTwoPasses) {
  std::mt19937 rng(20261125);
  for (int i = 0; i < kit::rounds(60000); ++i) {
    const std::string text = random_text(rng);
    for (const bool redact : {false, true}) {
      const std::string once = apply(text, test::search_emails(text), redact);
      ASSERT_EQ(scrub(text, false, redact), apply(once, test::search_phones(once), redact)) << text;
    }
  }
}

TEST(EcsctxScrub, ThePlanHoldsWhereItDoesNotDependOnTokens) {
  std::mt19937 rng(5);
  ScrubPlan plan;
  int held = 0;
  int depends = 0;
  for (int i = 0; i < kit::rounds(60000); ++i) {
    const std::string text = random_text(rng);
    plan_scrub(text, false, plan);
    bool holds = !plan.depends_on_tokens;
    for (const Replacement& piece : plan.pieces) {
      const std::string token =
          token_for(std::string_view(text).substr(piece.begin, piece.end - piece.begin));
      holds &= piece.kind != Replacement::Kind::email || !holds_phone(token);
    }
    (holds ? held : depends) += 1;
    ASSERT_TRUE(!holds || apply(text, plan.pieces, false) == scrub(text, false, false)) << text;
    ASSERT_TRUE(plan.depends_on_tokens || apply(text, plan.pieces, true) == scrub(text, false, true)) << text;
  }
  EXPECT_GT(held, kit::rounds(20000));
  EXPECT_GT(depends, kit::rounds(1000));
}

TEST(EcsctxScrub, OrdinaryTextsDoNotDependOnTokens) {
  ScrubPlan plan;
  for (const char* text :
       {"", "a@b.co", "mail a@b.co or 202-555-0173.", "a@b.co 2025550173", "2025550173 a@b.co", "(a@b.co)",
        "a@b.co, c@d.co: 202 555 0173", "a@b.co at 10:15:00, order 1234"}) {
    plan_scrub(text, false, plan);
    EXPECT_FALSE(plan.depends_on_tokens) << text;
  }
}

TEST(EcsctxScrub, FixedNeverDependsOnTokens) {
  std::mt19937 rng(9);
  ScrubPlan plan;
  for (int i = 0; i < kit::rounds(30000); ++i) {
    const std::string text = random_text(rng);
    plan_scrub(text, true, plan);
    ASSERT_FALSE(plan.depends_on_tokens) << text;
    ASSERT_EQ(apply(text, plan.pieces, false), scrub(text, true, false)) << text;
    std::size_t done = 0;
    for (const Replacement& piece : plan.pieces) {
      ASSERT_GE(piece.begin, done) << text;
      ASSERT_GT(piece.end, piece.begin) << text;
      done = piece.end;
    }
  }
}

TEST(EcsctxScrub, ATokenMayHoldAPhone) {
  EXPECT_FALSE(holds_phone("ptok:v1:SXeBjjmLFVc1vIPsTv3YmEE21rsj52LPr0JkM_Dtdr8"));
  EXPECT_TRUE(holds_phone("ptok:v1:SXeBjjmLFVc1vIPsTv3YmEE-2025550173-JkM_Dtd8"));
  EXPECT_TRUE(holds_phone("ptok:v1:2025550173-SXeBjjmLFVc1vIPsTv3YmEEJkM_Dtd8x"));
}

}  // namespace
}  // namespace pii::mask::ecsctx
