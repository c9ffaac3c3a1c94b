// Masker::mask_value() beside events that have the value alone.
#include "mask/value_masker.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "kit/effort.hpp"
#include "kit/mask_race.hpp"
#include "kit/masking.hpp"
#include "kit/random_events.hpp"

namespace pii {
namespace {

using Keys = std::vector<std::string>;

std::string event_of(const Keys& keys, std::string_view text) {
  std::string event;
  for (const std::string& key : keys) event += "{\"" + key + "\":";
  return event + '"' + std::string(text) + '"' + std::string(keys.size(), '}');
}

Masker masker_of(PolicySpec spec, bool with_keys) {
  MaskKeys keys;
  if (with_keys) keys = {kit::masking_provider(), kit::test_environment(), true};
  return Masker(*MaskPolicy::compile(std::move(spec)), std::move(keys));
}

std::string masked(Masker& masker, std::string_view lines) {
  std::string out;
  masker.mask_lines(lines, out);
  return out;
}

class ValueMaskerRace : public testing::TestWithParam<kit::RacePolicy> {};

TEST_P(ValueMaskerRace, AValueIsMaskedAsInAnEventOfItsOwn) {
  for (const bool with_keys : {true, false}) {
    Masker by_value = masker_of(GetParam().spec, with_keys), by_event = masker_of(GetParam().spec, with_keys);
    kit::RandomEvents random(7);
    std::vector<std::pair<Keys, Masker::ValuePlace>> places;
    for (int i = 0; i < 300; ++i) {
      Keys keys;
      for (std::size_t n = 1 + random.below(3); n > 0; --n) keys.push_back(random.key());
      places.emplace_back(keys, Masker::ValuePlace(keys));
    }
    std::size_t alone = 0, changed = 0;
    for (int i = 0; i < kit::rounds(1200); ++i) {
      auto& [keys, place] = places[random.below(places.size())];
      std::string text = random.one_in(3) ? random.text() : random.piece();
      std::erase_if(text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
      const std::string event = event_of(keys, text);
      const std::string expected = kit::revealed(masked(by_event, event));
      std::string out = "before ";
      if (by_value.mask_value(place, text, out)) {
        ++alone;
        ASSERT_TRUE(out.starts_with("before "));
        ASSERT_EQ(kit::revealed(event_of(keys, out.substr(7))), expected) << event;
        changed += out.substr(7) != text ? 1U : 0U;
      } else {
        ASSERT_EQ(out, "before ");
        ASSERT_EQ(kit::revealed(masked(by_value, event)), expected);
      }
      if (random.one_in(4)) {
        const std::string between = random.event();
        ASSERT_EQ(kit::revealed(masked(by_value, between)), kit::revealed(masked(by_event, between)));
      }
    }
    EXPECT_EQ(by_value.counts().found, by_event.counts().found) << "what was left to the event was counted twice";
    EXPECT_EQ(by_value.counts().failed, by_event.counts().failed);
    const PolicySpec& spec = GetParam().spec;
    if (spec.rules != PolicySpec::Rules::catalogue || !spec.custom.empty() || !spec.paths.empty()) {
      EXPECT_EQ(alone, 0U);
    } else if (GetParam().name == "default") {
      EXPECT_GT(alone, static_cast<std::size_t>(kit::rounds(480)));
      EXPECT_GT(changed, static_cast<std::size_t>(kit::rounds(240)));
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Policies, ValueMaskerRace, testing::ValuesIn(kit::race_policies()),
                         [](const auto& test) { return kit::test_name(test.param); });

class ValueMaskerTest : public testing::Test {
 protected:
  std::string value(Masker& masker, Masker::ValuePlace& place, std::string_view text) {
    std::string out;
    return masker.mask_value(place, text, out) ? out : "in its event";
  }
  Masker masker_ = masker_of(*PolicySpec::profile("default"), true);
};

TEST_F(ValueMaskerTest, KeysDecide) {
  Masker::ValuePlace mail({"extra", "mail"}), note({"extra", "note"}), password({"password"});
  EXPECT_EQ(value(masker_, mail, "Ada@Example.com"), kit::token("email", "ada@example.com"));
  EXPECT_EQ(value(masker_, mail, kit::token("email", "ada@example.com")), kit::token("email", "ada@example.com"));
  EXPECT_EQ(value(masker_, note, "to ada@example.com."), "to " + kit::token("email", "ada@example.com") + ".");
  EXPECT_EQ(value(masker_, note, "plain"), "plain");
  EXPECT_EQ(value(masker_, note, ""), "");
  EXPECT_EQ(value(masker_, password, "hunter2").find("hunter2"), std::string::npos);
  EXPECT_EQ(masker_.counts().found[static_cast<std::size_t>(Detector::email)], 2U);
  EXPECT_EQ(masker_.counts().events, 0U);
}

TEST_F(ValueMaskerTest, WhatMoreThanItsTextDecidesIsLeftToItsEvent) {
  Masker::ValuePlace note({"note"}), name({"customer_name"}), cookie({"cookie"}), found({"ada@example.com", "note"}), none({});
  for (const char* const text : {"a%40example.com", "caf\xC3\xA9 a@example.com", "{x a@example.com", "[1,2]"}) {
    EXPECT_EQ(value(masker_, note, text), "in its event") << text;
  }
  for (Masker::ValuePlace* const place : {&name, &cookie, &found, &none}) EXPECT_EQ(value(masker_, *place, "sid=1"), "in its event");
  EXPECT_EQ(value(masker_, note, std::string(PolicySpec::profile("default")->max_leaf_bytes + 1, 'x')), "in its event");
  class Listener final : public MaskListener {
    void on_finding(const MaskFinding&) override {}
  } listener;
  masker_.set_listener(&listener);
  EXPECT_EQ(value(masker_, note, "ada@example.com"), "in its event");
}

TEST_F(ValueMaskerTest, ALineThatWouldBeTooLongIsLeftToItsEvent) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.max_line_bytes = 1024;
  Masker masker = masker_of(spec, true);
  Masker::ValuePlace place({"a", "note"});
  const std::size_t around = event_of({"a", "note"}, "").size();
  for (const std::size_t size : {1024 - around, 1025 - around}) {
    const std::string text(size, 'x');
    EXPECT_EQ(value(masker, place, text), size + around == 1024 ? text : "in its event");
    EXPECT_EQ(masked(masker, event_of({"a", "note"}, text)).find("line_too_long") == std::string::npos, size + around == 1024);
  }
}

TEST_F(ValueMaskerTest, APlaceIsFoundAnewWhenTheTableHasBegunAnew) {
  Masker::ValuePlace mail({"extra", "mail"});
  const std::string token = kit::token("email", "ada@example.com");
  EXPECT_EQ(value(masker_, mail, "ada@example.com"), token);
  for (int round = 0; round < 3; ++round) {
    for (int k = 0; k < 40; ++k) {
      std::string many = "{\"in" + std::to_string(round * 100 + k) + "\":{";
      for (int i = 0; i < 600; ++i) many += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
      masked(masker_, many + "}}");
    }
    const std::string now = value(masker_, mail, "ada@example.com");
    EXPECT_TRUE(now == token || now == "in its event") << now;
    masked(masker_, "{}");
    EXPECT_EQ(value(masker_, mail, "ada@example.com"), token);
  }
}

}  // namespace
}  // namespace pii
