#include "detect/keccak.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scan_text.hpp"

namespace pii::detect {
namespace {

TEST(Wallets, Keccak) {
  const auto digest = keccak256("");
  EXPECT_EQ(digest[0], 0xC5);
  EXPECT_EQ(digest[1], 0xD2);
  EXPECT_EQ(digest[31], 0x70);
}

TEST(Wallets, Addresses) {
  const Settings all = all_settings();
  for (const std::string text : {"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
                                 "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
                                 "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"}) {
    EXPECT_EQ(found_in("to " + text, all), "btc{" + text + "}");
    std::string broken = text;
    broken[12] = broken[12] == '5' ? '6' : '5';
    EXPECT_EQ(found_in("to " + broken, all), "");
  }
  for (const std::string text :
       {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"}) {
    EXPECT_EQ(found_in("to " + text, all), "eth{" + text + "}");
  }
  EXPECT_EQ(found_in("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", all), "");
}

}  // namespace
}  // namespace pii::detect
