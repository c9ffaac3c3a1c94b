#include "keyset/context_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "pii/names.hpp"
#include "unit/keyset/allocation_counter.hpp"

namespace pii {
namespace {

using Context = ContextCache::Context;
using crypto::HmacState;

const std::string kKey(32, 'k');
std::span<const std::byte> key() { return std::as_bytes(std::span(kKey)); }

bool same(const HmacState& a, const HmacState& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// The state of context `text` under key(), by the definition.
HmacState expected(std::string_view text) {
  HmacState master;
  HmacState state;
  std::byte derived[crypto::kMacSize];
  crypto::hmac_prepare(key(), master);
  crypto::hmac_sha256(master, text, derived);
  crypto::hmac_prepare(derived, state);
  return state;
}

TEST(ContextCache, DerivesAStateOnceAndFindsItAgain) {
  ContextCache cache;
  HmacState scratch;
  const Context context(0, "prod", "email", 5);
  EXPECT_EQ(cache.find(context), nullptr);
  const HmacState& derived = cache.derive(key(), context, scratch);
  EXPECT_NE(&derived, &scratch);
  EXPECT_TRUE(same(derived, expected("prod|email")));
  EXPECT_EQ(cache.find(context), &derived);
  EXPECT_EQ(&cache.derive(key(), context, scratch), &derived);
}

TEST(ContextCache, KeepsNoViewOfItsCallers) {
  ContextCache cache;
  HmacState scratch;
  std::string environment = "prod";
  std::string field = "email";
  const HmacState& derived = cache.derive(key(), Context(0, environment, field, 5), scratch);
  environment.assign(4, 'x');
  field.assign(5, 'x');
  EXPECT_EQ(cache.find(Context(0, "prod", "email", 5)), &derived);
  EXPECT_EQ(cache.find(Context(0, "xxxx", "xxxxx", 5)), nullptr);
}

TEST(ContextCache, TellsContextsOfOneHashApart) {
  ContextCache cache;
  HmacState scratch;
  const std::pair<std::string, std::string> kNames[] = {{"a", "b|c"},
                                                        {"a|b", "c"},
                                                        {"a", "b"},
                                                        {"a", "c"},
                                                        {"b", "b"},
                                                        {"bcd", "b"},
                                                        {"bxd", "b"},
                                                        {"abcde", "b"},
                                                        {"abcxe", "b"},
                                                        {"b", "123456789abcdef"},
                                                        {"b", "1234567x9abcdef"},
                                                        {"", "a|b"},
                                                        // Alike at both ends and in size.
                                                        {"12345678-a-12345678", "b"},
                                                        {"12345678-b-12345678", "b"},
                                                        {"b", "12345678-a-12345678"},
                                                        {"b", "12345678-b-12345678"}};
  std::vector<const HmacState*> states;
  auto colliding = [](std::size_t index, const auto& names) {
    Context context(index, names.first, names.second, 0);
    context.hash = 7;
    return context;
  };
  for (const std::size_t index : {0U, 1U}) {
    for (const auto& names : kNames) states.push_back(&cache.derive(key(), colliding(index, names), scratch));
  }
  EXPECT_EQ(std::set(states.begin(), states.end()).size(), states.size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    const auto& names = kNames[i % std::size(kNames)];
    EXPECT_EQ(cache.find(colliding(i / std::size(kNames), names)), states[i]);
    EXPECT_TRUE(same(*states[i], expected(names.first + "|" + names.second)));
  }
}

TEST(ContextCache, DerivesAsideWhenItIsFull) {
  ContextCache cache;
  HmacState scratch;
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < ContextCache::kCapacity + 10; ++i)
    fields.push_back("field" + std::to_string(i));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const HmacState& state = cache.derive(key(), Context(0, "prod", fields[i], i), scratch);
    EXPECT_TRUE(same(state, expected("prod|" + fields[i]))) << i;
    EXPECT_EQ(&state == &scratch, i >= ContextCache::kCapacity) << i;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    EXPECT_EQ(cache.find(Context(0, "prod", fields[i], i)) != nullptr, i < ContextCache::kCapacity) << i;
  }
}

TEST(ContextCache, DerivesAsideWhenLongNamesHaveFilledIt) {
  ContextCache cache;
  HmacState scratch;
  const std::string longest(kMaxNameSize, 'e');
  std::size_t kept = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    std::string field = longest;
    field.replace(0, 2, std::to_string(10 + i));
    const HmacState& state = cache.derive(key(), Context(0, longest, field, i), scratch);
    EXPECT_TRUE(same(state, expected(longest + "|" + field)));
    kept += &state != &scratch ? 1U : 0U;
  }
  EXPECT_EQ(kept, ContextCache::kTextCapacity / (2 * kMaxNameSize + 1));
}

TEST(ContextCache, AllocatesNothingOnceItIsMade) {
  ContextCache cache;
  HmacState scratch;
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < 2 * ContextCache::kCapacity; ++i)
    fields.push_back("a field of some length " + std::to_string(i));
  const kit::AllocationCounter counter;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Context context(0, "prod", fields[i], i);
    if (cache.find(context) == nullptr) cache.derive(key(), context, scratch);
    cache.find(context);
  }
  EXPECT_EQ(counter.count(), 0U);
}

TEST(ContextCache, ServesManyThreads) {
  ContextCache cache;
  std::vector<std::string> fields;
  std::vector<HmacState> states;
  for (int i = 0; i < 300; ++i) {
    fields.push_back("field" + std::to_string(i));
    states.push_back(expected("prod|" + fields.back()));
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      HmacState scratch;
      for (std::size_t round = 0; round < 20; ++round) {
        for (std::size_t k = 0; k < fields.size(); ++k) {
          const std::size_t i = (k + t * 75) % fields.size();
          const Context context(0, "prod", fields[i], i * 31);
          const HmacState* state = cache.find(context);
          if (state == nullptr) state = &cache.derive(key(), context, scratch);
          if (!same(*state, states[i])) ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace pii
