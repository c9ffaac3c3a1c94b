#include "stream/rejects.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "run_text.hpp"

namespace piictl::stream::test {
namespace {

/// What stands in the rejects after a run.
std::string rejects_of(const Format& format, std::string_view input, Options options = {.threads = 1}) {
  const MemoryFile in(input);
  const MemoryFile rejects;
  RejectsWriter writer(rejects.fd(), format);
  options.input = in.fd();
  options.output = -1;
  options.on_failure = [&](const Failure& failure) { return writer.add(failure); };
  EXPECT_FALSE(run(format, bracket(), options).error);
  EXPECT_TRUE(writer.finish());
  return rejects.content();
}

TEST(RejectsWriter, lines_and_ndjson_are_tab_separated) {
  EXPECT_EQ(rejects_of(Lines{}, "a\nbad\tx\r\nworse"), "2\tnot valid UTF-8\tbad\tx\n3\tit is worse\tworse\n");
  EXPECT_EQ(rejects_of(Ndjson{.paths = {"a"}}, "{\"a\":{}}\n{\n"),
            "1\ta: an object is at the path\t{\"a\":{}}\n2\tnot valid JSON at byte offset 1\t{\n");
}

TEST(RejectsWriter, csv_is_csv_with_the_row_in_one_cell) {
  EXPECT_EQ(rejects_of(Csv{.columns = {"b"}}, "a,b\n1,\"bad \"\"x\"\"\nmore\"\n2,y\n"),
            "row,reason,original\n1,\"b: not valid UTF-8\",\"1,\"\"bad \"\"\"\"x\"\"\"\"\nmore\"\"\"\n");
}

TEST(RejectsWriter, nothing_failed_nothing_written) {
  EXPECT_EQ(rejects_of(Csv{.columns = {"b"}}, "a,b\n1,2\n"), "");
}

TEST(RejectsWriter, a_row_over_the_limit_is_there_whole) {
  const std::string big(10'000, 'x');
  const Options options = {.threads = 1, .max_line = 100, .chunk_size = 64};
  EXPECT_EQ(rejects_of(Lines{}, "a\n" + big + "\nb\n", options), "2\tlonger than 100 bytes\t" + big + "\n");
  EXPECT_EQ(rejects_of(Csv{.columns = {"a"}}, "a\n" + big + "\"\nb\n", options),
            "row,reason,original\n1,\"longer than 100 bytes\",\"" + big + "\"\"\"\n");
}

TEST(RejectsWriter, a_full_disk_is_reported) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  RejectsWriter writer(full, Lines{});
  ASSERT_TRUE(writer.add({.row = 1, .code = pii::ErrorCode::invalid_utf8, .reason = "x", .original = "y"}));
  const auto finished = writer.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code(), pii::ErrorCode::output_failed);
  close(full);
}

TEST(RejectsWriter, a_run_that_ended_within_a_row_leaves_a_whole_line) {
  const MemoryFile rejects;
  RejectsWriter writer(rejects.fd(), Csv{});
  ASSERT_TRUE(writer.add(
      {.row = 1, .code = pii::ErrorCode::too_large, .reason = "r", .original = "x", .more = true}));
  ASSERT_TRUE(writer.finish());
  EXPECT_EQ(rejects.content(), "row,reason,original\n1,\"r\",\"x\"\n");
}

}  // namespace
}  // namespace piictl::stream::test
