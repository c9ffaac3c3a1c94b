#include "detect/scanner.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "detect/characters.hpp"
#include "detect/outputs.hpp"
#include "scan_text.hpp"

namespace pii::detect {
namespace {

nlohmann::json rows_of(const std::string& name) {
  std::ifstream file(std::string(PII_TEST_VECTORS "/masking/") + name);
  auto rows = nlohmann::json::parse(file, nullptr, false);
  EXPECT_TRUE(rows.is_array()) << name << " cannot be read";
  return rows;
}

TEST(Scanner, FindsWhatTheLeavesHold) {
  const auto rows = rows_of("leaves.json");
  EXPECT_GE(rows.size(), 300U);
  for (const auto& row : rows) {
    std::string expected;
    for (const auto& span : row.at("spans")) {
      if (!expected.empty()) expected += ' ';
      expected += span.at("detector").get<std::string>() + "{" + span.at("text").get<std::string>() + "}";
    }
    EXPECT_EQ(found_in(row.at("text").get<std::string>()), expected) << row;
  }
}

TEST(Scanner, LeavesWhatMustStay) {
  const auto rows = rows_of("stay.json");
  std::set<std::string> kinds;
  for (const auto& row : rows) {
    kinds.insert(row.at("kind").get<std::string>());
    EXPECT_EQ(found_in(row.at("text").get<std::string>()), "") << row;
  }
  EXPECT_GE(kinds.size(), 60U);
}

TEST(Scanner, OnlyEnabledDetectorsRun) {
  Settings settings = default_settings();
  settings.enabled = {Detector::email};
  EXPECT_EQ(found_in("jo@example.com +96599887766 188.236.1.7", settings), "email{jo@example.com}");
  settings.enabled = {};
  EXPECT_EQ(found_in("jo@example.com +96599887766 188.236.1.7", settings), "");
}

TEST(Scanner, APolicyMayAskForContext) {
  Settings settings = default_settings();
  settings.context_required = {Detector::card, Detector::ipv4, Detector::email};
  EXPECT_EQ(found_in("ref 5555555555554444", settings), "");
  EXPECT_EQ(found_in("card 5555555555554444", settings), "card{5555555555554444}");
  EXPECT_EQ(found_in("ref 5555 5555 5555 4444", settings), "card{5555 5555 5555 4444}");
  EXPECT_EQ(found_in("188.236.1.7", settings), "");
  EXPECT_EQ(found_in("188.236.1.7", settings, {{Detector::ipv4}, false}), "ipv4{188.236.1.7}");
  EXPECT_EQ(found_in("jo@example.com", settings), "");
  EXPECT_EQ(found_in("email jo@example.com", settings), "email{jo@example.com}");
}

TEST(Scanner, ASpanIsALetter) {
  const auto with_span = [](std::string_view text, std::uint32_t begin, std::uint32_t end) {
    Spans spans;
    spans.add({begin, end, Detector::none});
    find_all(text, default_settings(), {}, spans);
    return spans.size() - 1;
  };
  EXPECT_EQ(with_span("## 4111111111111111", 0, 2), 1U);
  EXPECT_EQ(with_span("##4111111111111111", 0, 2), 0U);
  EXPECT_EQ(with_span("##-4111111111111111", 0, 2), 0U);
  EXPECT_EQ(with_span("4111111111111111##", 16, 18), 0U);
  EXPECT_EQ(with_span("4111111111111111-##", 17, 19), 0U);
  EXPECT_EQ(with_span("4111 1111 ## 1111 1111", 10, 12), 0U);
  EXPECT_EQ(with_span("##jo@example.com", 0, 2), 0U);
  EXPECT_EQ(with_span("jo@##example.com", 3, 5), 0U);
  EXPECT_EQ(with_span("##.188.236.1.7", 0, 2), 0U);
}

TEST(Scanner, MatchesWholeValues) {
  const Settings settings = default_settings();
  EXPECT_EQ(whole_match(" jo@example.com ", settings, {}), Detector::email);
  EXPECT_EQ(whole_match("jo@example.com x", settings, {}), Detector::none);
  EXPECT_EQ(whole_match("97455141719", settings, {Detector::phone}), Detector::phone);
  EXPECT_EQ(whole_match("97455141719", settings, {}), Detector::none);
  EXPECT_EQ(whole_match("1058529940", settings, {Detector::sa_id}), Detector::sa_id);
  EXPECT_EQ(whole_match("4111 1111 1111 1111", settings, {}), Detector::card);
  EXPECT_EQ(whole_match("", settings, {}), Detector::none);
  EXPECT_EQ(whole_match(" \t", settings, {}), Detector::none);
}

// What the catalogue measured, as bounds on the detectors as they are.
class Accidents : public testing::Test {
 protected:
  static constexpr int kDraws = 100'000;

