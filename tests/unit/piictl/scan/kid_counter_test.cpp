#include "scan/kid_counter.hpp"

#include <gtest/gtest.h>

namespace piictl {
namespace {

const std::string kPayload43(43, 'A');
const std::string kCiphertext(40, 'b');

std::string counts_of(std::string_view text) {
  KidCounter counter;
  counter.scan(text);
  std::string out;
  for (const KidCount& kid : counter.counts()) {
    out +=
        kid.kind + " " + std::to_string(kid.version) + " " + kid.kid + " " + std::to_string(kid.count) + "\n";
  }
  return out;
}

TEST(KidCounter, finds_every_form_whatever_stands_around) {
  EXPECT_EQ(counts_of("{\"a\":\"ptok:v1:" + kPayload43 + "\"} ptok:v1:" + kPayload43 + ","), "token 1  2\n");
  EXPECT_EQ(counts_of("x=penc:v1:rk1:" + kCiphertext + ";penc:v1:rk2:" + kCiphertext +
                      "\npenc:v1:rk1:" + kCiphertext),
            "ciphertext 1 rk1 2\nciphertext 1 rk2 1\n");
  EXPECT_EQ(counts_of("ptok:v2:tk9:" + kPayload43 + " pidx:v2:ix:0f pfpt:v2:fp.1:123"),
            "format_token 2 fp.1 1\nindex 2 ix 1\ntoken 2 tk9 1\n");
  EXPECT_EQ(counts_of("penc:v2:~" + kPayload43 + ":" + kCiphertext), "ciphertext 2  1\n");
}

TEST(KidCounter, what_only_begins_like_one_is_none) {
  EXPECT_EQ(counts_of("ptok:v1:" + kPayload43 + "A"), "");
  EXPECT_EQ(counts_of("ptok:v1:short"), "");
  EXPECT_EQ(counts_of("xptok:v1:" + kPayload43), "");
  EXPECT_EQ(counts_of("penc:v1::" + kCiphertext + " penc:v1:rk1:short penc:v0:rk1:" + kCiphertext), "");
  EXPECT_EQ(counts_of("penc:v1:" + std::string(65, 'k') + ":" + kCiphertext), "");
  EXPECT_EQ(counts_of(":v1:"), "");
  EXPECT_EQ(counts_of("penc:v1:ada@example.com:" + kCiphertext), "");
}

TEST(KidCounter, agrees_at_every_place_of_a_block) {
  for (std::size_t before = 0; before < 130; ++before) {
    EXPECT_EQ(counts_of(std::string(before, ' ') + "ptok:v1:" + kPayload43), "token 1  1\n") << before;
  }
}

TEST(KidCounter, memory_is_bounded) {
  KidCounter a, b;
  for (int i = 0; i < 3000; ++i)
    (i % 2 == 0 ? a : b).scan("penc:v1:k" + std::to_string(i) + ":" + kCiphertext);
  a.merge(b);
  std::uint64_t sum = 0;
  for (const KidCount& kid : a.counts()) sum += kid.count;
  EXPECT_EQ(sum, 3000U);
  EXPECT_LE(a.counts().size(), KidCounter::kMaxKids + 1);
}

}  // namespace
}  // namespace piictl
