// Memory that runs out, in every place in turn, and memory that a long event needed.
#include <gtest/gtest.h>

#include <new>
#include <thread>

#include "kit/failing_new.hpp"
#include "kit/mask_race.hpp"
#include "kit/masking.hpp"

namespace pii {
namespace {

// What must not come out, wherever a policy masks it.
constexpr std::string_view kValues[] = {"canary1@", "canary2@", "canary3@", "canary4@", "canary5@", "canary6@", "canary7", "canary8",
                                        "canary9@", "99887766", "99887755", "99887744", "Alsabah", "4111111111111111", "4111 1111",
                                        "klmnopqrstuv", "s3cr3tvalue1", "hunter2"};

constexpr std::string_view kLines =
    R"({"@timestamp":"2026-06-16T17:02:57.057Z","message":"mail canary1@example.com now","user":{"full_name":"Fatima Alsabah","email":)"
    R"("canary2@example.com","phone":"+96599887766"},"n":[1,2,{"card":"4111111111111111"}],"payload":{"email":"canary3@example.com",)"
    R"("note":"call +96599887755 or Fatima Alsabah"},"http":{"request":{"headers":{"authorization":"Bearer abcdefghijklmnopqrstuvwxyz",)"
    R"("cookie":"sid=s3cr3tvalue1; theme=dark"}}}})"
    "\n"
    R"({"payload":{"body":"{\"email\":\"canary4@example.com\",\"a\":[\"+96599887744\"]}"}})"
    "\n"
    R"({"payload":{"canary5@example.com":"v","CANARY5@example.com":1}})"
    "\n"
    "user canary6@example.com password=hunter2!Xy card 4111 1111 1111 1111\r\n"
    R"({"payload":{"url":"https://h/?email=canary7%40example.com&token=abcdef12345678","text":"canary8@example.com"}})"
    "\n\n"
    R"({"payload":{"emails":["canary9@example.com",["canary9@example.com"]],"k\u0065y":1,"a.b":{"c":[{"email":"canary9@example.com"}]}}})";

using Mask = void (*)(Masker& masker, std::string_view input, std::string& out);
void lines(Masker& masker, std::string_view input, std::string& out) { masker.mask_lines(input, out); }
void document(Masker& masker, std::string_view input, std::string& out) { masker.mask_document(input, out); }
void text(Masker& masker, std::string_view input, std::string& out) { masker.mask_text(input, out); }

Masker make_masker(const std::shared_ptr<const MaskPolicy>& policy) {
  const auto provider = std::make_shared<kit::StaticProvider>(kit::keyset(kit::kTokenDocument), kit::keyset(kit::kRevealDocument));
  return Masker(policy, {provider, kit::test_environment(), true});
}

// Masks `input` while an allocation fails.
struct FailingRun {
  bool failed = false;  // an allocation
  bool threw = false;
  std::string out = "before|";

  FailingRun(Masker& masker, Mask mask, std::string_view input, std::size_t after, bool for_good) {
    kit::fail_allocations(after, for_good);
    try {
      mask(masker, input, out);
    } catch (const std::bad_alloc&) {
      threw = true;
    }
    failed = kit::stop_failing();
  }
};

void expect_closed(const FailingRun& run, const MaskCounts& counts, const std::string& expected) {
  if (run.threw) {
    EXPECT_EQ(run.out, "before|");
  } else {
    EXPECT_TRUE(kit::revealed(run.out) == "before|" + expected || counts.failed > 0) << run.out;
  }
  for (const std::string_view value : kValues) {
    const bool stays = expected.find(value) != std::string::npos;
    EXPECT_TRUE(stays || run.out.find(value) == std::string::npos) << value << " in " << run.out;
  }
}

void expect_as_ever(Masker& masker, Mask mask, std::string_view input, const std::string& expected) {
  std::string out;
  mask(masker, input, out);
  EXPECT_EQ(kit::revealed(out), expected);
}

class MaskMemoryTest : public testing::TestWithParam<kit::RacePolicy> {};