  template <typename Make>
  double percent(Detector detector, Make make, DetectorSet context = {}) {
    Settings settings = all_settings();
    settings.enabled = {detector};
    int hits = 0;
    Spans spans;
    for (int i = 0; i < kDraws; ++i) {
      spans.clear();
      find_all(make(), settings, {context, false}, spans);
      hits += spans.empty() ? 0 : 1;
    }
    return 100.0 * hits / kDraws;
  }
  std::string digits(std::size_t size, bool leading_zero = false) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
      text += static_cast<char>('0' + (i == 0 && !leading_zero ? 1 + random_() % 9 : random_() % 10));
    }
    return text;
  }
  std::uint64_t within(std::uint64_t first, std::uint64_t last) { return first + random_() % (last - first); }
  std::mt19937_64 random_{20261125};
};

TEST_F(Accidents, CardsAmongRandomDigits) {
  EXPECT_LT(percent(Detector::card, [&] { return digits(16, true); }), 2.9);
  EXPECT_LT(percent(Detector::card, [&] { return digits(13, true); }), 1.1);
  EXPECT_LT(percent(Detector::card, [&] { return digits(15, true); }), 0.65);
  EXPECT_LT(percent(Detector::card, [&] { return digits(19, true); }), 1.9);
  EXPECT_EQ(percent(Detector::card, [&] { return digits(12, true); }), 0);
}

TEST_F(Accidents, NoCardsAmongTimes) {
  for (const std::uint64_t scale : {1'000U, 1'000'000U, 1'000'000'000U}) {
    EXPECT_EQ(percent(Detector::card,
                      [&] { return std::to_string(within(1'400'000'000 * scale, 2'000'000'000 * scale)); }),
              0);
  }
  EXPECT_EQ(percent(Detector::card,
                    [&] {
                      char text[32];
                      std::snprintf(text, sizeof(text), "20%02d%02d%02d%02d%02d%02d",
                                    static_cast<int>(random_() % 40), static_cast<int>(1 + random_() % 12),
                                    static_cast<int>(1 + random_() % 28), static_cast<int>(random_() % 24),
                                    static_cast<int>(random_() % 60), static_cast<int>(random_() % 60));
                      return std::string(text);
                    }),
            0);
}

TEST_F(Accidents, IdentityNumbers) {
  EXPECT_LT(percent(Detector::kw_civil_id, [&] { return digits(12, true); }), 0.1);
  EXPECT_EQ(percent(Detector::ae_eid, [&] { return digits(15, true); }), 0);
  EXPECT_LT(percent(Detector::ae_eid, [&] { return "784" + digits(12, true); }), 0.2);
  EXPECT_EQ(percent(Detector::sa_id, [&] { return std::to_string(within(1'400'000'000, 1'999'999'999)); }),
            0);
  EXPECT_NEAR(percent(Detector::sa_id, [&] { return std::to_string(within(1'400'000'000, 1'999'999'999)); },
                      {Detector::sa_id}),
              10.0, 1.0);
}

TEST_F(Accidents, NothingInIdentifiers) {
  const auto hex = [&](std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += "0123456789abcdef"[random_() % 16];
    return text;
  };
  Settings settings = default_settings();
  Spans spans;
  int hits = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::string uuid = hex(8) + '-' + hex(4) + "-4" + hex(3) + "-a" + hex(3) + '-' + hex(12);
    std::string ulid = "01";
    while (ulid.size() < 26) ulid += "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[random_() % 32];
    const std::string texts[] = {uuid,
                                 ulid,
                                 hex(32),
                                 "ORD-" + digits(8) + '-' + digits(6),
                                 digits(1) + '.' + digits(2) + '.' + digits(5),
                                 digits(3) + ' ' + digits(3) + ' ' + digits(4)};
    for (const std::string& text : texts) {
      spans.clear();
      find_all(text, settings, {}, spans);
      hits += spans.empty() ? 0 : 1;
    }
  }
  EXPECT_EQ(hits, 0);
}

