#include "display_text.hpp"

#include <gtest/gtest.h>

namespace piictl {
namespace {

TEST(DisplayText, nothing_in_it_steers_a_terminal) {
  EXPECT_EQ(display_text("plain \u00e9 \u0647\u0627\u062a\u0641"), "plain \u00e9 \u0647\u0627\u062a\u0641");
  EXPECT_EQ(display_text("a\nb\x1b[2J\x7f"), "a?b?[2J?");
  EXPECT_EQ(display_text("\u009b2J"), "?2J");         // a control of C1
  EXPECT_EQ(display_text("a\u2028b\u2029"), "a?b?");  // line ends of Unicode
}

TEST(DisplayText, nothing_in_it_turns_or_hides_text) {
  EXPECT_EQ(display_text("user\u202egnp.exe"), "usergnp.exe");
  EXPECT_EQ(display_text("\u2066a\u2069\u200fb\u061c"), "ab");
  EXPECT_EQ(display_text("a\u200b\u2060\ufeff"
                         "b\u00ad"),
            "ab");
}

TEST(DisplayText, what_is_no_utf8_is_a_question_mark_a_byte) {
  EXPECT_EQ(display_text("a\xff\xc3"), "a??");
  EXPECT_EQ(display_text("\xed\xa0\x80"), "???");
  EXPECT_EQ(display_text(std::string_view("\0", 1)), "?");
}

TEST(DisplayText, width_counts_letters) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("\u0647\u0627"), 2U);
}

}  // namespace
}  // namespace piictl
