// Random documents, written together with what must come out, and read back by a second JSON reader.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "run_text.hpp"
#include "stream/json_path.hpp"

namespace piictl::stream::test {
namespace {

using Json = nlohmann::json;

const std::vector<std::string> kPaths = {"a", "b[*].a", "['c.d'].b[1]", "e.*", "*.e[0].*"};

/// Whether one of the paths selects what lies at `place`: compared step by step.
bool selected(const std::vector<std::vector<JsonPathStep>>& paths, const std::vector<JsonPathStep>& place) {
  for (const auto& path : paths) {
    bool same = path.size() == place.size();
    for (std::size_t i = 0; same && i < path.size(); ++i) {
      same = path[i].kind == JsonPathStep::Kind::any || path[i] == place[i];
    }
    if (same) return true;
  }
  return false;
}

class NdjsonRandomTest : public ::testing::Test {
 protected:
  NdjsonRandomTest() {
    for (const std::string& path : kPaths) paths_.push_back(*parse_json_path(path));
  }

  std::size_t below(std::size_t n) { return random_() % n; }

  void space() {
    for (std::size_t n = below(4) == 0 ? below(3) : 0; n > 0; --n) both(std::string(1, " \t\r"[below(3)]));
  }
  void both(const std::string& text) {
    input_ += text;
    expected_ += text;
  }

  /// A string's text, and one of the ways to write it.
  std::pair<std::string, std::string> string() {
    std::string text;
    std::string written;
    for (std::size_t n = below(30); n > 0; --n) {
      switch (below(8)) {
        case 0:
          text += '"', written += "\\\"";
          break;
        case 1:
          text += '/', written += below(2) == 0 ? "/" : "\\/";
          break;
        case 2:
          text += '\n', written += below(2) == 0 ? "\\n" : "\\u000A";
          break;
        case 3:
          text += "\xC3\xA9", written += below(2) == 0 ? "\xC3\xA9" : "\\u00e9";
          break;
        case 4:
          text += "\U0001F600", written += below(2) == 0 ? "\U0001F600" : "\\uD83D\\ude00";
          break;
        default:
          text += 'x', written += 'x';
      }
    }
    return {text, written};
  }

  void value(std::vector<JsonPathStep>& place, int depth) {
    const bool wanted = selected(paths_, place);
    space();
    switch (depth == 0 || wanted ? 2 + below(3) : below(6)) {
      case 0:
        object(place, depth);
        break;
      case 1:
        array(place, depth);
        break;
      case 2:
        both("null");
        break;
      case 3: {
        const auto [text, written] = string();
        input_ += "\"" + written + "\"";
        expected_ += wanted ? Json("<" + text + ">").dump() : "\"" + written + "\"";
        break;
      }
      case 4: {
        const std::string number =
            std::to_string(static_cast<int>(below(2000)) - 1000) + (below(2) == 0 ? ".5e1" : "");
        input_ += number;
        expected_ += wanted ? "\"<" + number + ">\"" : number;
        break;
      }
      default:
        both(below(2) == 0 ? "true" : "false");
    }
    space();
  }

  void object(std::vector<JsonPathStep>& place, int depth) {
    both("{");
    const std::size_t members = below(5);
    for (std::size_t i = 0; i < members; ++i) {
      const std::pair<std::string, std::string> names[] = {
          {"a", "a"}, {"b", "b"}, {"c.d", "c.d"}, {"e", "\\u0065"}, {"a", "\\u0061"}, {"other", "other"}};
      const auto& [name, written] = names[below(std::size(names))];
      both(i == 0 ? "" : ",");
      space();
      both("\"" + written + "\"");
      space();
      both(":");
      place.push_back({JsonPathStep::Kind::name, name});
      value(place, depth - 1);
      place.pop_back();
    }
    if (members == 0) space();
    both("}");
  }

  void array(std::vector<JsonPathStep>& place, int depth) {
    both("[");
    const std::size_t elements = below(4);
    for (std::size_t i = 0; i < elements; ++i) {
      both(i == 0 ? "" : ",");
      place.push_back({JsonPathStep::Kind::index, {}, i});
      value(place, depth - 1);
      place.pop_back();
    }
    if (elements == 0) space();
    both("]");
  }

  std::vector<std::vector<JsonPathStep>> paths_;
  std::mt19937 random_{8};
  std::string input_;
  std::string expected_;
};

TEST_F(NdjsonRandomTest, what_the_paths_select_is_replaced_and_every_other_byte_kept) {
  for (int round = 0; round < 400 && !HasFailure(); ++round) {
    input_.clear();
    expected_.clear();
    for (int line = 0; line < 20; ++line) {
      std::vector<JsonPathStep> place;
      below(2) == 0 ? object(place, 4) : value(place, 4);
      both(below(3) == 0 ? "\r\n" : "\n");
    }
    const Ran ran =
        run_text(Ndjson{.paths = kPaths}, input_, {.threads = 1 + below(2), .chunk_size = 1 + below(3000)});
    ASSERT_FALSE(ran.outcome.error);
    ASSERT_EQ(ran.output, expected_) << input_;
    ASSERT_EQ(ran.failures, std::vector<FailedRow>());
    std::size_t begin = 0;
    for (std::size_t end = ran.output.find('\n'); end != std::string::npos;
         end = ran.output.find('\n', begin)) {
      const std::string line = ran.output.substr(begin, end - begin);
      ASSERT_TRUE(Json::accept(line)) << line;
      begin = end + 1;
    }
  }
}

}  // namespace
}  // namespace piictl::stream::test
