// A run that stopped anywhere is gone on with: the same output, no row twice, counts that go on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "run_text.hpp"

namespace piictl::stream::test {
namespace {

// Bracket that counts: slot 0 what it saw, slot 1 what was written.
class Noting final : public ValueOperation {
 public:
  pii::Result<void> apply(ValueBatch& values) override {
    for (std::size_t i = 0; i < values.size(); ++i) values.note(i, 0, 1);
    return bracket_.apply(values);
  }

 private:
  Bracket bracket_;
};
OperationFactory noting() {
  return [] { return std::make_unique<Noting>(); };
}

struct Stop {
  Counts counts;
  std::string output;
};

// What is written and counted at every point where a run may be gone on with.
std::vector<Stop> all_stops(const Format& format, std::string_view input, Options options) {
  const MemoryFile in(input);
  const MemoryFile out;
  options.input = in.fd();
  options.output = out.fd();
  std::vector<Stop> stops;
  options.on_written = [&](const Counts& counts) -> pii::Result<void> {
    stops.push_back({counts, out.content()});
    return {};
  };
  const Outcome outcome = run(format, noting(), options);
  stops.push_back({outcome, out.content()});
  return stops;
}

Stop go_on(const Format& format, std::string_view input, Options options, const Counts& from, bool pipe) {
  const MemoryFile in(input);
  const MemoryFile out;
  options.input = in.fd();
  options.output = out.fd();
  options.begin = from;
  int ends[2] = {-1, -1};
  std::thread writer;
  if (pipe) {
    EXPECT_EQ(::pipe(ends), 0);
    options.input = ends[0];
    writer = std::thread([&] {
      EXPECT_EQ(::write(ends[1], input.data(), input.size()), static_cast<ssize_t>(input.size()));
      ::close(ends[1]);
    });
  }
  const Outcome outcome = run(format, noting(), options);
  if (pipe) {
    writer.join();
    ::close(ends[0]);
  }
  EXPECT_FALSE(outcome.error) << outcome.error->message();
  return {outcome, out.content()};
}

void expect_same_from_every_stop(const Format& format, std::string_view input) {
  std::size_t tried = 0;
  for (const std::size_t chunk : {1U, 7U, 40U, 4096U}) {
    const Options options{.threads = 1, .max_line = 30, .chunk_size = chunk};
    const std::vector<Stop> stops = all_stops(format, input, options);
    const Stop& last = stops.back();
    for (const Stop& stop : stops) {
      if (stop.counts.bytes_in == 0) continue;
      ASSERT_EQ(stop.counts.bytes_out, stop.output.size());
      for (const bool pipe : {false, true}) {
        const Stop rest = go_on(format, input, options, stop.counts, pipe);
        EXPECT_EQ(stop.output + rest.output, last.output) << chunk << " " << stop.counts.bytes_in << " " << pipe;
        EXPECT_EQ(rest.counts.rows, last.counts.rows);
        EXPECT_EQ(rest.counts.values, last.counts.values);
        EXPECT_EQ(rest.counts.failed, last.counts.failed);
        EXPECT_EQ(rest.counts.bytes_in, last.counts.bytes_in);
        EXPECT_EQ(rest.counts.bytes_out, last.counts.bytes_out);
        EXPECT_EQ(rest.counts.notes, last.counts.notes);
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 20U);
}

TEST(Resume, Lines) {
  std::string input;
  for (int i = 0; i < 12; ++i) input += (i == 5 ? "bad" : "row") + std::to_string(i) + (i % 3 == 0 ? "\r\n" : "\n");
  input += std::string(100, 'x') + "\nafter\n\nlast";
  expect_same_from_every_stop(Lines{}, input);
}

TEST(Resume, Csv) {
  std::string input = "\xEF\xBB\xBFid,value\r\n";
  for (int i = 0; i < 12; ++i) {
    input += std::to_string(i) + (i == 4 ? ",bad\r\n" : i % 3 == 1 ? ",\"a\n\"\"b\"\r\n" : ",v\r\n");
  }
  input += "13," + std::string(100, 'x') + "\r\n14,\"end\"";
  expect_same_from_every_stop(Csv{.columns = {"value"}}, input);
  expect_same_from_every_stop(Csv{.columns = {"value"}, .into = {"token"}}, input);
}

TEST(Resume, Ndjson) {
  std::string input;
  for (int i = 0; i < 12; ++i) input += R"({"a":[")" + std::string(i == 7 ? "bad" : "v") + R"(","w"]})" + "\n";
  input += R"({"a":")" + std::string(100, 'x') + "\"}\n{\"a\":[\"z\"]}";
  expect_same_from_every_stop(Ndjson{{"a[*]"}}, input);
}

TEST(Resume, NotesCountWhatIsSeenAndWhatIsWritten) {
  const auto stops = all_stops(Csv{.columns = {"a", "b"}}, "a,b\n1,2\nbad,3\n4,5\n", {.threads = 1});
  EXPECT_EQ(stops.back().counts.notes, (std::vector<std::uint64_t>{6, 4}));
}

TEST(Resume, AnInputThatIsShorterIsRefused) {
  const MemoryFile in("one\ntwo\n");
  const MemoryFile out;
  Options options{.input = in.fd(), .output = out.fd(), .threads = 1};
  options.begin.bytes_in = 100;
  options.begin.rows = 20;
  const Outcome outcome = run(Lines{}, bracket(), options);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code(), pii::ErrorCode::guard_refused);
  EXPECT_EQ(out.content(), "");
}

}  // namespace
}  // namespace piictl::stream::test
