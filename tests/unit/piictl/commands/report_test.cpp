#include "report.hpp"

#include <gtest/gtest.h>

#include "commands/progress.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

TEST(Report, ShowsControlCharactersAsQuestionMarks) {
  EXPECT_EQ(printable("plain"), "plain");
  EXPECT_EQ(printable("a\nb\x1b[2Jc\x7f"), "a?b?[2Jc?");
  EXPECT_EQ(printable("\u00e9"), "\u00e9");
}

TEST(Report, WritesOneErrorAndOneHintLine) {
  testing::internal::CaptureStderr();
  Report(false, false, false).error(pii::Error(pii::ErrorCode::reveal_failed, "two\nlines", "do\nthis"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "error: two?lines\nhint: do?this\n");
}

TEST(Report, NeverLeavesAnErrorWithoutAHint) {
  for (int code = 100; code <= 1100; ++code) {
    testing::internal::CaptureStderr();
    Report(false, false, false).error(pii::Error(static_cast<pii::ErrorCode>(code), "message"));
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("\nhint: "), std::string::npos) << code;
    EXPECT_GT(said.size(), sizeof("error: message\nhint: \n")) << code;
  }
}

TEST(Report, JsonHasTheSameParts) {
  testing::internal::CaptureStderr();
  const Report report(true, false, true);
  report.note("not shown");
  report.error(pii::Error(pii::ErrorCode::reveal_failed, "mess\"age\xff", "hint"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "{\"error\":{\"code\":602,\"message\":\"mess\\\"age\xef\xbf\xbd\",\"hint\":\"hint\"}}\n");
}

TEST(Report, QuietIsQuiet) {
  testing::internal::CaptureStderr();
  Report(false, true, false).note("nothing");
  Report(false, true, false).warning("nothing");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(TextTable, AlignsColumns) {
  EXPECT_EQ(text_table({{"a", "bb", "c"}, {"aaa", "b", ""}, {"", ""}}), "a    bb  c\naaa  b\n\n");
}

TEST(Progress, SpeaksOfBytesAsPeopleDo) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1500), "1.5 kB");
  EXPECT_EQ(human_bytes(250e6), "250 MB");
  EXPECT_EQ(human_bytes(1e18), "1000000 TB");
}

}  // namespace
}  // namespace piictl