// In each run another allocation fails, alone or with all behind it, until a run makes none that could. Nothing that is masked comes
// out, and the same masker then masks as ever: by walking, and by the shapes that it has learned.
void fail_each(const std::shared_ptr<const MaskPolicy>& policy, Mask mask, std::string_view input) {
  std::string expected;
  Masker fresh = make_masker(policy);
  mask(fresh, input, expected);
  expected = kit::revealed(expected);
  for (const bool for_good : {false, true}) {
    bool failed = true;
    std::size_t n = 0;
    for (; failed && !testing::Test::HasFailure(); ++n) {
      SCOPED_TRACE("allocation " + std::to_string(n) + (for_good ? " and all behind it" : ""));
      // A thread of its own: what threads keep is made anew.
      std::thread([&] {
        Masker masker = make_masker(policy);
        const FailingRun run(masker, mask, input, n, for_good);
        failed = run.failed;
        expect_closed(run, masker.counts(), expected);
        for (int again = 0; again < 2; ++again) expect_as_ever(masker, mask, input, expected);
      }).join();
    }
    EXPECT_GT(n, 5U);
  }
}

TEST_P(MaskMemoryTest, AnAllocationThatFailsLeaksNothingAndSpoilsNothing) {
  const auto policy = *MaskPolicy::compile(GetParam().spec);
  fail_each(policy, lines, kLines);
  const std::string_view first = kLines.substr(0, kLines.find('\n'));
  fail_each(policy, document, first);
  fail_each(policy, text, "user canary6@example.com password=hunter2!Xy card 4111 1111 1111 1111");
}

std::vector<kit::RacePolicy> policies() {
  auto all = kit::race_policies();
  std::erase_if(all, [](const kit::RacePolicy& policy) { return policy.name.starts_with("with_") ? policy.name == "with_paths" : policy.name != "default"; });
  all.push_back({"ecsctx-fixed", *PolicySpec::profile("ecsctx-fixed")});
  all.push_back({"ecsctx-compat", *PolicySpec::profile("ecsctx-compat")});
  return all;
}
INSTANTIATE_TEST_SUITE_P(Policies, MaskMemoryTest, testing::ValuesIn(policies()), [](const auto& tested) { return kit::test_name(tested.param); });

// The table of places is full and begins anew, before the event or within it. (By ecsctx's rules keys are decided quickly.)
TEST(MaskMemory, AnAllocationThatFailsWhilePlacesAreForgottenSpoilsNothing) {
  const auto policy = *MaskPolicy::compile(*PolicySpec::profile("ecsctx-fixed"));
  const std::string event = R"({"payload":{"a":"x","deep":{"email":"canary1@example.com","b":{"c":["canary2@example.com"]}}},"k0":1,"k1":2,"k2":3,"k3":4,)"
                            R"("k4":{"k5":"canary3@example.com"},"z":{"phone":"+96599887766"}})";
  std::string expected;
  Masker fresh = make_masker(policy);
  fresh.mask_lines(event, expected);
  ASSERT_EQ(expected.find("canary1@"), std::string::npos);
  for (const int members : {962, 964}) {
    // 17 objects: the table has 16,384 entries.
    std::string many;
    for (int i = 0; i < 17; ++i) {
      many += (i == 0 ? "{\"o" : ",\"o") + std::to_string(i) + "\":{";
      for (int k = 0; k < members; ++k) many += (k == 0 ? "\"k" : ",\"k") + std::to_string(k) + "\":0";
      many += "}";
    }
    many += "}";
    bool failed = true;
    for (std::size_t n = 0; failed && !HasFailure(); ++n) {
      SCOPED_TRACE("allocation " + std::to_string(n));
      Masker masker = make_masker(policy);
      std::string out;
      masker.mask_lines(many, out);
      const FailingRun run(masker, lines, event, n, false);
      failed = run.failed;
      expect_closed(run, masker.counts(), expected);
      for (int again = 0; again < 2; ++again) expect_as_ever(masker, lines, event, expected);
    }
  }
}

