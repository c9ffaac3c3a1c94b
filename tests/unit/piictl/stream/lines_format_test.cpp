#include <gtest/gtest.h>

#include <string>

#include "run_text.hpp"

namespace piictl::stream::test {
namespace {

using pii::ErrorCode;
using namespace std::string_literals;

std::string output_of(std::string_view input, Options options = {.threads = 1}) {
  return run_every_way(Lines{}, input, options).output;
}

TEST(LinesFormat, terminators_are_kept_and_no_part_of_the_value) {
  EXPECT_EQ(output_of("a\nb\r\nc\n"), "<a>\n<b>\r\n<c>\n");
  EXPECT_EQ(output_of("a\nlast"), "<a>\n<last>");
  EXPECT_EQ(output_of("a\r\nlast"), "<a>\r\n<last>");
  EXPECT_EQ(output_of(""), "");
}

TEST(LinesFormat, a_carriage_return_elsewhere_is_data) {
  EXPECT_EQ(output_of("a\rb\r\r\n"), "<a\rb\r>\r\n");
  EXPECT_EQ(output_of("a\rb\n"), "<a\rb>\n");
  EXPECT_EQ(output_of("end\r"), "<end\r>");
}

TEST(LinesFormat, empty_lines_stay_empty_unless_asked) {
  EXPECT_EQ(output_of("\n\r\na\n\n"), "\n\r\n<a>\n\n");
  EXPECT_EQ(output_of("\n\r\na\n\n", {.threads = 1, .apply_to_empty = true}), "<>\n<>\r\n<a>\n<>\n");
}

TEST(LinesFormat, nul_and_spaces_are_data) { EXPECT_EQ(output_of("a\0b\n \n\0\n"s), "<a\0b>\n< >\n<\0>\n"s); }

TEST(LinesFormat, a_failed_row_is_an_empty_line) {
  const Ran ran = run_every_way(Lines{}, "a\nbad\r\n\nworse\nz\nbad");
  EXPECT_EQ(ran.output, "<a>\n\r\n\n\n<z>\n");
  const std::vector<FailedRow> expected = {{2, ErrorCode::invalid_utf8, "not valid UTF-8", "bad"},
                                           {4, ErrorCode::reveal_failed, "it is worse", "worse"},
                                           {6, ErrorCode::invalid_utf8, "not valid UTF-8", "bad"}};
  EXPECT_EQ(ran.failures, expected);
  EXPECT_EQ(ran.outcome.rows, 6u);
  EXPECT_EQ(ran.outcome.values, 2u);
  EXPECT_EQ(ran.outcome.failed, 3u);
  EXPECT_EQ(ran.outcome.first_failure, ErrorCode::invalid_utf8);
  EXPECT_FALSE(ran.outcome.one_reason);
  EXPECT_EQ(ran.outcome.code(), ErrorCode::partial_batch);
}

TEST(LinesFormat, when_all_rows_fail_for_one_reason_that_is_the_code) {
  EXPECT_EQ(run_text(Lines{}, "worse\nworse\n").outcome.code(), ErrorCode::reveal_failed);
  EXPECT_EQ(run_text(Lines{}, "worse\nbad\n").outcome.code(), ErrorCode::partial_batch);
  EXPECT_EQ(run_text(Lines{}, "worse\nok\n").outcome.code(), ErrorCode::partial_batch);
  EXPECT_EQ(run_text(Lines{}, "ok\n").outcome.code(), ErrorCode::ok);
}

TEST(LinesFormat, lists_are_tab_separated) {
  EXPECT_EQ(run_every_way(Lines{}, "a\nb\n", {.threads = 1}, bracket_list()).output, "<a>\t0\n<b>\t0\n");
}

TEST(LinesFormat, a_result_with_a_line_break_fails_its_row) {
  for (const std::string result : {"two\nlines", "\n", "becomes CRLF\r"}) {
    const auto breaks =
        replace_by([result](std::string_view value) { return value == "x" ? result : std::string(value); });
    const Ran ran = run_every_way(Lines{}, "a\nx\nb\n", {.threads = 1}, breaks);
    EXPECT_EQ(ran.output, "a\n\nb\n");
    ASSERT_EQ(ran.failures.size(), 1u);
    EXPECT_EQ(ran.failures[0].code, ErrorCode::guard_refused);
    EXPECT_EQ(ran.failures[0].row, 2u);
  }
}

TEST(LinesFormat, a_longer_line_than_allowed_is_one_failed_row) {
  for (const std::string terminator : {"\n", "\r\n"}) {
    const std::string fits(80, 'x');
    const std::string input = "a" + terminator + fits + terminator + fits + "y" + terminator +
                              std::string(1000, 'z') + terminator + "b" + terminator + fits + "y";
    const Ran ran = run_every_way(Lines{}, input, {.threads = 1, .max_line = 80});
    EXPECT_EQ(ran.output, "<a>" + terminator + "<" + fits + ">" + terminator + terminator + terminator +
                              "<b>" + terminator);
    const std::vector<FailedRow> expected = {
        {3, ErrorCode::too_large, "longer than 80 bytes", fits + "y"},
        {4, ErrorCode::too_large, "longer than 80 bytes", std::string(1000, 'z')},
        {6, ErrorCode::too_large, "longer than 80 bytes", fits + "y"}};
    EXPECT_EQ(ran.failures, expected);
  }
}

TEST(LinesFormat, a_carriage_return_within_a_long_line_is_kept_in_its_original) {
  const std::string longer = std::string(70, 'a') + "\r" + std::string(70, '\r') + "b\r";
  const Ran ran = run_every_way(Lines{}, longer + "\r\nok\n" + longer, {.threads = 1, .max_line = 64});
  EXPECT_EQ(ran.output, "\r\n<ok>\n");
  ASSERT_EQ(ran.failures.size(), 2u);
  EXPECT_EQ(ran.failures[0].original, longer);
  EXPECT_EQ(ran.failures[1].original, longer);
}

}  // namespace
}  // namespace piictl::stream::test
