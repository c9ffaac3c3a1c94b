#include "mask/place_table.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "kit/masking.hpp"

namespace pii::mask {
namespace {

std::shared_ptr<const MaskPolicy> policy(std::vector<PathRule> paths = {}) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.paths = std::move(paths);
  return *MaskPolicy::compile(std::move(spec));
}

TEST(PlaceTable, FindsAnEntryAgain) {
  const auto of = policy();
  PlaceTable table(*of);
  Entry& email = table.member(table.root(), "email");
  EXPECT_EQ(email.treatment, Treatment::whole);
  EXPECT_EQ(email.type, Detector::email);
  EXPECT_EQ(&table.member(table.root(), "email"), &email);
  EXPECT_NE(&table.member(email, "email"), &email);
  EXPECT_EQ(table.member(table.root(), "e\\u006dail").treatment, Treatment::whole);
  EXPECT_EQ(table.member(table.root(), "message").treatment, Treatment::scan);
}

TEST(PlaceTable, GrowsAndStillTellsKeysApart) {
  const auto of = policy();
  PlaceTable table(*of);
  std::vector<std::pair<std::string, Entry*>> entries;
  for (int i = 0; i < 20000; ++i) {
    // Long keys that differ in the middle only, short ones, and the same below another.
    std::string key = i % 3 == 0 ? "prefix_of_a_key_" + std::to_string(i) + "_and_its_suffix" : "k" + std::to_string(i);
    entries.emplace_back(key, &table.member(table.root(), key));
  }
  EXPECT_TRUE(table.full());
  for (const auto& [key, entry] : entries) {
    ASSERT_EQ(entry->key, key);
    ASSERT_EQ(&table.member(table.root(), key), entry);
  }
  table.clear();
  EXPECT_FALSE(table.full());
  EXPECT_EQ(table.member(table.root(), "email").treatment, Treatment::whole);
}

TEST(PlaceTable, ElementsAreOneEntryUnlessAPathNamesThem) {
  const auto of = policy({{"a[1]", PathRule::Exempt::all}});
  PlaceTable table(*of);
  Entry& a = table.member(table.root(), "a");
  Entry& b = table.member(table.root(), "b");
  EXPECT_EQ(&table.element(b, 0), &table.element(b, 1));
  EXPECT_EQ(table.element(a, 0).treatment, Treatment::scan);
  EXPECT_EQ(table.element(a, 1).treatment, Treatment::untouched);
}

// What a path rule does to an array must not reach an element that a later rule decides.
TEST(PlaceTable, TheLastRuleDecidesElementsToo) {
  MaskAction drop;
  drop.type = MaskAction::Type::drop;
  const auto of = policy({{"email", PathRule::Exempt::none, drop}, {"email[1]", PathRule::Exempt::none}, {"email[2]", PathRule::Exempt::all}});
  PlaceTable table(*of);
  Entry& email = table.member(table.root(), "email");
  EXPECT_EQ(table.element(email, 0).treatment, Treatment::action);
  EXPECT_NE(table.element(email, 0).action, nullptr);
  EXPECT_EQ(table.element(email, 1).treatment, Treatment::whole);
  EXPECT_EQ(table.element(email, 2).treatment, Treatment::untouched);
}

// The table is cleared when it is full, in the middle of an event, too: what stands open then is found anew.
TEST(PlaceTable, ClearsInTheMiddleOfAnEvent) {
  kit::TestMasker masker("default");
  std::string event = R"({"customer":{"items":[{"email":["x@example.com"],"deep":{)";
  std::string expected = R"({"customer":{"items":[{"email":[")" + kit::token("email", "x@example.com") + R"("],"deep":{)";
  for (int i = 0; i < 40000; ++i) {
    // Each has its own entry, as no object has so many.
    const std::string member = (i % 1000 == 0 ? "\"o" + std::to_string(i) + "\":{" : "") + "\"key:" + std::to_string(i) + "\":\"v\"" +
                               (i % 1000 == 999 ? "}," : ",");
    event += member;
    expected += member;
  }
  const std::string end = R"("phone":"+96599887766"}},{"email":"x@example.com"}],"email":"x@example.com"}})";
  event += end;
  const std::string phone = kit::token("phone", "+96599887766"), email = kit::token("email", "x@example.com");
  expected += "\"phone\":\"" + phone + R"("}},{"email":")" + email + R"("}],"email":")" + email + "\"}}";
  EXPECT_EQ(masker.lines(event), expected);
  EXPECT_EQ(masker.lines(event), expected);
  EXPECT_EQ(masker.counts().findings(), 8U);
}

