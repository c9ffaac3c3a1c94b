// The engine against the reference: no difference, byte for byte.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kit/effort.hpp"
#include "kit/mask_race.hpp"
#include "kit/masking.hpp"
#include "kit/random_events.hpp"
#include "kit/random_headers.hpp"

namespace pii {
namespace {

/// More rounds for a soak: PII_RACE_ROUNDS=50.
std::size_t rounds() {
  const char* text = std::getenv("PII_RACE_ROUNDS");
  return text == nullptr ? 1 : static_cast<std::size_t>(std::max(1, std::atoi(text)));
}

/// Races lines; stops at the fifth difference.
class Race {
 public:
  explicit Race(const kit::RacePolicy& policy) : with_keys_(policy, true), without_(policy, false) {}

  void run(std::string_view lines) {
    if (differences_ >= 5) return;
    for (kit::MaskRace* race : {&with_keys_, &without_}) {
      const std::string difference = race->differs(lines);
      if (difference.empty()) continue;
      ++differences_;
      ADD_FAILURE() << difference;
      return;
    }
  }

 private:
  kit::MaskRace with_keys_;
  kit::MaskRace without_;
  int differences_ = 0;
};

class RaceTest : public testing::TestWithParam<kit::RacePolicy> {};

TEST_P(RaceTest, RandomLines) {
  for (std::size_t round = 0; round < rounds(); ++round) {
    Race race(GetParam());
    kit::RandomEvents random(1 + round * 1000);
    for (int i = 0; i < kit::rounds(1500); ++i) race.run(random.line() + (random.one_in(2) ? "\n" : random.one_in(2) ? "\r\n" : ""));
  }
}

TEST_P(RaceTest, HeadersInMessages) {
  for (std::size_t round = 0; round < rounds(); ++round) {
    Race race(GetParam());
    kit::RandomHeaders random(3 + round * 1000);
    for (int i = 0; i < kit::rounds(500); ++i) race.run(random.line());
  }
}

TEST_P(RaceTest, MutationsOfEvents) {
  for (std::size_t round = 0; round < rounds(); ++round) {
    Race race(GetParam());
    kit::RandomEvents random(2 + round * 1000);
    for (int i = 0; i < 100; ++i) {
      std::string event = random.event();
      for (int k = 0; k < 6; ++k) race.run(event = random.mutated(event));
    }
  }
}

TEST_P(RaceTest, EventsThatNamePersons) {
  for (std::size_t round = 0; round < rounds(); ++round) {
    Race race(GetParam());
    kit::RandomEvents random(7 + round * 1000);
    for (int i = 0; i < kit::rounds(150); ++i) {
      for (const std::string& event : random.events_of_names(6)) race.run(event);
    }
  }
}

std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return lines;
  std::string line;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    line += static_cast<char>(c);
    if (c != '\n') continue;
    lines.push_back(line);
    line.clear();
  }
  pclose(pipe);
  return lines;
}

TEST_P(RaceTest, LabelledEvents) {
  const std::string file = PII_TEST_SHARED "/eval/paylog_dev.ndjson.gz";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  const std::vector<std::string> lines = lines_of("gzip -dc '" + file + "'");
  ASSERT_GT(lines.size(), 100U);
  Race race(GetParam());
  kit::RandomEvents random(3);
  const std::size_t step = (GetParam().name == "default" ? 1U : 10U) * static_cast<std::size_t>(10 / kit::rounds(10));
  for (std::size_t i = 0; i < lines.size(); i += step) {
    race.run(lines[i]);
    if (i % 4 == 0) race.run(random.mutated(lines[i]));
  }
}

// Every string in the vectors, whatever it stands for, is a text to mask.
void collect(const nlohmann::json& from, std::vector<std::string>& to) {
  if (from.is_string()) to.push_back(from.get<std::string>());
  for (const auto& part : from.is_structured() ? from : nlohmann::json::array()) collect(part, to);
}

TEST_P(RaceTest, AdversarialLeaves) {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(PII_TEST_VECTORS "/masking")) {
    if (entry.path().extension() == ".json") collect(nlohmann::json::parse(std::ifstream(entry.path())), texts);
  }
  ASSERT_GT(texts.size(), 100U);
  Race race(GetParam());
  kit::RandomEvents random(4);
  const std::size_t step = GetParam().name == "default" ? 1U : static_cast<std::size_t>(10 / kit::rounds(10));
  for (std::size_t i = 0; i < texts.size(); i += step) {
    const std::string& text = texts[i];
    const auto quoted = nlohmann::json(text).dump(-1, ' ', random.one_in(2), nlohmann::json::error_handler_t::replace);
    race.run(text);
    race.run(R"({"message":)" + quoted + R"(,"phone":)" + quoted + "}");
    race.run("{" + quoted + ":[" + quoted + "]}");
    race.run(random.mutated(text));
  }
}

// What hides, and what no longer does, once what stands beside it is masked; values that only look like placeholders.
TEST_P(RaceTest, GluedValues) {
  constexpr const char* kGlued[] = {"Token x1y2z3a4b5", "Basic YWRhOnB3", "Bearer abcdefghijklmnopqrstuvwxyz", "+96555512345", "284101612345",
                                    "ada@example.com", "10.1.2.3", "GB82WEST12345698765432", "12345", "password=%S3cr3t!pw", "token=%Secret1x9",
                                    "pwd=%s", "password: %S", "secret=NULL", "api_key=${KEY}x1y2z3", "x"};
  constexpr const char* kGlue[] = {".", "-", "+", " ", "", ",", "_", "/", ":"};
  Race race(GetParam());
  kit::RandomEvents random(5);
  for (int i = 0; i < kit::rounds(600); ++i) {
    std::string text;
    for (std::size_t pieces = 2 + random.below(4); pieces > 0; --pieces) {
      text += kGlued[random.below(std::size(kGlued))];
      if (pieces > 1) text += kGlue[random.below(std::size(kGlue))];
    }
    race.run(text);
    race.run(R"({"message":")" + text + R"("})");
  }
}

// Headers in one another's values, with quotes or without.
TEST_P(RaceTest, HeadersInHeaders) {
  constexpr const char* kPieces[] = {"cookie:", "Cookie: ", "set-cookie=", "Set-Cookie: ", "authorization: ", "Authorization=", "password=", "token: ",
                                     "email=", "Bearer ", "none", "-", "sid=hunter2abc", "a=", "Path=/", "Secure", "[COOKIE]", "****", "ada@example.com",
                                     "Sara Ahmed", "10.1.2.3", "x1y2z3a4b5"};
  constexpr const char* kGlue[] = {"", "", " ", ", ", "; ", ";", "\"", "'", "\\\"", " ", "=", ">", "?", "\n"};
  kit::TestMasker first(GetParam().spec), second(GetParam().spec);
  for (std::size_t round = 0; round < rounds(); ++round) {
    Race race(GetParam());
    kit::RandomEvents random(6 + round * 1000);
    for (int i = 0; i < kit::rounds(1500); ++i) {
      std::string text;
      for (std::size_t pieces = 3 + random.below(8); pieces > 0; --pieces) {
        text += kPieces[random.below(std::size(kPieces))];
        text += kGlue[random.below(std::size(kGlue))];
      }
      race.run(text);
      const std::string once = first.lines(text);
      // What no longer fits the limits is redacted.
      if (GetParam().name == "with_small_limits" && once.size() > 200) continue;
      EXPECT_EQ(second.lines(once), once) << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, RaceTest, testing::ValuesIn(kit::race_policies()),
                         [](const auto& tested) { return kit::test_name(tested.param); });

}  // namespace
}  // namespace pii