// An allocation that fails, in every place in turn, leaves the value to its event: nothing is written, and nothing counted.
TEST(MaskMemory, AnAllocationThatFailsLeavesAValueToItsEvent) {
  PolicySpec spec = *PolicySpec::profile("default");
  MaskAction label;
  label.type = MaskAction::Type::redact;
  spec.actions[static_cast<std::size_t>(Detector::phone)] = label;
  const auto policy = *MaskPolicy::compile(spec);
  const std::pair<std::vector<std::string>, std::string> values[] = {{{"customer", "contact", "email"}, "canary1@example.com"},
                                                                     {{"payload", "note"}, "mail canary2@example.com, call +96599887766"},
                                                                     {{"payload", "note"}, "canary3@example.com" + std::string(600, ' ') + "+96599887766"}};
  for (const auto& value : values) {
    const std::vector<std::string>& keys = value.first;  // no bindings: clang 14 captures none
    const std::string& text = value.second;
    for (const bool with_keys : {true, false}) {
      std::string expected = "before|";
      const auto make = [&, with = with_keys] { return with ? make_masker(policy) : Masker(policy, {}); };
      Masker fresh = make();
      Masker::ValuePlace fresh_place(keys);
      ASSERT_TRUE(fresh.mask_value(fresh_place, text, expected));
      ASSERT_EQ(expected.find("canary"), std::string::npos);
      std::size_t n = 0, left = 0;
      for (bool failed = true; failed && !testing::Test::HasFailure(); ++n) {
        SCOPED_TRACE("allocation " + std::to_string(n));
        std::thread([&] {
          Masker masker = make();
          Masker::ValuePlace place(keys);
          std::string out = "before|";
          kit::fail_allocations(n, true);
          const bool by_value = masker.mask_value(place, text, out);
          failed = kit::stop_failing();
          EXPECT_EQ(out, by_value ? expected : "before|");
          EXPECT_EQ(masker.counts().found, by_value ? fresh.counts().found : MaskCounts().found);
          EXPECT_EQ(masker.counts().failed, 0U);
          EXPECT_EQ(masker.counts().redacted_without_key, by_value ? fresh.counts().redacted_without_key : 0U);
          EXPECT_EQ(masker.counts().bytes_in, by_value ? text.size() : 0U);
          left += by_value ? 0U : 1U;
          std::string again = "before|";
          EXPECT_TRUE(masker.mask_value(place, text, again));
          EXPECT_EQ(again, expected);
        }).join();
      }
      EXPECT_GT(left, 5U);
    }
  }
}

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}

/// Members, of more than an object has before some share a place.
std::string map_of(std::size_t bytes, const std::string& key) {
  std::string out;
  for (int i = 0; out.size() < bytes; ++i) out += "\"" + key + std::to_string(i) + "\":\"plain plain plain plain plain plain plain plain\",";
  return out;
}

TEST(MaskMemory, WhatALongEventNeededIsGivenBack) {
  constexpr std::size_t kLong = std::size_t{3} << 20, kKept = std::size_t{512} << 10;
  PolicySpec spec = *PolicySpec::profile("default");
  spec.max_line_bytes = spec.max_leaf_bytes = 16 * kLong;
  const auto policy = *MaskPolicy::compile(spec);
  const std::string ordinary = R"({"a":"x@example.com","b":[1,{"c":"\u0041 +96599887766"}],"full_name":"Fatima Alsabah"})";
  const std::string cases[] = {R"({"a":")" + repeated("plain ", kLong) + R"("})",
                               R"({"a":")" + repeated("x@example.com ", kLong) + R"("})",
                               R"({"a":")" + repeated("\\u0041 12345 ", kLong) + R"("})",
                               R"({"a":")" + repeated("mobile 99887766 ", kLong) + R"("})",
                               R"({"a":"[)" + repeated("1,", kLong) + R"(1]"})",
                               R"({"full_name":"Fatima Alsabah","a":[)" + repeated(R"("s",)", kLong) + "1]}",
                               R"({"full_name":")" + repeated("Fatima ", kLong) + R"("})",
                               R"({")" + repeated("k", kLong) + R"(":1})",
                               repeated("card 4111 1111 1111 1111, ", kLong),
                               R"({"a":")" + repeated("email=x first_name=Fatima&", kLong) + R"("})",
                               repeated("a: email: x@example.com=b ", kLong),
                               "{" + map_of(kLong, "k") + R"("z":1})",
                               "{" + map_of(kLong, "email") + R"("z":1})",
                               "{" + map_of(kLong, "\xc3\xa9") + R"("z":1})",
                               R"({")" + repeated("k", kLong / 2) + R"(":{)" + map_of(kLong / 2, "k") + R"("z":1}})"};
  for (const std::string& event : cases) {
    Masker masker = make_masker(policy);
    std::string out;
    out.reserve(16 * kLong);
    const auto mask = [&](std::string_view line) {
      out.clear();
      masker.mask_lines(line, out);
      return kit::live_bytes();
    };
    mask(ordinary);
    const std::size_t before = mask(ordinary);
    mask(event);
    EXPECT_LT(mask(ordinary), before + kKept) << event.substr(0, 40);
    ASSERT_LE(out.capacity(), 16 * kLong);
    EXPECT_EQ(masker.counts().failed, 0U);
  }
}

}  // namespace
}  // namespace pii
