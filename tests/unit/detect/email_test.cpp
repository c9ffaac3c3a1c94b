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

// Some thirty bytes on either side are looked at together, of shorter texts fewer.
TEST(Email, OfAnySizeAnywhere) {
  for (const std::size_t before : {0U, 1U, 2U, 15U, 16U, 17U, 31U, 32U, 33U, 64U}) {
    const std::string front = before == 0 ? "" : std::string(before - 1, 'z') + ' ';
    for (const std::size_t local : {1U, 15U, 16U, 17U, 30U, 31U, 32U, 33U, 64U}) {
      for (const std::size_t label : {1U, 11U, 12U, 26U, 27U, 28U, 29U, 63U}) {
        for (const char* top : {"de", "org"}) {
          const std::string address = std::string(local, 'a') + '@' + std::string(label, 'b') + '.' + top;
          for (const char* behind : {"", ".", " ", ". Then the letters went on for more than thirty bytes", "..", ".-", "\xff", "-", "-x", ".5"}) {
            EXPECT_EQ(found_in(front + address + behind), "email{" + address + "}") << front << address << behind;
          }
        }
      }
    }
  }
}

// At each place of a long text, with what stops it on either side.
TEST(Email, MarksBesideIt) {
  for (std::size_t at = 0; at < 70; ++at) {
    for (const char* front : {"", ".", "...", "-", "_", "+", "\"", "@", "\xc3\xa9", "\xe9\x82\xae", "\xff", "/", "=", ":", "x..", "x.-", "%"}) {
      std::string text = std::string(at, ' ') + front + "jo.ann@mail.example.org";
      const std::string padded = std::string(100, ' ') + front + "jo.ann@mail.example.org" + std::string(100, ' ');
      EXPECT_EQ(found_in(text), found_in(padded)) << text;
      for (const char* behind : {"_x", "-", "1", "X", ".Then", ".com", "\xc3\xa9", "@", "@x.de", ".xn", ".xn--p1ai", ".png"}) {
        EXPECT_EQ(found_in(text + behind + ' '), found_in(std::string(100, ' ') + front + "jo.ann@mail.example.org" + behind + std::string(100, ' '))) << text << behind;
      }
    }
  }
}

TEST(Email, FilesAndHostsAreNone) {
  for (const char* text : {"logo@2x.png", "a@b.json", "svc@db.internal", "jo@mac.local", "git@github.com",
                           "x@scope/pkg@1.2.3"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
}

}  // namespace
}  // namespace pii::detect
