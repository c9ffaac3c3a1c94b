// Raced against nlohmann::json, which reads into a DOM.
#include "stream/json_scanner.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace piictl::stream {
namespace {

class JsonScannerTest : public ::testing::Test {
 protected:
  JsonScannerTest() : tree_(std::move(*JsonPathTree::make(paths_))) { block_.batches.emplace_back(0); }

  Fault scan(std::string_view text) {
    block_.clear();
    return JsonScanner(tree_, block_).scan(text);
  }

  const std::vector<std::string> paths_ = {"nowhere"};
  JsonPathTree tree_;
  Block block_;
  std::mt19937 random_{6};
};

enum class Verdict { valid, invalid, not_comparable };

/// Differences that are meant: nlohmann refuses numbers beyond double and lone surrogate escapes, which are
/// no matter of grammar.
Verdict verdict_of_nlohmann(const std::string& text) {
  try {
    return nlohmann::json::parse(text).is_discarded() ? Verdict::invalid : Verdict::valid;
  } catch (const nlohmann::json::out_of_range&) {
    return Verdict::not_comparable;
  } catch (const nlohmann::json::parse_error& error) {
    const bool surrogate = std::string_view(error.what()).find("surrogate") != std::string_view::npos;
    return surrogate ? Verdict::not_comparable : Verdict::invalid;
  }
}

TEST_F(JsonScannerTest, random_edits_of_valid_texts_are_judged_as_nlohmann_judges_them) {
  const std::vector<std::string> seeds = {
      R"({"a":1,"b":[true,false,null,-0.5e+10,"x\u00e9\n"],"c":{"d":{}}})",
      R"([ 1 , [ ] , { } , "" , "\\\"\/" ])",
      R"("\ud83d\ude00 plain text of more than sixteen bytes \t")",
      "-12.5E-3",
      "  true ",
      "{\"k\xC3\xA9y\xE2\x82\xAC\":\"\xF0\x9F\x98\x80\"}"};
  const std::string_view alphabet =
      "{}[]:,\"\\ue0123456789-+. \n\t\rtfnalrsx\x01\x7F\x80\xBF\xC3\xE2\xED\xF0";
  int valid = 0;
  int invalid = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text = seeds[random_() % seeds.size()];
    for (std::size_t edits = random_() % 3; edits > 0; --edits) {
      const std::size_t at = random_() % (text.size() + 1);
      switch (random_() % 4) {
        case 0:
          text.insert(at, 1, alphabet[random_() % alphabet.size()]);
          break;
        case 1:
          text.erase(at, random_() % 3);
          break;
        case 2:
          text.replace(at, at < text.size() ? 1 : 0, 1, alphabet[random_() % alphabet.size()]);
          break;
        default:
          text.insert(at, text.substr(random_() % (text.size() + 1), random_() % 8));
          break;
      }
      if (text.empty()) break;
    }
    const Fault fault = scan(text);
    switch (verdict_of_nlohmann(text)) {
      case Verdict::valid:
        ASSERT_FALSE(fault) << text << '\n' << to_string(fault);
        ++valid;
        break;
      case Verdict::invalid:
        ASSERT_TRUE(fault) << text;
        ++invalid;
        break;
      case Verdict::not_comparable:
        break;
    }
  }
  EXPECT_GT(valid, 50'000);
  EXPECT_GT(invalid, 50'000);
}

TEST_F(JsonScannerTest, every_cut_of_a_valid_text_is_refused) {
  const std::string text = R"({"a":[1.5e3,{"b":"\u00e9\ud83d\ude00"},true,null]})";
  ASSERT_FALSE(scan(text));
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_TRUE(scan(std::string(text, 0, size))) << size;
}

TEST_F(JsonScannerTest, lone_surrogates_and_huge_numbers_are_grammatical) {
  EXPECT_FALSE(scan(R"("\ud800")"));
  EXPECT_FALSE(scan(R"({"\udfff":1e999})"));
}

}  // namespace
}  // namespace piictl::stream
