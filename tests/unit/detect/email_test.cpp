#include <gtest/gtest.h>

#include <string>

#include "scan_text.hpp"

namespace pii::detect {
namespace {

TEST(Email, LocalParts) {
  EXPECT_EQ(found_in("to o'neil@example.org"), "email{o'neil@example.org}");
  EXPECT_EQ(found_in("'jo@example.org'"), "email{jo@example.org}");
  EXPECT_EQ(found_in("k=jo@example.org&x=1"), "email{jo@example.org}");
  EXPECT_EQ(found_in("\"jo doe\"@example.org"), "email{\"jo doe\"@example.org}");
  EXPECT_EQ(found_in(std::string(64, 'a') + "@example.org"),
            "email{" + std::string(64, 'a') + "@example.org}");
  EXPECT_EQ(found_in(std::string(65, 'a') + "@example.org"), "");
  EXPECT_EQ(found_in(".@example.org"), "");
  EXPECT_EQ(found_in("\xFFjo@example.org"), "email{jo@example.org}");
}

TEST(Email, Domains) {
  EXPECT_EQ(found_in("jo@example.org."), "email{jo@example.org}");
  EXPECT_EQ(found_in("jo@example.org.5"), "email{jo@example.org}");
  EXPECT_EQ(found_in("jo@a.b.c.d.example.org"), "email{jo@a.b.c.d.example.org}");
  EXPECT_EQ(found_in("jo@xn--80ak6aa92e.xn--p1ai"), "email{jo@xn--80ak6aa92e.xn--p1ai}");
  EXPECT_EQ(found_in("jo@" + std::string(63, 'a') + ".org"), "email{jo@" + std::string(63, 'a') + ".org}");
  EXPECT_EQ(found_in("jo@" + std::string(64, 'a') + ".org"), "");
  EXPECT_EQ(found_in("jo@example"), "");
  EXPECT_EQ(found_in("jo@-example.org"), "");
  EXPECT_EQ(found_in("jo@example.o"), "");
  EXPECT_EQ(found_in("jo@example.org_x"), "");
}

TEST(Email, WhatStandsBetweenTwoIsNoPartOfThem) {
  EXPECT_EQ(found_in("a@example.org'b@example.org'"), "email{a@example.org} email{b@example.org}");
  EXPECT_EQ(found_in("a@example.org#b@example.org"), "email{a@example.org} email{b@example.org}");
  EXPECT_EQ(found_in("''''" + std::string(64, 'a') + "@example.org"), "email{" + std::string(64, 'a') + "@example.org}");
  EXPECT_EQ(found_in("\"" + std::string(62, 'a') + "\"@example.org"),
            "email{\"" + std::string(62, 'a') + "\"@example.org}");
  EXPECT_EQ(found_in("\"" + std::string(63, 'a') + "\"@example.org"), "");
}

TEST(Email, DomainsEndBeforeWhatIsNoneOfThem) {
  EXPECT_EQ(found_in("jo@example.xn--p1ai-"), "email{jo@example.xn--p1ai}");
  EXPECT_EQ(found_in("jo@example.xn--p1ai-x_"), "email{jo@example.xn--p1ai}");
  EXPECT_EQ(found_in("jo@example.com-" + std::string(70, 'a')), "email{jo@example.com}");
  EXPECT_EQ(found_in("jo@mail.example.org_x"), "email{jo@mail.example}");
  EXPECT_EQ(found_in("jo@example.com.Then-x"), "email{jo@example.com}");
}

TEST(Email, FilesAndHostsAreNone) {
  for (const char* text : {"logo@2x.png", "a@b.json", "svc@db.internal", "jo@mac.local", "git@github.com",
                           "x@scope/pkg@1.2.3"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
}

}  // namespace
}  // namespace pii::detect
