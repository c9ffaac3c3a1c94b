#include "mask/event_shapes.hpp"

#include <gtest/gtest.h>

#include "kit/effort.hpp"
#include "kit/mask_race.hpp"
#include "kit/masking.hpp"
#include "kit/random_events.hpp"

namespace pii::mask {
namespace {

// Learns events whose scalars are named by what stands for them: `"S"` is a string, `1` a number.
class ShapesTest : public testing::Test {
 protected:
  void learn(std::string_view event) {
    ASSERT_TRUE(index_.build(event, Reader::detectors));
    std::vector<Scalar> scalars;
    for (std::size_t i = 0; i < event.size(); ++i) {
      if (event[i] != 'S' && event[i] != '1') continue;
      const auto at = static_cast<std::uint32_t>(i);
      scalars.push_back({&entries_[scalars.size()], at, at + 1, event[i] == 'S'});
    }
    shapes_.learn(event, index_, scalars);
  }
  // The scalars found, with a blank behind each; "none" when the shape is not known.
  std::string found(std::string_view event) {
    if (!index_.build(event, Reader::detectors)) return "no JSON";
    const auto scalars = shapes_.find(event, index_, EventShapes::Wanted::touched);
    if (!scalars) return "none";
    std::string out;
    const Entry* entry = entries_;
    for (const Scalar& scalar : *scalars) {
      EXPECT_EQ(scalar.entry, entry++);
      out += (scalar.string ? "'" : "") + std::string(event.substr(scalar.begin, scalar.end - scalar.begin)) + " ";
    }
    return out;
  }

