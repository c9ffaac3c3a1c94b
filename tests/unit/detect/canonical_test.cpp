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
