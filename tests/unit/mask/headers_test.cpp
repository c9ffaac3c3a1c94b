#include "mask/headers.hpp"

#include <gtest/gtest.h>

#include "kit/random_events.hpp"
#include "kit/reference_pairs.hpp"
#include "mask/network.hpp"

namespace pii::mask {
namespace {

std::string authorization(std::string_view value) {
  std::string out;
  append_authorization(value, out);
  return out;
}

std::string cookie(std::string value, bool set_cookie) {
  std::vector<CookieValue> values;
  find_cookie_values(value, set_cookie, values);
  for (auto at = values.rbegin(); at != values.rend(); ++at) value.replace(at->begin, at->end - at->begin, "[COOKIE]");
  return value;
}

TEST(Headers, AuthorizationShowsTheSchemeAndTheEndOfLongSecrets) {
  EXPECT_EQ(authorization("Bearer abcdefghijklmnopqrst"), "Bearer ****qrst");
  EXPECT_EQ(authorization("bearer abcdefghijklmnopqrs"), "bearer ****");
  EXPECT_EQ(authorization("Basic dXNlcjpwYXNzd29yZHdpdGhsZW5ndGg="), "Basic ****");
  EXPECT_EQ(authorization("Digest username=\"x\", realm=\"y\""), "Digest ****");
  EXPECT_EQ(authorization("  Token   abcdefghijklmnopqrst  "), "Token ****qrst");
  EXPECT_EQ(authorization("abcdefghijklmnopqrstuvwxyz"), "****wxyz");
  EXPECT_EQ(authorization("secret"), "****");
  EXPECT_EQ(authorization("Bearer abcdefghijklmnopqr\"x\""), "Bearer ****");  // the end would need escapes
  EXPECT_EQ(authorization("Bearer abcdefghijklmnopqrst, phone=99887766"), "Bearer ****");  // more than the secret
  EXPECT_EQ(authorization("abcdefghijklmnop of somebody, pin=4921"), "****");
  EXPECT_EQ(authorization("a@b.com, realm=abcdefghijklmnopqrst4921"), "****");
  EXPECT_EQ(authorization("9earer abcdefghijklmnopqrst"), "****");  // no scheme, and more than one word
}

TEST(Headers, AuthorizationTwiceIsAuthorizationOnce) {
  kit::RandomEvents random(31);
  for (int i = 0; i < 3000; ++i) {
    const std::string value = random.one_in(3) ? random.piece() : "Bearer " + random.piece();
    const std::string once = authorization(value);
    ASSERT_EQ(authorization(once), once) << value;
    ASSERT_EQ(once, kit::reference::authorization(value)) << value;
  }
}

TEST(Headers, CookiesKeepTheirNames) {
  EXPECT_EQ(cookie("a=b; c = d;e=", false), "a=[COOKIE]; c =[COOKIE];e=");
  EXPECT_EQ(cookie("lonely; Path=/", false), "[COOKIE]; Path=[COOKIE]");
  EXPECT_EQ(cookie("a=b=c;;", false), "a=[COOKIE];;");
  EXPECT_EQ(cookie("id=1; Path=/x; HttpOnly; Max-Age=5; other=2", true), "id=[COOKIE]; Path=/x; HttpOnly; Max-Age=5; other=[COOKIE]");
  EXPECT_EQ(cookie("path=1; path=2", true), "path=[COOKIE]; path=2");
  EXPECT_EQ(cookie("", false), "");
}

TEST(Headers, CookiesAgreeWithTheReferenceAndStayOnceMasked) {
  kit::RandomEvents random(32);
  for (int i = 0; i < 3000; ++i) {
    std::string value;
    for (std::size_t n = random.below(4); n > 0; --n) value += random.piece() + (random.one_in(2) ? "=" : "; ") + random.piece() + ";";
    for (const bool set_cookie : {false, true}) {
      std::vector<CookieValue> ours;
      find_cookie_values(value, set_cookie, ours);
      const auto theirs = kit::reference::cookie_values(value, set_cookie);
      ASSERT_EQ(ours.size(), theirs.size()) << value;
      for (std::size_t k = 0; k < ours.size(); ++k) {
        ASSERT_EQ(ours[k].begin, theirs[k].begin) << value;
        ASSERT_EQ(ours[k].end, theirs[k].end) << value;
      }
      const std::string once = cookie(value, set_cookie);
      ASSERT_EQ(cookie(once, set_cookie), once) << value;
    }
  }
}

TEST(Network, KeepsThePrefixAndClearsTheHost) {
  const auto network = [](std::string_view address, std::uint8_t v4, std::uint8_t v6) {
    std::string out = "<";
    return append_network(address, v4, v6, out) ? out : "no";
  };
  EXPECT_EQ(network("188.236.1.7", 24, 48), "<188.236.1.0/24");
  EXPECT_EQ(network("188.236.255.255", 20, 48), "<188.236.240.0/20");
  EXPECT_EQ(network("188.236.1.7", 8, 48), "<188.0.0.0/8");
  EXPECT_EQ(network("188.236.1.7", 31, 48), "<188.236.1.6/31");
  EXPECT_EQ(network("2001:DB8:1:2:3:4:5:6", 24, 48), "<2001:db8:1::/48");
  EXPECT_EQ(network("2001:db8:ffff::1", 24, 33), "<2001:db8:8000::/33");
  EXPECT_EQ(network("fe80::1%eth0", 24, 64), "<fe80::/64");
  EXPECT_EQ(network("10.0.0.1/8", 24, 48), "<10.0.0.0/24");
  for (const std::string_view address : {"", "1.2.3", "1.2.3.400", "x", "1.2.3.4.5", ":::"}) EXPECT_EQ(network(address, 24, 48), "no");
  EXPECT_EQ(network(std::string(100, '1'), 24, 48), "no");
}

}  // namespace
}  // namespace pii::mask
