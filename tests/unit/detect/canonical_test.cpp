#include "detect/canonical.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pii::detect {
namespace {

std::string canonical(Detector detector, std::string_view value) {
  static const Regions regions = *Regions::make({"KW", "SA", "AE", "BH", "QA", "OM", "US"});
  std::string out;
  append_canonical(detector, value, regions, out);
  return out;
}

TEST(Canonical, PhonesReachE164) {
  const auto phone = [](std::string_view value) { return canonical(Detector::phone, value); };
  EXPECT_EQ(phone("97455141719"), "+97455141719");
  EXPECT_EQ(phone("0096521689377"), "+96521689377");
  EXPECT_EQ(phone("+971-56-036-0086"), "+971560360086");
  EXPECT_EQ(phone("0501234567"), "+966501234567");
  EXPECT_EQ(phone("501234567"), "+966501234567");
  EXPECT_EQ(phone("99887766"), "+96599887766");
  EXPECT_EQ(phone("5566 7788"), "+96555667788");
  EXPECT_EQ(phone("+965 9988 7766"), "+96599887766");
  EXPECT_EQ(phone("00 965 9988 7766"), "+96599887766");
  EXPECT_EQ(phone("(+965) 9988 7766"), "+96599887766");
  EXPECT_EQ(phone("442076198391"), "+442076198391");
  EXPECT_EQ(phone("+1 (415) 625-0424"), "+14156250424");
  EXPECT_EQ(phone("14156250424"), "+14156250424");
  EXPECT_EQ(phone("+44 (0)20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone("+14156250424x12"), "+14156250424");
  EXPECT_EQ(phone("36123456"), "+97336123456");
  EXPECT_EQ(phone("71234567"), "+97471234567");
}

// What is mostly there takes a short way; the same with something beside it does not.
TEST(Canonical, ShortWaysLeadToTheSame) {
  const auto same = [](Detector detector, std::string_view value, std::string_view otherwise) {
    EXPECT_EQ(canonical(detector, value), canonical(detector, otherwise)) << value;
  };
  for (const std::string digits : {"96599887766", "9", "1234567", "99912345678", "442079460958", "00442079460958", "0", "123456789012345", "1234567890123456"}) {
    same(Detector::phone, "+" + digits, "+" + digits.substr(0, 1) + " " + digits.substr(1));
  }
  EXPECT_EQ(canonical(Detector::phone, "+"), "+");
  for (const std::string address : {"188.236.1.7", "1.2.3", "999.1.2.3", ".", "...", "12345"}) same(Detector::ipv4, address, " " + address + " ");
  for (const std::string mail : {"ada@example.org", "a@b", "x"}) same(Detector::email, mail, " " + mail + "\n");
  EXPECT_EQ(canonical(Detector::email, "Ada@Example.org"), "ada@example.org");
  EXPECT_EQ(canonical(Detector::email, "ada@example.org\t"), "ada@example.org");
}

TEST(Canonical, WhatIsCanonicalStaysAsItIs) {
  std::size_t said = 0;
  for (int code = 0; code < 1000; ++code) {
    for (const char* national : {"", "1", "099887766", "99887766", "5012345", "2125550123", "0123456789", "21255501234567", "9988 766", "9988776x"}) {
      const std::string number = "+" + std::to_string(code) + national;
      if (!is_canonical(Detector::phone, number)) continue;
      EXPECT_EQ(canonical(Detector::phone, number), number);
      ++said;
    }
  }
  EXPECT_GT(said, 300U);
  EXPECT_TRUE(is_canonical(Detector::phone, "+96599887766"));
  for (const char* other : {"96599887766", "+", "", "+442", "+4402079460958", "+965 99887766", "+99999887766", "++6599887766", "+965998877661234567"}) {
    EXPECT_FALSE(is_canonical(Detector::phone, other)) << other;
  }
}

TEST(Canonical, OtherPhonesKeepTheVersion1Rule) {
  EXPECT_EQ(canonical(Detector::phone, "12-34"), "1234");
  EXPECT_EQ(canonical(Detector::phone, "+999 12"), "+99912");
  EXPECT_EQ(canonical(Detector::phone, "none"), "");
}

TEST(Canonical, OtherTypes) {
  EXPECT_EQ(canonical(Detector::email, " Jo@Example.COM "), "jo@example.com");
  EXPECT_EQ(canonical(Detector::card, "4111 1111-1111.1111"), "4111111111111111");
  EXPECT_EQ(canonical(Detector::card_track, "%B4111111111111111^DOE/J^2512?"), "4111111111111111");
  EXPECT_EQ(canonical(Detector::iban, "gb29 nwbk 6016 1331 9268 19"), "GB29NWBK60161331926819");
  EXPECT_EQ(canonical(Detector::us_ssn, "536-90-4399"), "536904399");
  EXPECT_EQ(canonical(Detector::es_dni, "x2482300-w"), "X2482300W");
  EXPECT_EQ(canonical(Detector::generic, " a b "), "a b");
}

TEST(Canonical, Addresses) {
  EXPECT_EQ(canonical(Detector::ipv4, "188.236.1.7"), "188.236.1.7");
  EXPECT_EQ(canonical(Detector::ipv4, "10.1.2.0/24"), "10.1.2.0/24");
  EXPECT_EQ(canonical(Detector::ipv6, "2001:DB8:0:0:8:800:200C:417A"), "2001:db8::8:800:200c:417a");
  EXPECT_EQ(canonical(Detector::ipv6, "2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(canonical(Detector::ipv6, "2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(canonical(Detector::ipv6, "0:0:0:0:0:0:0:0"), "::");
  EXPECT_EQ(canonical(Detector::ipv6, "1:0:0:0:0:0:0:0"), "1::");
  EXPECT_EQ(canonical(Detector::ipv6, "::FFFF:1.2.3.4"), "::ffff:1.2.3.4");
}

}  // namespace
}  // namespace pii::detect
