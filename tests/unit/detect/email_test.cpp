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

TEST(Email, SizesAreOfTheAddressAlone) {
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

// Two that one character sets apart, whichever it is.
TEST(Email, NeighboursAreBothFound) {
  for (const char* between : {",", ";", "|", "/", ":", "&", "=", "+", "<", ">", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "~", "%", "#", "!", "*",
                              "^", "$", "`", "-", "--", "..", "...", ".-", "\t", " ", "?", "+-", "\xc2\xb7", "\xd8\x8c", "\xe3\x80\x81", "\xff", "\x01"}) {
    const std::string text = std::string("jo.ali@example.org") + between + "ann@example.com";
    EXPECT_EQ(found_in(text), "email{jo.ali@example.org} email{ann@example.com}") << text;
    EXPECT_EQ(found_in(text + between + "x@y.net"), "email{jo.ali@example.org} email{ann@example.com} email{x@y.net}") << text;
  }
}

// Where nothing tells where the first ends, no local part is left.
TEST(Email, NeighboursThatTouch) {
  EXPECT_EQ(found_in("a@b.coa@c.de"), "email{a@b.coa}");
  EXPECT_EQ(found_in("a@b.co@c.de"), "email{a@b.co}");
  EXPECT_EQ(found_in("jo@example.org.ann@example.com"), "email{jo@example.org.ann}");
  EXPECT_EQ(found_in("jo@example.com_ann@example.org"), "email{jo@example.com_ann@example.org}");
  EXPECT_EQ(found_in("jo@example.com1ann@example.org x"), "email{jo@example.com1ann@example.org}");
  EXPECT_EQ(found_in("to jo@example_ann@example_x@example.org."), "email{jo@example_ann@example_x@example.org}");
  EXPECT_EQ(found_in("jo@example.org.o'neil@example.com"), "email{jo@example.org}");
  EXPECT_EQ(found_in("jo@example.org.+o'neil@example.com"), "email{jo@example.org}");
  EXPECT_EQ(found_in("jo@example.org..o'neil@example.com"), "email{jo@example.org} email{o'neil@example.com}");
  EXPECT_EQ(found_in("git@jo@example.org"), "email{jo@example.org}");
  EXPECT_EQ(found_in("\"jo ali\"@example_ann@example.org"), "email{\"jo ali\"@example_ann@example.org}");
  EXPECT_EQ(found_in(std::string(60, 'a') + "@" + std::string(60, 'b') + "@" + std::string(60, 'c') + "@" + std::string(60, 'd') + "@example.org"),
            "email{" + std::string(60, 'b') + "@" + std::string(60, 'c') + "@" + std::string(60, 'd') + "@example.org}");
}

TEST(Email, FilesAndHostsAreNone) {
  for (const char* text : {"logo@2x.png", "a@b.json", "svc@db.internal", "jo@mac.local", "git@github.com",
                           "x@scope/pkg@1.2.3"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
}

}  // namespace
}  // namespace pii::detect