// An object of very many members is a map: what is in it needs no place for each of them.
TEST(PlaceTable, UnknownKeysOfAMapShareAnEntry) {
  const auto of = policy({{"k3.secret_path", PathRule::Exempt::all}, {"k5000", PathRule::Exempt::all}});
  PlaceTable table(*of);
  const auto next = [&table](const std::string& key, bool may_share = true) { return &table.next_member(table.root(), nullptr, key, may_share); };
  std::set<Entry*> own;
  for (int i = 0; i < 1024; ++i) own.insert(next("k" + std::to_string(i)));
  EXPECT_EQ(own.size(), 1024U);
  Entry* const rest = next("k9001");
  EXPECT_FALSE(own.contains(rest));
  for (int i = 9002; i < 30000; ++i) ASSERT_EQ(next("k" + std::to_string(i)), rest);
  EXPECT_FALSE(table.full());
  EXPECT_TRUE(own.contains(next("k3")));
  // What says something, or what a path names, or whoever asks for its own.
  EXPECT_EQ(next("email")->treatment, Treatment::whole);
  EXPECT_EQ(next("version_9")->version_like, true);
  EXPECT_EQ(next("k5000")->treatment, Treatment::untouched);
  EXPECT_NE(next("k3.secret_path"), rest);
  EXPECT_EQ(next("\\u006b9001"), rest);
  // Such as say the same share one as well.
  EXPECT_EQ(next("email_7000"), next("email_7001"));
  EXPECT_NE(next("email_7000"), next("host_7000"));
  EXPECT_NE(next("7000_user"), next("7000_host"));
  EXPECT_EQ(next("\xc3\xa9 7000"), next("\xc3\xa9 7001"));
  EXPECT_EQ(table.member(*next("7002_user"), "name").treatment, Treatment::whole);
  EXPECT_EQ(table.member(*next("7002_host"), "name").treatment, Treatment::scan);
  EXPECT_NE(next("k9001x", false), rest);
  // Below it.
  EXPECT_EQ(table.member(*rest, "email").treatment, Treatment::whole);
  EXPECT_EQ(PlaceTable::likely_member(table.root(), nullptr, rest->key, true), nullptr);
}

// Keys of what stands open that alone fill the table do not fill it again for each member.
TEST(PlaceTable, KeysThatStandOpenDoNotCountTwice) {
  const auto of = policy({});
  PlaceTable table(*of);
  Entry* const open = &table.member(table.root(), std::string(std::size_t{2} << 20, 'k'));
  EXPECT_TRUE(table.full());
  table.keep_what_stands();
  EXPECT_FALSE(table.full());
  for (int i = 0; i < 100; ++i) table.member(*open, "email" + std::to_string(i));
  EXPECT_FALSE(table.full());
  table.member(*open, std::string(std::size_t{2} << 20, 'x'));
  EXPECT_TRUE(table.full());
  table.clear();
  EXPECT_FALSE(table.full());
  table.member(table.root(), std::string(std::size_t{2} << 20, 'k'));
  table.keep_what_stands();
  table.begin_event();
  EXPECT_TRUE(table.full());
}

// A map of many members is masked as one of few is, each time.
TEST(PlaceTable, MapsOfManyMembers) {
  kit::TestMasker masker("default");
  std::string event = "{", expected = "{";
  const auto add = [&](const std::string& key, const std::string& value, const std::string& masked_key, const std::string& masked) {
    event += "\"" + key + "\":" + value + ",";
    expected += "\"" + masked_key + "\":" + masked + ",";
  };
  const std::string email = "\"" + kit::token("email", "x@example.com") + "\"", name = "\"" + kit::token("name", "Fatima Ali") + "\"";
  for (int i = 0; i < 4000; ++i) {
    const std::string key = "k" + std::to_string(i), address = "u" + std::to_string(i) + "@example.com";
    add(key, R"({"email":"x@example.com","n":["plain"]})", key, R"({"email":)" + email + R"(,"n":["plain"]})");
    if (i % 40 == 0) add(address, "1", kit::token("email", address), "1");
    if (i % 50 == 0) add(key + "_mail", "\"x@example.com\"", key + "_mail", email);
    if (i % 60 == 0) add("first_name" + std::to_string(i), "\"Fatima Ali\"", "first_name" + std::to_string(i), name);
  }
  event += "\"\":0}";
  expected += "\"\":0}";
  EXPECT_EQ(masker.lines(event), expected);
  EXPECT_EQ(masker.lines(event), expected);
  EXPECT_EQ(masker.lines(expected), expected);
}