// Pieces that touch each other in every way; the second pass must find nothing that the first did not.
TEST(Scanner, MaskingTwiceChangesNothing) {
  const std::vector<std::string> pieces = {
      "jo@example.com",
      "+965 9988 7766",
      "99887766",
      "0096598433147",
      "4111 1111 1111 1111",
      "5555555555554444",
      "KW81CBKU0000000000001234560101",
      "GB29 NWBK 6016 1331 9268 19",
      "188.236.1.7",
      "10.0.0.0/8",
      "2001:db8::1",
      "::ffff:1.2.3.4",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiAiNzU2.Ajbl0qx2iLYs8",
      "sk_live_hP6yynJarOMU4V1UGm7DM1HA",
      "Bearer abc123def456",
      "https://u:p@h.com/",
      "536-90-4399",
      "784-1990-1234567-1",
      "1058529940",
      "national id",
      "phone",
      "card",
      "ssn",
      " ",
      "-",
      ".",
      ":",
      "/",
      "@",
      "_",
      "=",
      ",",
      "(",
      ")",
      "[",
      "]",
      "*",
      "+",
      "x",
      "12",
      "00",
      "\n",
      "'",
      "\"",
      "b8:27:eb:12:34:56",
      "390.533.447-05",
      ";4111111111111111=25121011000012345678?",
      "RCCMNL83S18D969H",
      "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
      "هاتف",
      "é",
      "-----BEGIN PRIVATE KEY-----\nMIIabcdefgh\n-----END PRIVATE KEY-----",
      "[EMAIL]",
      "ptok:v1:",
      "****",
      "example.com",
      "aadhaar 2341 2341 2346",
      "dni 54362315K",
      "bic NBOKKWKW",
      "://"};
  const Settings settings = all_settings();
  const auto mask = [&](const std::string& text, bool label) {
    Spans spans;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t size = i == 0 || !is_word(text[i - 1]) ? output_at(text, i, {}) : 0;
      if (size > 0)
        spans.add({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + size), Detector::none});
      i += size > 0 ? size : 1;
    }
    find_all(text, settings, {}, spans);
    std::string out;
    std::size_t from = 0;
    for (const Span& span : spans) {
      if (span.detector == Detector::none) continue;
      out.append(text, from, span.begin - from);
      if (label) {
        out += '[';
        for (const char c : to_string(span.detector)) out += to_upper(c);
        out += ']';
      } else {
        out += "ptok:v1:9tculuY2L56tpvgINLZMfpobZpzerJ3eUebOasWYwFE";
      }
      from = span.end;
    }
    return out.append(text, from);
  };
  std::mt19937 random(7);
  for (int i = 0; i < 60'000; ++i) {
    std::string text;
    for (std::size_t n = 1 + random() % 9; n > 0; --n) text += pieces[random() % pieces.size()];
    for (const bool label : {false, true}) {
      const std::string once = mask(text, label);
      ASSERT_EQ(mask(once, label), once) << text;
    }
  }
}

TEST(Scanner, FoundSpansAreSortedAndStandFree) {
  std::mt19937 random(11);
  constexpr std::string_view kBytes = "0123456789.:-+@ /aeJy=[](){}\"\xC3\xA9\xD9\x87\xFF%*_,;xKW";
  const Settings settings = all_settings();
  for (int i = 0; i < 60'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 64; n > 0; --n) text += kBytes[random() % kBytes.size()];
    Spans spans;
    find_all(text, settings, {{Detector::phone, Detector::card}, false}, spans);
    std::size_t last = 0;
    for (const Span& span : spans) {
      ASSERT_LT(span.begin, span.end);
      ASSERT_LE(span.end, text.size());
      ASSERT_TRUE(span.begin >= last);
      ASSERT_TRUE(span.begin == 0 || !is_word(text[span.begin - 1])) << text;
      ASSERT_TRUE(span.end == text.size() || !is_word(text[span.end])) << text;
      last = span.end;
    }
  }
}

// A quadratic pass over 4 MiB would take an hour; the test's time limit is minutes.
TEST(Scanner, HostileTextsStayLinear) {
  const Settings settings = all_settings();
  for (const std::string piece : {"a.",
                                  "@",
                                  "a@",
                                  "1",
                                  "1.",
                                  "1-",
                                  "+1 ",
                                  "+",
                                  "00",
                                  "eyJ.",
                                  "eyJhbGciOiJub25lIn0.eyJ",
                                  ":",
                                  "1:",
                                  "a:",
                                  "-",
                                  "a-1-",
                                  "4111 ",
                                  "99887766 ",
                                  "phone 99887766 ",
                                  "phone,99887766,",
                                  "phone",
                                  "://",
                                  "://a@",
                                  "Bearer ",
                                  "Digest a=\"",
                                  "\"a\"@",
                                  "GB29",
                                  "-----BEGIN PRIVATE KEY-----",
                                  "jo@x.co ",
                                  "1.2.3.4 ",
                                  "sk_live_",
                                  "%B4",
                                  "[",
                                  "(",
                                  "\xC3\xA9",
                                  "+1("}) {
    std::string text;
    while (text.size() < (std::size_t{1} << 22)) text += piece;
    Spans spans;
    find_all(text, settings, {{Detector::phone}, false}, spans);
    EXPECT_LE(spans.size(), text.size());
  }
}

}  // namespace
}  // namespace pii::detect
