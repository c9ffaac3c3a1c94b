#include "detect/outputs.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pii::detect {
namespace {

const std::string kToken = "ptok:v1:9tculuY2L56tpvgINLZMfpobZpzerJ3eUebOasWYwFE";
const std::string kPayload = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";  // 28 bytes
const std::string kSlim(54, 'A');                                           // 40
const std::string kCommitted(96, 'A');                                      // 72
const std::string kWrapped(139, 'A');                                       // 104
const std::string kSubject(22, 'A');                                        // 16

TEST(Outputs, WhatIsOne) {
  for (const std::string& text :
       {kToken, kToken + "@example.com", std::string("ptok:v2:tk1:AAAAAAAAAAAAAAAAAAAAAA"),
        std::string("pidx:v2:tk1:0f"), std::string("pfpt:v2:tk1:4111ABC"), "penc:v1:rk.1:" + kPayload,
        "penc:v2:rk1:" + kSlim, "penc:v2:~" + kSubject + ":" + kCommitted, "pdek:v2:rk1:" + kWrapped,
        "penc:v2:rk1:" + kCommitted,
        std::string("[PII_REDACTED]"), std::string("[DROPPED]"), std::string("[EMAIL]"),
        std::string("[KW_CIVIL_ID]"), std::string("411111******1111"), std::string("41111111******1111")}) {
    EXPECT_EQ(output_at(text, 0, {}), text.size()) << text;
    EXPECT_EQ(output_at("x " + text + ", y", 2, {}), text.size()) << text;
    EXPECT_TRUE(is_output(text, {})) << text;
    EXPECT_NE(output_at(text + "x", 0, {}), text.size()) << text;
  }
}

TEST(Outputs, WhatIsNone) {
  for (const std::string& text : {std::string("ptok:v1:"),
                                  std::string("ptok:secret"),
                                  kToken + "A",
                                  kToken.substr(0, kToken.size() - 1),
                                  kToken.substr(0, kToken.size() - 1) + "F",
                                  std::string("ptok:v3:") + kToken.substr(8),
                                  "ptok:v2:" + kToken.substr(8),
                                  std::string("pidx:v2:tk1:0F"),
                                  std::string("pidx:v2::0f"),
                                  std::string("pidx:v2:tk1:0f0"),
                                  std::string("pidx:v2:tk.1:0f"),
                                  std::string("pidx:v2:-k:0f"),
                                  std::string("pidx:v2:tk1:") + std::string(18, '0'),
                                  "ptok:v2:" + std::string(33, 'k') + ":AAAAAAAAAAAAAAAAAAAAAA",
                                  "penc:v2:rk.1:" + kSlim,
                                  "penc:v2:rk1:" + kSlim.substr(1),
                                  "penc:v2:~AAAA:" + kCommitted,
                                  "penc:v2:~" + kSubject.substr(1) + "B:" + kCommitted,
                                  "penc:v2:~" + kSubject + ":" + kCommitted.substr(1),
                                  "pdek:v2:rk1:" + kWrapped.substr(1),
                                  "pdek:v2:rk1:" + kWrapped + "A",
                                  "penc:v1:rk:" + kPayload.substr(1),
                                  "penc:v1::" + kPayload,
                                  std::string("[email]"),
                                  std::string("[NOTHING]"),
                                  std::string("[]"),
                                  std::string("41111******1111"),
                                  std::string("411111*****1111"),
                                  std::string("411111*******1111"),
                                  std::string("10.0.0.0/24"),
                                  std::string("*****abcd"),
                                  std::string("")}) {
    EXPECT_EQ(output_at(text, 0, {}), 0U) << text;
  }
  EXPECT_FALSE(is_output("***", {}));
  EXPECT_FALSE(is_output("****abcde", {}));
  EXPECT_FALSE(is_output("**** ab", {}));
  EXPECT_FALSE(is_output("****a\"b", {}));
}

TEST(Outputs, Stars) {
  for (const std::string text : {"****", "****1", "****1234", "****\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"}) {
    EXPECT_TRUE(is_output(text, {})) << text;
    EXPECT_EQ(output_at(text, 0, {}), 0U) << text;
  }
}

TEST(Outputs, OfAPolicy) {
  const std::vector<std::string> labels = {"[hidden]"};
  const std::vector<std::string> kids = {"rk1"};
  OutputGrammar grammar{labels, kids, 24, 48};
  EXPECT_TRUE(is_output("[hidden]", grammar));
  EXPECT_TRUE(is_output("penc:v1:rk1:" + kPayload, grammar));
  EXPECT_FALSE(is_output("penc:v1:rk2:" + kPayload, grammar));
  EXPECT_TRUE(is_output("10.1.2.0/24", grammar));
  EXPECT_FALSE(is_output("10.1.2.3/24", grammar));
  EXPECT_FALSE(is_output("10.1.0.0/16", grammar));
  EXPECT_TRUE(is_output("2001:db8:1::/48", grammar));
  EXPECT_FALSE(is_output("2001:db8:1:2::/48", grammar));
}

TEST(Outputs, ADomainEndsBeforeWhatIsJoinedToIt) {
  const std::string whole = kToken + "@example.com";
  EXPECT_EQ(output_at(whole + "-x", 0, {}), whole.size());
  EXPECT_EQ(output_at(whole + ":80", 0, {}), whole.size());
  EXPECT_EQ(output_at(kToken + "@localhost", 0, {}), kToken.size());
}

}  // namespace
}  // namespace pii::detect