// Each member as if it stood there alone, with all that hangs on it.
TEST(PlaceTable, MembersThatShareAPlaceAreMaskedAsOthersAre) {
  constexpr const char* kWords[] = {"email", "card", "user", "host", "name", "phone", "version", "token", "k", "\xc3\xa9", "address", "number", "x~", "Of"};
  constexpr const char* kValues[] = {R"("Al 4")", R"({"name":"Al 5","address":"Al 1","expiry":"12/27","email":"x","header":{"x-api-key":"a"}})", R"("10.1.2.3")",
                                     "1234567", R"(["99887766",{"number":"4","first":"Al 6"}])"};
  for (const char* profile : {"default", "ecsctx-fixed"}) {
    kit::TestMasker masker(profile);
    std::optional<kit::TestMasker> alone;
    std::string event = R"({"payload":{)", expected = event;
    for (std::size_t i = 0; i < 4000; ++i) {
      if (i % 500 == 0) alone.emplace(profile);  // so few that none shares
      const std::string member = std::string("\"") + kWords[i % 14] + (i % 3 == 0 ? "_" : i % 3 == 1 ? "." : "") + kWords[i / 14 % 14] + "_" +
                                 std::to_string(i) + "\":" + kValues[i % 5];
      const std::string masked = alone->lines(R"({"payload":{)" + member + "}}");
      event += member + ",";
      expected += masked.substr(12, masked.size() - 14) + ",";
    }
    event += "\"\":0}}";
    expected += "\"\":0}}";
    EXPECT_TRUE(masker.lines(event) == expected) << profile;
    EXPECT_TRUE(masker.lines(event) == expected) << profile;
  }
}

// Once a key is masked it is no name of a machine any more: what hung on it is looked at again.
TEST(PlaceTable, WhatHangsOnAMaskedKeyIsLookedAtAgain) {
  kit::TestMasker masker("default");
  for (const char* event : {R"({"x@example.host":{"address":"10 Downing Street"}})", R"({"x@example.host":[{"address":"10 Downing Street"}]})",
                            R"({"x@example.com":{"name":"Fatima Ali"}})", R"({"x@example.com":"x@example.com","X@example.com":2})"}) {
    const std::string masked = masker.lines(event);
    EXPECT_EQ(masker.lines(masked), masked) << event;
  }
}

TEST(QuietValue, KnowsOnlyWhatWasSet) {
  mask::QuietValue quiet;
  for (std::size_t size = 1; size < 600; ++size) EXPECT_FALSE(quiet.is(std::string(size, 'a'))) << size;
  for (std::size_t size = 1; size <= mask::QuietValue::kLongest; ++size) {
    const std::string value(size, 'a');
    quiet.set(value);
    EXPECT_TRUE(quiet.is(value)) << size;
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = value;
      other[i] = 'b';
      EXPECT_FALSE(quiet.is(other)) << size << ' ' << i;
    }
  }
  quiet.set(std::string(255, 'x'));  // too long to be kept
  EXPECT_FALSE(quiet.is(std::string(255, 'x')));
}

// Keys that had one hash while it was their words without a seed, each of which could be chosen to undo another.
TEST(PlaceTable, KeysCannotBeChosenToHaveOneHash) {
  std::set<std::size_t> hashes;
  std::mt19937_64 random(5);
  constexpr int kKeys = 2000;
  for (int i = 0; i < kKeys; ++i) {
    const std::uint64_t word = random(), first = word * 0x9E3779B97F4A7C15U ^ 0x6867666564636261U;
    std::string key(24, 'Z');
    std::memcpy(key.data(), &first, 8);
    std::memcpy(key.data() + 8, &word, 8);
    hashes.insert(KeyWords(key).hash(nullptr) % 65536);
  }
  EXPECT_GT(hashes.size(), kKeys * 9U / 10);
}

}  // namespace
}  // namespace pii::mask
