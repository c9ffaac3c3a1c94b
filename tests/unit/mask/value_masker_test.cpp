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

MaskAction action(MaskAction::Type type) {
  MaskAction result;
  result.type = type;
  return result;
}

void set_action(PolicySpec& spec, Detector detector, MaskAction to) { spec.actions[static_cast<std::size_t>(detector)] = std::move(to); }

// What the engine's own policies do only beside patterns or paths, which leave every value to its event.
PolicySpec with_actions() {
  PolicySpec spec = *PolicySpec::profile("gulf-payments");
  spec.inherit = PolicySpec::Inherit::objects;
  spec.allow_test_cards = true;
  spec.skip_private_ips = true;
  spec.context_required = {Detector::card};
  MaskAction partial = action(MaskAction::Type::partial), card = action(MaskAction::Type::card_parts), label = action(MaskAction::Type::redact);
  partial.keep_last = card.keep_last = 4;
  card.bin = 8;
  label.label = "[{detector}]";
  set_action(spec, Detector::phone, partial);
  set_action(spec, Detector::card, card);
  set_action(spec, Detector::email, action(MaskAction::Type::keep_domain));
  set_action(spec, Detector::ipv4, action(MaskAction::Type::ip_prefix));
  set_action(spec, Detector::ipv6, action(MaskAction::Type::ip_prefix));
  set_action(spec, Detector::iban, label);
  spec.sensitive_keys = {{"note", Detector::person_name}, {"amount", Detector::generic}, {"trace", Detector::card}};
  spec.drop_keys = {"otp", "message"};
  spec.safe_keys = {"detail", "password"};
  return spec;
}

PolicySpec with_allowed() {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.allow_values = {"fatima.ali@example.com", "ahmad", "4111111111111111", "10.0.0.1"};
  spec.allow_domains = {"example.org", "example.com"};
  spec.never_scan = {"**.id", "trace"};
  set_action(spec, Detector::ipv4, action(MaskAction::Type::ip_prefix));
  return spec;
}

PolicySpec with_ciphertexts() {
  PolicySpec spec = *PolicySpec::profile("gulf-payments");
  for (MaskAction& of : spec.actions) {
    if (of.type == MaskAction::Type::token) of = action(MaskAction::Type::encrypt);
  }
  return spec;
}

std::vector<kit::RacePolicy> policies() {
  auto all = kit::race_policies();
  all.push_back({"with_actions", with_actions()});
  all.push_back({"with_allowed", with_allowed()});
  all.push_back({"with_ciphertexts", with_ciphertexts()});
  return all;
}

constexpr const char* kGlue[] = {"", "-", ".", "_", ":", "=", "}", "]", "(", ", ", " ", "/", "&", ";", "@", " x-api-key=", " ip=", "&email=", " name: "};

class ValueMaskerRace : public testing::TestWithParam<kit::RacePolicy> {};

