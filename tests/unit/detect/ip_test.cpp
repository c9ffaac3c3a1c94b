#include "detect/ip.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scan_text.hpp"

namespace pii::detect {
namespace {

TEST(Ip, Version4) {
  EXPECT_EQ(found_in("addr:10.1.2.3"), "ipv4{10.1.2.3}");
  EXPECT_EQ(found_in("src:10.1.2.3,"), "ipv4{10.1.2.3}");
  EXPECT_EQ(found_in("10.1.2.0/24"), "ipv4{10.1.2.0/24}");
  EXPECT_EQ(found_in("10.1.2.0/33"), "ipv4{10.1.2.0}");
  EXPECT_EQ(found_in("localhost/10.1.2.3:80"), "ipv4{10.1.2.3}");
  for (const char* text :
       {"1.2.3.4.5", "1.2.3.400", "01.2.3.4", "v1.2.3.4", "version=1.2.3.4", "lib-1.2.3.4.jar", "1.2.3.4x",
        "Chrome/99.0.0.0", "127.0.0.1", "0.0.0.0", "255.255.255.255", "169.254.0.1"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
  EXPECT_EQ(found_in("1.2.3.4", default_settings(), {{}, true}), "");
  Settings settings = default_settings();
  settings.skip_private_ips = true;
  for (const char* text : {"10.1.2.3", "172.16.0.1", "192.168.1.1", "fd00::1234"})
    EXPECT_EQ(found_in(text, settings), "") << text;
  EXPECT_EQ(found_in("172.32.0.1", settings), "ipv4{172.32.0.1}");
}

TEST(Ip, Version6) {
  EXPECT_EQ(found_in("fe80::1%eth0"), "");
  EXPECT_EQ(found_in("2001:db8::1%eth0 up"), "ipv6{2001:db8::1%eth0}");
  EXPECT_EQ(found_in("2001:db8::/32"), "ipv6{2001:db8::/32}");
  // Behind an item's number, and before a port as packet dumps have it.
  EXPECT_EQ(found_in("1.2a02:db8::1234"), "ipv6{2a02:db8::1234}");
  EXPECT_EQ(found_in("4.1.2a02:db8::1234, 5"), "ipv6{2a02:db8::1234}");
  EXPECT_EQ(found_in("IP6 2001:db8::1.51234 > 2001:db8::2.443: Flags"), "ipv6{2001:db8::1} ipv6{2001:db8::2}");
  EXPECT_EQ(found_in("::ffff:188.236.1.7"), "ipv6{::ffff:188.236.1.7}");
  for (const char* text : {"2026.05.01:12:34:56", "x1.2a02:db8::1234", "a.2a02:db8::1234", "1.2::3", "2001:db8::1.123456"}) EXPECT_EQ(found_in(text), "") << text;
  for (const char* text : {"12:34:56", "12:34:56:78:9a:bc", "00:11:22:33:44:55:66:77", "a::b", "::", "::1",
                           "1:2:3:4:5:6:7:8:9", "2001:db8::1::2", "12345::1", "Foo::Bar::dead"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
}

TEST(Ip, Parsers) {
  unsigned char bytes[16];
  EXPECT_EQ(parse_ipv4("1.2.3.4:80", bytes), 7U);
  EXPECT_EQ(parse_ipv4("1.2.3.4567", bytes), 0U);
  for (const char* text : {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4",
                           "1::8", "1:2:3:4:5:6:7::"}) {
    EXPECT_TRUE(parse_ipv6(text, bytes)) << text;
  }
  for (const char* text : {"", ":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:", "1::2::3",
                           "::1.2.3", "g::1", "1.2.3.4"}) {
    EXPECT_FALSE(parse_ipv6(text, bytes)) << text;
  }
}

TEST(Ip, Hardware) {
  Settings settings = all_settings();
  EXPECT_EQ(found_in("if b8:27:eb:12:34:56 up", settings), "mac{b8:27:eb:12:34:56}");
  EXPECT_EQ(found_in("b827.eb12.3456", settings), "mac{b827.eb12.3456}");
  for (const char* text : {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "b8:27:eb:12:34:56:78",
                           "b8:27-eb:12:34:56", "b8:27:eb:12:34"}) {
    EXPECT_EQ(found_in(text, settings), "") << text;
  }
}

}  // namespace
}  // namespace pii::detect