  Entry entries_[16];
  EventShapes shapes_;
  JsonIndex index_;
};

TEST_F(ShapesTest, OtherScalarsAreTheSameShape) {
  EXPECT_EQ(found(R"({"a":"S","b":1})"), "none");
  learn(R"({"a":"S","b":1})");
  EXPECT_EQ(found(R"({"a":"S","b":1})"), "'S 1 ");
  EXPECT_EQ(found(R"({"a":"","b":-1.5e3})"), "' -1.5e3 ");
  EXPECT_EQ(found(R"({"a":"x\"y {\\\"a","b":null})"), R"('x\"y {\\\"a null )");
}

TEST_F(ShapesTest, WhatIsNotTheSameIsNotFound) {
  learn(R"({"a":"S","b":1})");
  for (const std::string_view other : {R"({"a":"S","b":1} )", R"({"a":"S","b":1}})", R"({"a":"S","c":1})", R"({"a":"S" ,"b":1})", R"({"a":1,"b":1})",
                                       R"({"a":"S","b":"1"})", R"({"a":"S","b":{}})", R"({"a":"S","b":01})", R"({"a":"S","b":1 })", R"({"a":"S","b":})",
                                       R"({"a":"S","b":1)", R"({"a":"S"})", R"({})", R"({"a":"S","b":truex})", R"([{"a":"S","b":1}])", "1", ""}) {
    EXPECT_EQ(found(other), "none") << other;
  }
}

TEST_F(ShapesTest, ShapesMayBeginAlikeAndDifferInAnyPlace) {
  learn(R"({"a":"S","b":1})");
  learn(R"({"a":"S","b":"S"})");
  learn(R"({"a":1,"b":"S"})");
  learn(R"({"a":"S","b":1,"c":["S",1]})");
  EXPECT_EQ(found(R"({"a":"S","b":1})"), "'S 1 ");
  EXPECT_EQ(found(R"({"a":"S","b":"S"})"), "'S 'S ");
  EXPECT_EQ(found(R"({"a":1,"b":"S"})"), "1 'S ");
  EXPECT_EQ(found(R"({"a":"S","b":1,"c":["S",1]})"), "'S 1 'S 1 ");
  EXPECT_EQ(found(R"({"a":1,"b":1})"), "none");
}

// The short event has fewer brackets than stand between the long one's scalars.
TEST_F(ShapesTest, AShortEventMayBeginAsALongOne) {
  std::string empty;
  for (int i = 0; i < 3000; ++i) empty += "{},";
  const std::string begin = R"({"a":"S","b":[)";
  learn(begin + empty + R"(1]})");
  EXPECT_EQ(found(begin + empty + R"(2]})"), "'S 2 ");
  EXPECT_EQ(found(begin + R"({},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},1]})"), "none");
}

TEST_F(ShapesTest, NothingIsDoneAtUntouchedPlaces) {
  entries_[1].treatment = Treatment::untouched;
  learn(R"({"a":"S","b":1})");
  EXPECT_EQ(found(R"({"a":"x","b":12345678})"), "'x ");
  EXPECT_EQ(found(R"({"a":"x","b":2x})"), "none");
}

TEST_F(ShapesTest, WhatTheDetectorsWouldNotLookAtIsLeftOutIfWanted) {
  entries_[3].treatment = Treatment::whole;
  learn(R"(["S",1,"S","S",1])");
  const auto telling = [&](std::string_view event) {
    EXPECT_TRUE(index_.build(event, Reader::detectors));
    const auto scalars = shapes_.find(event, index_, EventShapes::Wanted::telling);
    EXPECT_TRUE(scalars.has_value());
    std::string out;
    for (const Scalar& scalar : scalars.value()) out += std::to_string(scalar.entry - entries_) + ' ';
    return out;
  };
  EXPECT_EQ(telling(R"(["plain",1,"",".2.",999999])"), "3 ");
  EXPECT_EQ(telling(R"(["a@b",1234567,"12345","",12345678901])"), "0 1 3 4 ");
  EXPECT_EQ(telling(R"(["12345",123456,"123456","plain",1])"), "2 3 ");
  EXPECT_EQ(telling(R"(["{",1,"1.2.3.","plain",1])"), "0 2 3 ");
}

TEST_F(ShapesTest, EventsThatAllDifferAreLearnedNoMore) {
  std::size_t learned = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string event = "{\"k" + std::to_string(i % 1000) + "\":1}";
    if (!shapes_.learns()) continue;
    ++learned;
    learn(event);
  }
  EXPECT_LT(learned, 100U);
  shapes_.clear();
  learn(R"([1])");
  EXPECT_EQ(found(R"([2])"), "2 ");
}

// A template of an event, `S` and `1` where strings and numbers go, of many members, some of whose keys are longer than what is compared at once.
std::string random_template(kit::RandomEvents& random, std::size_t members) {
  std::string text = "{";
  for (std::size_t i = 0; i < members; ++i) {
    text += (i == 0 ? "\"" : ",\"") + std::string(random.below(random.one_in(6) ? 50 : 9), 'k') + std::to_string(2 + i % 8) + "\":";
    text += random.one_in(3) ? "1" : random.one_in(9) ? "[\"S\",1]" : "\"S\"";
  }
  return text + "}";
}

// Its scalars, near what makes them tell.
std::string filled(std::string_view of, kit::RandomEvents& random) {
  static constexpr std::string_view kNumbers[] = {"0", "7", "123456", "1234567", "12345678901234567890", "-1", "0.5", "1e9", "true", "null", "01", "-", "1x"};
  std::string text;
  for (const char c : of) {
    if (c == 'S') {
      const std::size_t size = random.below(random.one_in(4) ? 150 : 12);
      const std::size_t telling = random.one_in(2) ? 0 : 1 + random.below(10);
      std::string value(size, 'v');
      for (std::size_t k = 0; k < telling && size > 0; ++k) value[random.below(size)] = "0123456789....@"[random.below(random.one_in(5) ? 15 : 14)];
      text += value;
    } else if (c == '1') {
      text += kNumbers[random.below(random.one_in(20) ? std::size(kNumbers) : 10)];
    } else {
      text += c;
    }
  }
  return random.one_in(10) ? random.mutated(text) : text;
}

TEST(Shapes, EveryLoopFindsTheSameScalars) {
  kit::RandomEvents random(33);
  Entry entries[64];
  for (std::size_t i = 0; i < std::size(entries); ++i) {
    entries[i].treatment = i % 7 == 3 ? Treatment::untouched : i % 11 == 5 ? Treatment::whole : Treatment::scan;
  }
  std::size_t known = 0;
  for (int i = 0; i < kit::rounds(300); ++i) {
    EventShapes portable(EventShapes::Loop::portable), fastest;
    JsonIndex index;
    std::vector<std::string> templates;
    for (int k = 0; k < 3; ++k) {
      std::string event = k > 0 && random.one_in(2) ? templates.front() : random_template(random, 1 + random.below(20));
      if (k > 0) event.insert(event.size() - 1, ",\"z\":1");
      std::vector<Scalar> scalars;
      for (std::size_t at = 0; at < event.size(); ++at) {
        const auto begin = static_cast<std::uint32_t>(at);
        if (event[at] == 'S' || event[at] == '1') scalars.push_back({&entries[scalars.size()], begin, begin + 1, event[at] == 'S'});
      }
      ASSERT_TRUE(index.build(event, Reader::detectors));
      portable.learn(event, index, scalars);
      fastest.learn(event, index, scalars);
      templates.push_back(event);
    }
    for (int k = 0; k < 40; ++k) {
      const std::string event = filled(templates[random.below(templates.size())], random);
      for (const Reader reader : {Reader::detectors, Reader::ecsctx}) {
        if (!index.build(event, reader)) continue;
        for (const auto wanted : {EventShapes::Wanted::touched, EventShapes::Wanted::telling}) {
          const auto one = portable.find(event, index, wanted), other = fastest.find(event, index, wanted);
          ASSERT_EQ(one.has_value(), other.has_value()) << kit::printable(event);
          if (!one) continue;
          ++known;
          ASSERT_EQ(one->size(), other->size()) << kit::printable(event);
          for (std::size_t n = 0; n < one->size(); ++n) {
            const Scalar &a = (*one)[n], &b = (*other)[n];
            ASSERT_TRUE(a.entry == b.entry && a.begin == b.begin && a.end == b.end && a.string == b.string) << kit::printable(event) << " at " << a.begin;
          }
        }
      }
    }
  }
  EXPECT_GT(known, static_cast<std::size_t>(kit::rounds(300)) * 40);
}

// A masker with a listener walks every event; one without goes by the shapes that it knows.
/// `wombat`, wherever it stands.
class Wombat final : public PatternMatcher {
 public:
  std::optional<Match> find(std::string_view text, std::size_t from) const override {
    const std::size_t at = text.find("wombat", from);
    return at == std::string_view::npos ? std::nullopt : std::optional<Match>({at, at + 6});
  }
};

// A pattern of a policy needs no telling byte: a short word that no built-in detector looks at is looked at all the same.
TEST(Shapes, PatternsOfAPolicySeePlainStringsToo) {
  PolicySpec spec = *PolicySpec::profile("default");
  MaskAction label;
  label.type = MaskAction::Type::redact;
  label.label = "[ANIMAL]";
  spec.custom.push_back({"animal", {}, std::make_shared<Wombat>(), {}, label});
  kit::TestMasker masker(spec);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(masker.lines(R"({"note":"wombat","n":1})"), R"({"note":"[ANIMAL]","n":1})");
}

class ShapesRaceTest : public testing::TestWithParam<kit::RacePolicy> {};

std::string with_other_scalars(std::string text, kit::RandomEvents& random) {
  for (char& c : text) {
    if (!random.one_in(4)) continue;
    if (c >= '0' && c <= '9') c = static_cast<char>('0' + random.below(10));
    if (c == 'a') c = "ae@ \\\"1"[random.below(random.one_in(8) ? 7 : 3)];
  }
  return text;
}

TEST_P(ShapesRaceTest, AreWalkedAsIfTheyWereUnknown) {
  kit::RandomEvents random(31);
  kit::TestMasker by_shape(GetParam().spec), walking(GetParam().spec);
  kit::RecordingListener listener;
  walking.set_listener(&listener);
  for (int i = 0; i < kit::rounds(60); ++i) {
    const std::string event = random.event();
    std::string line = event;
    for (int k = 0; k < 8; ++k) {
      ASSERT_EQ(kit::revealed(by_shape.lines(line)), kit::revealed(walking.lines(line))) << kit::printable(line);
      if (k >= 3) line = k == 6 ? random.mutated(event) : with_other_scalars(event, random);
    }
  }
  EXPECT_EQ(by_shape.counts().found, walking.counts().found);
  EXPECT_EQ(by_shape.counts().not_json, walking.counts().not_json);
}

TEST_P(ShapesRaceTest, NamesAreFoundAsIfEventsWereUnknown) {
  kit::RandomEvents random(32);
  kit::TestMasker by_shape(GetParam().spec), walking(GetParam().spec);
  kit::RecordingListener listener;
  walking.set_listener(&listener);
  for (int i = 0; i < kit::rounds(150); ++i) {
    for (const std::string& event : random.events_of_names(6)) {
      ASSERT_EQ(kit::revealed(by_shape.lines(event)), kit::revealed(walking.lines(event))) << kit::printable(event);
    }
  }
  EXPECT_EQ(by_shape.counts().found, walking.counts().found);
}

INSTANTIATE_TEST_SUITE_P(Policies, ShapesRaceTest, testing::ValuesIn(kit::race_policies()),
                         [](const auto& tested) { return kit::test_name(tested.param); });

}  // namespace
}  // namespace pii::mask