TEST_P(ValueMaskerRace, AValueIsMaskedAsInAnEventOfItsOwn) {
  for (const bool with_keys : {true, false}) {
    Masker by_value = masker_of(GetParam().spec, with_keys), by_event = masker_of(GetParam().spec, with_keys);
    kit::RandomEvents random(30);
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
      // Glued together, so that what becomes of one decides how the next is read.
      for (std::size_t more = random.one_in(3) ? random.below(4) : 0; more > 0; --more) text += kGlue[random.below(std::size(kGlue))] + random.piece();
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
    } else if (const std::string& name = GetParam().name; name == "default" || name == "with_actions" || name == "with_allowed" || name == "with_ciphertexts") {
      EXPECT_GT(alone, static_cast<std::size_t>(kit::rounds(480)));
      EXPECT_GT(changed, static_cast<std::size_t>(kit::rounds(name == "with_allowed" ? 200 : 240)));
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Policies, ValueMaskerRace, testing::ValuesIn(policies()),
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

// What was found is read in another way once a part of it is a token: its event is masked until nothing changes.
TEST_F(ValueMaskerTest, WhatIsToBeLookedAtAgainIsLeftToItsEvent) {
  const Keys keys = {"customer", "debug_blob"};
  const std::string text =
      "8.8.8.8; ip=+971-50-123-4567}api_key=abcd123 items:v1.2.3.4, true]x-api-key=ghp_0123456789abcdefghijABCDEFGHIJ012345]4242 4242 4242 4242(12:34:"
      "56{2066663256430499700=";
  Masker::ValuePlace place(keys);
  EXPECT_EQ(value(masker_, place, text), "in its event");
  EXPECT_EQ(masker_.counts().findings(), 0U);
  EXPECT_EQ(masked(masker_, event_of(keys, text)).find("4242 4242"), std::string::npos);
}

TEST_F(ValueMaskerTest, APlaceThatLiesTooDeepIsLeftToItsEvent) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.max_depth = 3;
  Masker masker = masker_of(spec, true);
  Masker::ValuePlace deep({"a", "b", "c", "note"}), deepest({"a", "b", "note"});
  EXPECT_EQ(value(masker, deep, "plain"), "in its event");
  EXPECT_EQ(masked(masker, event_of({"a", "b", "c", "note"}, "plain")).find("plain"), std::string::npos);
  EXPECT_EQ(value(masker, deepest, "plain"), "plain");
  EXPECT_NE(masked(masker, event_of({"a", "b", "note"}, "plain")).find("plain"), std::string::npos);
}

// Nothing of what another one has decided, or one that is no more.
TEST_F(ValueMaskerTest, APlaceFollowsTheMaskerThatItIsUsedWith) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.safe_keys = {"password"};
  Masker::ValuePlace place({"password"});
  Masker safe = masker_of(spec, true);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(value(safe, place, "hunter"), "hunter");
    EXPECT_EQ(value(masker_, place, "hunter").find("hunter"), std::string::npos);
  }
  EXPECT_EQ(value(safe, place, "hunter"), "hunter");
  safe = masker_of(*PolicySpec::profile("default"), true);
  EXPECT_EQ(value(safe, place, "hunter").find("hunter"), std::string::npos);
  Masker moved = std::move(safe);
  EXPECT_EQ(value(moved, place, "hunter").find("hunter"), std::string::npos);
}

// What stands under a key of e-mails and has an `@` in it is one: only where nothing else could be.
TEST_F(ValueMaskerTest, AnAtMakesNoMailOfWhatElseIsFound) {
  kit::RacePolicy policy{"all", *PolicySpec::profile("gulf-payments")};
  for (int i = 1; i < kDetectorCount; ++i) policy.spec.enabled.insert(static_cast<Detector>(i));
  // So that it shows which detector it was.
  MaskAction label = action(MaskAction::Type::redact);
  label.label = "[{detector}]";
  policy.spec.actions.fill(label);
  kit::MaskRace race(policy, true);
  std::vector<std::string> samples = {
      "+965 9988 7766", "99887766", "4111111111111111", "4111 1111 1111 1111", "%B4111111111111111^ADA/L^2512101?", "GB82WEST12345698765432", "NBOKKWKW",
      "284101612345", "1012345674", "784-1990-1234567-6", "219-09-9999", "900-70-0000", "943 476 5919", "AB123456C", "12345678Z", "RSSMRA85T10A562S",
      "2234 5678 9124", "ABCPE1234F", "35202-1234567-1", "529.982.247-25", "11.222.333/0001-81", "10.1.2.3", "2001:db8::1", "00:1b:44:11:3a:b7",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLWl0", "Bearer abcdefghijklmnopqrstuvwxyz", "Basic YWRhOmh1bnRlcjI=",
      "ghp_0123456789abcdefghijABCDEFGHIJ012345", "AKIAIOSFODNN7EXAMPLE", "xoxb-123456789012-abcdefghijklmnop", "https://ada:hunter2@example.com/x",
      "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "0x52908400098527886E0F7780fC2baBFEe2e4A8a1", "490154203237518", "8996501234567890123", "1HGCM82633A004352",
      "password=hunter2", "email=ada@example.com", "ada@example.com", "-----BEGIN PRIVATE KEY-----", "sk_live_0123456789abcdefghijklmn"};
  kit::RandomEvents random(11);
  for (int i = 0; i < 60; ++i) samples.push_back(random.piece());
  for (std::string& sample : samples) {
    std::erase_if(sample, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
    std::vector<std::string> texts = {sample, sample + "@example.com", "ada@" + sample, "ada@example.com " + sample, sample + " ada@example.com"};
    for (std::size_t at = 0; at <= sample.size() && sample.size() < 80; ++at) {
      texts.push_back(std::string(sample).insert(at, "@"));
      if (at < sample.size()) texts.push_back(std::string(sample).replace(at, 1, "@"));
    }
    for (const std::string& text : texts) {
      const std::string differs = race.differs(event_of({"customer", "email"}, text));
      ASSERT_TRUE(differs.empty()) << differs;
    }
  }
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
