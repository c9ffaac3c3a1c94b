// The parser against another one, on documents that are damaged at random.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "json/document.hpp"
#include "kit/effort.hpp"

namespace pii::json {
namespace {

constexpr Limits kLimits{1 << 16, 8};

enum class Verdict { accepted, refused, overflow };

// nlohmann refuses numbers that a double cannot hold, which are JSON nevertheless.
Verdict other_opinion(const std::string& text) {
  try {
    const auto parsed = nlohmann::json::parse(text);
    return parsed.is_discarded() ? Verdict::refused : Verdict::accepted;
  } catch (const nlohmann::json::out_of_range&) {
    return Verdict::overflow;
  } catch (const nlohmann::json::exception&) {
    return Verdict::refused;
  }
}

// What we refuse beyond the grammar; the other parser takes it.
bool refused_on_purpose(const Error& error) {
  for (const char* reason : {"byte order mark", "already", "nested deeper"}) {
    if (error.message().find(reason) != std::string::npos) return true;
  }
  return false;
}

TEST(SecondOpinion, AgreesOnDamagedDocuments) {
  const std::string seeds[] = {
      R"({"schema_version":1,"primary_kid":"k1","keys":{"k1":{"alg":"HMAC-SHA-256","key_b64":"AAECAw"}}})",
      R"([0,-1,1.5e-3,"\u00e9\ud83d\ude00\n\/",{"a":[true,false,null]},[],{}])",
      "{\"\xC3\xA9\":\"\xF0\x9F\x98\x80\",\"b\":[[[[1]]]],\"c\" : -0.0e+1 }"};
  const std::string alphabet = "{}[]:,\"\\u0d8eE+-.19 \n\tantrue\x80\xC3\xA9\xF0\xED\xFF";
  std::mt19937 random(20250131);
  auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  int accepted = 0;
  int refused = 0;
  for (int round = 0; round < kit::rounds(200'000); ++round) {
    std::string text = seeds[below(std::size(seeds))];
    for (std::size_t edits = below(4); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = alphabet[below(alphabet.size())];
          break;
        case 1:
          text.insert(at, 1, alphabet[below(alphabet.size())]);
          break;
        case 2:
          text.erase(at, 1 + below(3));
          break;
        default:
          text.insert(at, text.substr(below(text.size()), below(12)));
          break;
      }
    }
    const auto ours = Document::parse(text, kLimits);
    const Verdict theirs = other_opinion(text);
    if (ours) {
      ++accepted;
      ASSERT_NE(theirs, Verdict::refused) << text;
    } else if (!refused_on_purpose(ours.error())) {
      ++refused;
      ASSERT_NE(theirs, Verdict::accepted) << text << "\n" << ours.error().message();
    }
  }
  EXPECT_GT(accepted, kit::rounds(20'000));
  EXPECT_GT(refused, kit::rounds(20'000));
}

}  // namespace
}  // namespace pii::json
