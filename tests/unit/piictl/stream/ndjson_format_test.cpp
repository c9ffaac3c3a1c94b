#include <gtest/gtest.h>

#include <string>

#include "run_text.hpp"

namespace piictl::stream::test {
namespace {

using pii::ErrorCode;
using namespace std::string_literals;

Ran run_ndjson(std::string_view input, std::vector<std::string> paths, Options options = {.threads = 1}) {
  return run_every_way(Ndjson{.paths = std::move(paths)}, input, options);
}

std::string output_of(std::string_view input, std::vector<std::string> paths) {
  return run_ndjson(input, std::move(paths)).output;
}

FailedRow failure_of(std::string_view line, std::vector<std::string> paths) {
  const Ran ran = run_text(Ndjson{.paths = std::move(paths)}, "{}\n" + std::string(line) + "\n{}\n");
  EXPECT_EQ(ran.output, "{}\n{}\n");
  if (ran.failures.size() != 1) {
    ADD_FAILURE() << "the row passed: " << line;
    return {};
  }
  EXPECT_EQ(ran.failures[0].row, 2u);
  EXPECT_EQ(ran.failures[0].original, line);
  return ran.failures[0];
}

TEST(NdjsonFormat, what_the_path_selects_is_replaced_and_all_else_kept) {
  EXPECT_EQ(
      output_of("{\"a\": 1 ,\"email\":\"x\",\"z\":[1.0,2e1]}\r\n  {\"email\" : \"y\"}\n{\"email\":\"z\"}",
                {"email"}),
      "{\"a\": 1 ,\"email\":\"<x>\",\"z\":[1.0,2e1]}\r\n  {\"email\" : \"<y>\"}\n{\"email\":\"<z>\"}");
}

TEST(NdjsonFormat, paths) {
  EXPECT_EQ(output_of(R"({"a":{"b":"x","c":"y"},"b":"z"})", {"a.b"}), R"({"a":{"b":"<x>","c":"y"},"b":"z"})");
  EXPECT_EQ(output_of(R"({"a":[{"c":"x"},{"d":"y"},{"c":"z"}]})", {"a[*].c"}),
            R"({"a":[{"c":"<x>"},{"d":"y"},{"c":"<z>"}]})");
  EXPECT_EQ(output_of(R"({"a":["x","y","z"]})", {"a[1]"}), R"({"a":["x","<y>","z"]})");
  EXPECT_EQ(output_of(R"({"a.b":"x","a":{"b":"y"}})", {"['a.b']"}), R"({"a.b":"<x>","a":{"b":"y"}})");
  EXPECT_EQ(output_of(R"([{"a":"x"},{"a":"y"}])", {"[*].a"}), R"([{"a":"<x>"},{"a":"<y>"}])");
  EXPECT_EQ(output_of(R"([{"a":"x"},{"a":"y"}])", {"$[1].a"}), R"([{"a":"x"},{"a":"<y>"}])");
  EXPECT_EQ(output_of(R"("x")", {"$"}), R"("<x>")");
  EXPECT_EQ(output_of(R"({"a":{"x":"1","y":"2"}})", {"a.*"}), R"({"a":{"x":"<1>","y":"<2>"}})");
  EXPECT_EQ(output_of(R"({"a":"x","b":{"c":"y"}})", {"$.b.c", "a"}), R"({"a":"<x>","b":{"c":"<y>"}})");
  EXPECT_EQ(output_of(R"({"a":{"b":"x"}})", {"a[0]", "b"}), R"({"a":{"b":"x"}})");
  EXPECT_EQ(output_of(R"({"\u0061":"x","\"":"y"})", {"a", "['\"']"}), R"({"\u0061":"<x>","\"":"<y>"})");
}

TEST(NdjsonFormat, targets_are_told_apart) {
  EXPECT_EQ(run_every_way(Ndjson{.paths = {"a", "b"}}, R"({"b":"x","a":"y"})", {.threads = 1}, bracket_list())
                .output,
            R"({"b":["<x>","1"],"a":["<y>","0"]})");
}

TEST(NdjsonFormat, missing_and_null_are_left_alone_and_numbers_taken_by_their_text) {
  EXPECT_EQ(output_of("{\"a\":null}\n{}\n[]\n1\n", {"a"}), "{\"a\":null}\n{}\n[]\n1\n");
  EXPECT_EQ(output_of(R"({"a":[0,-1.50e+3,123456789012345678901]})", {"a[*]"}),
            R"({"a":["<0>","<-1.50e+3>","<123456789012345678901>"]})");
}

TEST(NdjsonFormat, an_empty_string_is_a_value) {
  EXPECT_EQ(output_of(R"({"a":""})", {"a"}), R"({"a":"<>"})");
}

TEST(NdjsonFormat, duplicate_members_are_all_replaced) {
  EXPECT_EQ(output_of(R"({"a":"x","a":"y","\u0061":"z"})", {"a"}), R"({"a":"<x>","a":"<y>","\u0061":"<z>"})");
}

TEST(NdjsonFormat, escapes_are_read_and_written) {
  EXPECT_EQ(output_of(R"({"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000 \u001f"})", {"a"}),
            R"({"a":"<\"\\/\b\f\n\r\t)"
            "\u00e9\U0001F600"
            R"(\u0000 \u001f>"})");
}

TEST(NdjsonFormat, blank_lines_are_kept) {
  EXPECT_EQ(output_of("\n \t\r\n{}\n\n", {"a"}), "\n \t\r\n{}\n\n");
}

TEST(NdjsonFormat, a_byte_order_mark_is_kept) {
  EXPECT_EQ(output_of("\xEF\xBB\xBF{\"a\":\"x\"}\n", {"a"}), "\xEF\xBB\xBF{\"a\":\"<x>\"}\n");
}

TEST(NdjsonFormat, other_kinds_at_the_path_fail_the_row) {
  EXPECT_EQ(failure_of(R"({"a":{}})", {"a"}).reason, "a: an object is at the path");
  EXPECT_EQ(failure_of(R"({"a":[]})", {"a"}).reason, "a: an array is at the path");
  EXPECT_EQ(failure_of(R"({"a":true})", {"$.a"}).reason, "$.a: a boolean is at the path");
  EXPECT_EQ(failure_of(R"({"a":false})", {"a"}).reason, "a: a boolean is at the path");
  EXPECT_EQ(failure_of(R"({"b":"x","a":{}})", {"a", "b"}).code, ErrorCode::malformed_json);
}

TEST(NdjsonFormat, a_value_that_fails_takes_its_row) {
  const Ran ran = run_ndjson("{\"a\":\"x\",\"b\":\"bad\"}\n{\"a\":\"worse\"}\n{\"a\":\"y\"}\n", {"a", "b"});
  EXPECT_EQ(ran.output, "{\"a\":\"<y>\"}\n");
  const std::vector<FailedRow> expected = {
      {1, ErrorCode::invalid_utf8, "b: not valid UTF-8", R"({"a":"x","b":"bad"})"},
      {2, ErrorCode::reveal_failed, "a: it is worse", R"({"a":"worse"})"}};
  EXPECT_EQ(ran.failures, expected);
}

TEST(NdjsonFormat, what_is_not_json_fails_the_row_with_the_offset) {
  const struct {
    std::string_view line;
    std::size_t offset;
  } cases[] = {{"{", 1},           {"{}x", 2},    {"{} {}", 3}, {"[1,]", 3},      {"{\"b\":1,}", 7},
               {"[1 2]", 3},       {"[,1]", 1},   {"{1:2}", 1}, {"{\"b\" 1}", 5}, {"'b'", 0},
               {"nul", 3},         {"True", 0},   {"01", 1},    {"1.", 2},        {".5", 0},
               {"-", 1},           {"1e", 2},     {"+1", 0},    {"\"b", 2},       {"\"\\x\"", 2},
               {"\"\\u12g4\"", 5}, {"\"\t\"", 1}, {"[}", 1},    {"]", 0},         {"{\"b\":}", 5},
               {"NaN", 0},         {"// b", 0},   {"\"b\\", 3}, {"{\"b\"", 4},    {"[1", 2}};
  for (const auto& [line, offset] : cases) {
    const FailedRow failed = failure_of(line, {"a"});
    EXPECT_EQ(failed.code, ErrorCode::malformed_json) << line;
    EXPECT_EQ(failed.reason, "not valid JSON at byte offset " + std::to_string(offset)) << line;
  }
  EXPECT_EQ(failure_of("\"a\0\""s, {"b"}).code, ErrorCode::malformed_json);
}

TEST(NdjsonFormat, what_is_not_utf8_fails_the_row_wherever_it_is) {
  for (const std::string_view bytes :
       {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    const FailedRow failed = failure_of("{\"b\":\"" + std::string(bytes) + "\"}", {"a"});
    EXPECT_EQ(failed.code, ErrorCode::invalid_utf8);
    EXPECT_EQ(failed.reason, "not valid UTF-8 at byte offset 6");
  }
}

TEST(NdjsonFormat, half_of_a_surrogate_pair_fails_only_as_a_value) {
  for (const std::string_view half :
       {R"(\ud800)", R"(\ud800x)", R"(\ud800\u0041)", R"(\udc00)", R"(\ud800\ud800)"}) {
    const std::string line = "{\"a\":\"" + std::string(half) + "\"}";
    const FailedRow failed = failure_of(line, {"a"});
    EXPECT_EQ(failed.code, ErrorCode::invalid_utf8);
    EXPECT_EQ(failed.reason, "a: half of a surrogate pair");
    EXPECT_EQ(output_of(line, {"b"}), line);
  }
  EXPECT_EQ(output_of(R"({"\ud800":{"a":"x"}})", {"*.a"}), R"({"\ud800":{"a":"<x>"}})");
  EXPECT_EQ(output_of(R"({"\ud800":{"a":"x"}})", {"b.a"}), R"({"\ud800":{"a":"x"}})");
}

TEST(NdjsonFormat, depth_is_limited) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + "\"x\"" + std::string(depth, ']');
  };
  EXPECT_EQ(output_of(nested(512), {"a"}), nested(512));
  EXPECT_EQ(failure_of(nested(513), {"a"}).reason, "nested deeper than 512 levels");
  EXPECT_EQ(failure_of(std::string(100'000, '['), {"a"}).code, ErrorCode::malformed_json);
}

TEST(NdjsonFormat, a_longer_line_than_allowed_is_one_failed_row) {
  const std::string big = "{\"a\":\"" + std::string(300, 'x') + "\"}";
  const Ran ran =
      run_ndjson("{\"a\":\"y\"}\n" + big + "\n{\"a\":\"z\"}\n", {"a"}, {.threads = 1, .max_line = 100});
  EXPECT_EQ(ran.output, "{\"a\":\"<y>\"}\n{\"a\":\"<z>\"}\n");
  const std::vector<FailedRow> expected = {{2, ErrorCode::too_large, "longer than 100 bytes", big}};
  EXPECT_EQ(ran.failures, expected);
}

TEST(NdjsonFormat, many_values_in_one_row) {
  std::string input = "[";
  std::string expected = "[";
  for (int i = 0; i < 5000; ++i) {
    const std::string comma = i == 0 ? "" : ",";
    input += comma + std::to_string(i);
    expected += comma + "\"<" + std::to_string(i) + ">\"";
  }
  const Ran ran = run_ndjson(input + "]\n", {"[*]"});
  EXPECT_EQ(ran.output, expected + "]\n");
  EXPECT_EQ(ran.outcome.values, 5000u);
}

TEST(NdjsonFormat, check_refuses_what_cannot_be_run) {
  EXPECT_TRUE(check(Ndjson{.paths = {"a", "a.b"}}));
  for (const Ndjson& ndjson : {Ndjson{}, Ndjson{.paths = {"a", "$.a"}}, Ndjson{.paths = {"a[*]", "a[0]"}},
                               Ndjson{.paths = {""}}, Ndjson{.paths = {"a..b"}}}) {
    const auto checked = check(ndjson);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code(), ErrorCode::usage);
  }
}

}  // namespace
}  // namespace piictl::stream::test
