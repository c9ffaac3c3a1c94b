#include <gtest/gtest.h>

#include <string>

#include "run_text.hpp"

namespace piictl::stream::test {
namespace {

using pii::ErrorCode;
using namespace std::string_literals;

Ran run_csv(std::string_view input, const Csv& csv = {.columns = {"email"}},
            Options options = {.threads = 1}) {
  return run_every_way(csv, input, options);
}

std::string output_of(std::string_view input, const Csv& csv = {.columns = {"email"}}) {
  return run_csv(input, csv).output;
}

ErrorCode header_error(std::string_view input, const Csv& csv = {.columns = {"email"}}) {
  const Ran ran = run_text(csv, input);
  EXPECT_EQ(ran.output, "");
  EXPECT_TRUE(ran.outcome.error);
  return ran.outcome.code();
}

TEST(CsvFormat, the_named_column_is_replaced_and_all_else_kept) {
  EXPECT_EQ(output_of("id,email,city\n1,a@x, Paris \r\n\"2\",\"b@x\",\"Lyon\"\n"),
            "id,email,city\n1,<a@x>, Paris \r\n\"2\",<b@x>,\"Lyon\"\n");
}

TEST(CsvFormat, first_and_last_columns_and_a_last_row_without_terminator) {
  EXPECT_EQ(output_of("email,b\na,1\nc,2"), "email,b\n<a>,1\n<c>,2");
  EXPECT_EQ(output_of("b,email\r\n1,a\r\n2,c"), "b,email\r\n1,<a>\r\n2,<c>");
  EXPECT_EQ(output_of("email\na\n"), "email\n<a>\n");
  EXPECT_EQ(output_of("b,email\n"), "b,email\n");
  EXPECT_EQ(output_of("b,email"), "b,email");
}

TEST(CsvFormat, quoted_cells_hold_newlines_delimiters_and_quotes) {
  EXPECT_EQ(output_of("email,note\n\"a\nb\",\"x\r\ny\"\n\"say \"\"hi\"\"\",\"\"\"\"\n\"a,b\",1\n"),
            "email,note\n\"<a\nb>\",\"x\r\ny\"\n\"<say \"\"hi\"\">\",\"\"\"\"\n\"<a,b>\",1\n");
}

TEST(CsvFormat, several_columns_in_any_order_keep_their_target) {
  const Csv csv = {.columns = {"c", "a"}};
  EXPECT_EQ(run_every_way(csv, "a,b,c\n1,2,3\n", {.threads = 1}, bracket_list()).output,
            "a,b,c\n<1> 1,2,<3> 0\n");
}

TEST(CsvFormat, lists_are_space_separated_and_quoted_where_they_must_be) {
  const Csv csv = {.delimiter = ' ', .columns = {"a"}};
  EXPECT_EQ(run_every_way(csv, "a b\nx y\n", {.threads = 1}, bracket_list()).output, "a b\n\"<x> 0\" y\n");
  EXPECT_EQ(run_every_way(Csv{.columns = {"a"}}, "a\n\"x,\"\"y\"\n", {.threads = 1}, bracket_list()).output,
            "a\n\"<x,\"\"y> 0\"\n");
}

TEST(CsvFormat, other_delimiters) {
  EXPECT_EQ(output_of("a\temail\n1,5\tx,y\n", {.delimiter = '\t', .columns = {"email"}}),
            "a\temail\n1,5\t<x,y>\n");
  EXPECT_EQ(output_of("a;email\n1;\"x;y\"\n", {.delimiter = ';', .columns = {"email"}}),
            "a;email\n1;\"<x;y>\"\n");
}

TEST(CsvFormat, a_byte_order_mark_is_kept_and_no_part_of_the_name) {
  EXPECT_EQ(output_of("\xEF\xBB\xBF"
                      "email,b\na,1\n"),
            "\xEF\xBB\xBF"
            "email,b\n<a>,1\n");
  EXPECT_EQ(output_of("\xEF\xBB\xBF\"email\",b\r\na,1\r\n"), "\xEF\xBB\xBF\"email\",b\r\n<a>,1\r\n");
}

TEST(CsvFormat, empty_cells_stay_unless_asked) {
  EXPECT_EQ(output_of("a,email\n1,\n2,\"\"\n,x\n"), "a,email\n1,\n2,\"\"\n,<x>\n");
  EXPECT_EQ(
      run_csv("a,email\n1,\n2,\"\"\n", {.columns = {"email"}}, {.threads = 1, .apply_to_empty = true}).output,
      "a,email\n1,<>\n2,<>\n");
}

TEST(CsvFormat, blank_lines_are_kept) {
  EXPECT_EQ(output_of("a,email\n\n1,x\n\r\n"), "a,email\n\n1,<x>\n\r\n");
  EXPECT_EQ(output_of("email\n\nx\n"), "email\n\n<x>\n");
}

TEST(CsvFormat, an_empty_result_in_a_row_of_one_cell_is_no_blank_line) {
  const auto nothing = replace_by([](std::string_view) { return ""s; });
  EXPECT_EQ(run_text(Csv{.columns = {"a"}}, "a\nx\n", {.threads = 1}, nothing).output, "a\n\"\"\n");
  EXPECT_EQ(run_text(Csv{.columns = {"a"}}, "a,b\nx,1\n", {.threads = 1}, nothing).output, "a,b\n,1\n");
}

TEST(CsvFormat, into_writes_beside) {
  const Csv one = {.columns = {"email"}, .into = {"token"}};
  EXPECT_EQ(output_of("email,b\r\na,\"1\"\r\n,2\r\nc,3", one),
            "email,b,token\r\na,\"1\",<a>\r\n,2,\r\nc,3,<c>");
  const Csv two = {.columns = {"c", "a"}, .into = {"x", "y,z"}};
  EXPECT_EQ(output_of("a,b,c\n1,2,3\n,5,6\n", two), "a,b,c,x,\"y,z\"\n1,2,3,<3>,<1>\n,5,6,<6>,\n");
  EXPECT_EQ(output_of("email", one), "email,token");
}

TEST(CsvFormat, a_failed_row_leaves_nothing) {
  const Ran ran = run_csv("a,email\n1,x\n2,bad\n3,\"wor\nse\"\n4,worse\n5,y\n");
  EXPECT_EQ(ran.output, "a,email\n1,<x>\n3,\"<wor\nse>\"\n5,<y>\n");
  const std::vector<FailedRow> expected = {{2, ErrorCode::invalid_utf8, "email: not valid UTF-8", "2,bad"},
                                           {4, ErrorCode::reveal_failed, "email: it is worse", "4,worse"}};
  EXPECT_EQ(ran.failures, expected);
}

TEST(CsvFormat, the_first_failing_column_gives_the_reason_and_no_cell_of_the_row_is_written) {
  const Ran ran = run_csv("a,b\nx,bad\nworse,bad\n", {.columns = {"b", "a"}});
  EXPECT_EQ(ran.output, "a,b\n");
  const std::vector<FailedRow> expected = {{1, ErrorCode::invalid_utf8, "b: not valid UTF-8", "x,bad"},
                                           {2, ErrorCode::reveal_failed, "a: it is worse", "worse,bad"}};
  EXPECT_EQ(ran.failures, expected);
}

// A row with a cell too many has its columns shifted: the wrong one would be tokenized and the right one
// leak.
TEST(CsvFormat, rows_with_another_number_of_cells_fail) {
  const Ran ran = run_csv("a,email,c\n1,x,2\n1,x\n1\n1,x,2,3\n1,y,2\n");
  EXPECT_EQ(ran.output, "a,email,c\n1,<x>,2\n1,<y>,2\n");
  const std::vector<FailedRow> expected = {
      {2, ErrorCode::malformed_csv, "2 cells where the header has 3", "1,x"},
      {3, ErrorCode::missing_column, "1 cells where the header has 3", "1"},
      {4, ErrorCode::malformed_csv, "4 cells where the header has 3", "1,x,2,3"}};
  EXPECT_EQ(ran.failures, expected);
}

TEST(CsvFormat, a_quote_that_is_never_closed_costs_one_line) {
  const Ran ran = run_csv("a,email\n1,x\n2,\"y\n3,z\n4,w\n");
  EXPECT_EQ(ran.output, "a,email\n1,<x>\n3,<z>\n4,<w>\n");
  const std::vector<FailedRow> expected = {
      {2, ErrorCode::malformed_csv, "the quote at byte offset 2 is not closed", "2,\"y"}};
  EXPECT_EQ(ran.failures, expected);
}

TEST(CsvFormat, a_stray_quote_does_not_take_the_next_quoted_row_with_it) {
  const Ran ran = run_csv("a,email\n1,\"x\n2,\"y\"\r\n3,\"a\"\"b\"\n");
  EXPECT_EQ(ran.output, "a,email\n2,<y>\r\n3,\"<a\"\"b>\"\n");
  const std::vector<FailedRow> expected = {
      {1, ErrorCode::malformed_csv, "text after a closing quote at byte offset 8", "1,\"x"}};
  EXPECT_EQ(ran.failures, expected);
}

TEST(CsvFormat, quotes_out_of_place) {
  const Ran ran = run_csv("a,email\n1,x\"y\n2,\"x\"y\n3,\"x\" \n4,ok\n5,\"x\"\r\r\n6,\"\"\"\n7,ok\n");
  EXPECT_EQ(ran.output, "a,email\n4,<ok>\n7,<ok>\n");
  const std::vector<FailedRow> expected = {
      {1, ErrorCode::malformed_csv, "a quote inside of an unquoted cell at byte offset 3", "1,x\"y"},
      {2, ErrorCode::malformed_csv, "text after a closing quote at byte offset 5", "2,\"x\"y"},
      {3, ErrorCode::malformed_csv, "text after a closing quote at byte offset 5", "3,\"x\" "},
      {5, ErrorCode::malformed_csv, "text after a closing quote at byte offset 5", "5,\"x\"\r"},
      {6, ErrorCode::malformed_csv, "the quote at byte offset 2 is not closed", "6,\"\"\""}};
  EXPECT_EQ(ran.failures, expected);
}

TEST(CsvFormat, a_quote_not_closed_within_the_longest_row_allowed_costs_one_line) {
  std::string input = "a,email\n1,\"x\n";
  std::string expected = "a,email\n";
  for (int i = 0; i < 40; ++i) {
    input += std::to_string(i) + ",row\n";
    expected += std::to_string(i) + ",<row>\n";
  }
  const Ran ran = run_csv(input, {.columns = {"email"}}, {.threads = 1, .max_line = 100});
  EXPECT_EQ(ran.output, expected);
  ASSERT_EQ(ran.failures.size(), 1u);
  EXPECT_EQ(ran.failures[0].code, ErrorCode::malformed_csv);
  EXPECT_EQ(ran.failures[0].original, "1,\"x");
}

TEST(CsvFormat, a_longer_row_than_allowed_is_one_failed_row) {
  const std::string big(300, 'x');
  const Ran ran = run_csv("a,email\n1,y\n2," + big + "\r\n3,\"" + big + "\"\n4,z\n5," + big,
                          {.columns = {"email"}}, {.threads = 1, .max_line = 100});
  EXPECT_EQ(ran.output, "a,email\n1,<y>\n4,<z>\n");
  const std::vector<FailedRow> expected = {
      {2, ErrorCode::too_large, "longer than 100 bytes", "2," + big},
      {3, ErrorCode::too_large, "longer than 100 bytes", "3,\"" + big + "\""},
      {5, ErrorCode::too_large, "longer than 100 bytes", "5," + big}};
  EXPECT_EQ(ran.failures, expected);
}

TEST(CsvFormat, exactly_the_longest_row_allowed_passes) {
  for (const std::size_t max_line : {40u, 100u}) {
    for (const std::string terminator : {"\n", "\r\n", ""}) {
      const std::string fits = "1," + std::string(max_line - 2, 'x');
      const std::string header = "a,email\n";
      EXPECT_EQ(
          run_csv(header + fits + terminator, {.columns = {"email"}}, {.threads = 1, .max_line = max_line})
              .output,
          header + "1,<" + fits.substr(2) + ">" + terminator);
      EXPECT_EQ(run_csv(header + fits + "x" + terminator, {.columns = {"email"}},
                        {.threads = 1, .max_line = max_line})
                    .failures.size(),
                1u);
    }
  }
}

TEST(CsvFormat, header_errors) {
  EXPECT_EQ(header_error(""), ErrorCode::missing_column);
  EXPECT_EQ(header_error("\xEF\xBB\xBF"), ErrorCode::missing_column);
  EXPECT_EQ(header_error("a,b\n1,2\n"), ErrorCode::missing_column);
  EXPECT_EQ(header_error("Email\nx\n"), ErrorCode::missing_column);
  EXPECT_EQ(header_error("email,b,email\n"), ErrorCode::malformed_csv);
  EXPECT_EQ(header_error("email,b,b\n"), ErrorCode::malformed_csv);
  EXPECT_EQ(header_error("email,b\"\n"), ErrorCode::malformed_csv);
  EXPECT_EQ(header_error("email,\"b\n1,2"), ErrorCode::malformed_csv);
  EXPECT_EQ(header_error("email,token\n", {.columns = {"email"}, .into = {"token"}}), ErrorCode::usage);
}

TEST(CsvFormat, columns_without_a_name_may_be_many) {
  EXPECT_EQ(output_of("email,,\nx,1,2\n"), "email,,\n<x>,1,2\n");
}

// Where the header is missing, its place is taken by personal data.
TEST(CsvFormat, header_errors_do_not_show_the_header) {
  for (const std::string_view input : {"canary,x\n1,2\n", "canary,canary\n", "canary\"\n"}) {
    const Ran ran = run_text(Csv{.columns = {"email"}}, input);
    ASSERT_TRUE(ran.outcome.error);
    EXPECT_EQ(ran.outcome.error->message().find("canary"), std::string::npos);
    EXPECT_EQ(ran.outcome.error->hint().find("canary"), std::string::npos);
  }
}

TEST(CsvFormat, check_refuses_what_cannot_be_run) {
  EXPECT_TRUE(check(Csv{.columns = {"a", "b"}, .into = {"x", "y"}}));
  for (const Csv& csv :
       {Csv{}, Csv{.columns = {"a", "a"}}, Csv{.columns = {"a", "b"}, .into = {"x"}},
        Csv{.columns = {"a", "b"}, .into = {"x", "x"}}, Csv{.delimiter = '"', .columns = {"a"}},
        Csv{.delimiter = '\n', .columns = {"a"}}, Csv{.delimiter = '\xC3', .columns = {"a"}},
        Csv{.delimiter = '\0', .columns = {"a"}}}) {
    const auto checked = check(csv);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code(), ErrorCode::usage);
  }
}

}  // namespace
}  // namespace piictl::stream::test
