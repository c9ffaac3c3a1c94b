#include "stream/batch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <thread>

#include "run_text.hpp"

namespace piictl::stream::test {
namespace {

using pii::ErrorCode;
using namespace std::chrono_literals;

class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) std::abort();
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close_end(0); }
  void close_writer() { close_end(1); }
  void send(std::string_view text) const {
    ASSERT_EQ(write(writer(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  /// What arrives within some seconds, up to `size` bytes.
  std::string receive(std::size_t size) const {
    std::string text;
    pollfd waiting = {.fd = reader(), .events = POLLIN, .revents = 0};
    while (text.size() < size && poll(&waiting, 1, 20'000) > 0) {
      std::array<char, 4096> buffer;
      const ssize_t got = read(reader(), buffer.data(), std::min(buffer.size(), size - text.size()));
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  void close_end(std::size_t end) {
    if (ends_[end] >= 0) close(ends_[end]);
    ends_[end] = -1;
  }
  std::array<int, 2> ends_{};
};

class SlowBracket final : public Bracket {
 public:
  explicit SlowBracket(unsigned seed) : random_(seed) {}
  pii::Result<void> apply(ValueBatch& values) override {
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % 500));
    return Bracket::apply(values);
  }

 private:
  std::mt19937 random_;
};

std::string numbered_lines(int count, std::string_view prefix = "", std::string_view suffix = "") {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += std::string(prefix) + std::to_string(i) + std::string(suffix) + "\n";
  return text;
}

TEST(Batch, order_is_kept_whatever_the_workers_do) {
  std::atomic<unsigned> seed = 0;
  const auto slow = [&] { return std::make_unique<SlowBracket>(++seed); };
  const Ran ran = run_text(Lines{}, numbered_lines(20'000), {.threads = 8, .chunk_size = 500}, slow);
  EXPECT_EQ(ran.output, numbered_lines(20'000, "<", ">"));
  EXPECT_EQ(ran.outcome.rows, 20'000u);
  EXPECT_EQ(seed, 8u);
}

TEST(Batch, failures_come_in_order_of_rows) {
  std::atomic<unsigned> seed = 0;
  const auto slow = [&] { return std::make_unique<SlowBracket>(++seed); };
  std::string input;
  for (int i = 0; i < 20'000; ++i) input += i % 3 == 0 ? "bad\n" : "ok\n";
  const Ran ran = run_text(Lines{}, input, {.threads = 8, .chunk_size = 500}, slow);
  ASSERT_EQ(ran.failures.size(), 6667u);
  for (std::size_t i = 0; i < ran.failures.size(); ++i) ASSERT_EQ(ran.failures[i].row, 3 * i + 1);
}

// A worker whose results are larger than it may hold waits for its turn and writes in pieces.
TEST(Batch, results_much_larger_than_the_input) {
  const auto large = replace_by([](std::string_view value) { return std::string(20'000, value[0]); });
  std::string input;
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    input += std::string(1, static_cast<char>('a' + i % 26)) + "\n";
    expected += std::string(20'000, static_cast<char>('a' + i % 26)) + "\n";
  }
  const Ran ran = run_text(Lines{}, input, {.threads = 3, .chunk_size = 1000}, large);
  EXPECT_TRUE(ran.output == expected);
}

TEST(Batch, a_slow_pipe_is_answered_row_by_row) {
  for (const std::size_t threads : {1u, 3u}) {
    Pipe in;
    Pipe out;
    const Options options = {.input = in.reader(), .output = out.writer(), .threads = threads};
    Outcome outcome;
    std::thread running([&] { outcome = run(Lines{}, bracket(), options); });
    in.send("first\nsec");
    EXPECT_EQ(out.receive(8), "<first>\n");
    in.send("ond\nthird");
    EXPECT_EQ(out.receive(9), "<second>\n");
    in.close_writer();
    EXPECT_EQ(out.receive(7), "<third>");
    running.join();
    EXPECT_EQ(outcome.rows, 3u);
    EXPECT_EQ(outcome.code(), ErrorCode::ok);
  }
}

TEST(Batch, csv_from_a_slow_pipe) {
  Pipe in;
  Pipe out;
  const Options options = {.input = in.reader(), .output = out.writer(), .threads = 2};
  std::thread running([&] { run(Csv{.columns = {"a"}}, bracket(), options); });
  in.send("a\n");
  EXPECT_EQ(out.receive(2), "a\n");
  in.send("\"x");
  in.send("\ny\"\n");
  EXPECT_EQ(out.receive(8), "\"<x\ny>\"\n");
  in.close_writer();
  running.join();
}

TEST(Batch, stop_ends_a_run_that_waits_for_input) {
  Pipe in;
  Pipe out;
  std::atomic<bool> stop = false;
  const Options options = {.input = in.reader(), .output = out.writer(), .threads = 2, .stop = &stop};
  Outcome outcome;
  std::thread running([&] { outcome = run(Lines{}, bracket(), options); });
  in.send("a\nb\nhalf");
  EXPECT_EQ(out.receive(8), "<a>\n<b>\n");
  stop = true;
  running.join();
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.rows, 2u);
  EXPECT_EQ(outcome.bytes_in, 4u);
  EXPECT_EQ(outcome.code(), ErrorCode::interrupted);
}

class StopAt final : public Bracket {
 public:
  explicit StopAt(std::atomic<bool>& stop) : stop_(stop) {}
  pii::Result<void> apply(ValueBatch& values) override {
    if (values.inputs()[0].size() > 3) stop_ = true;
    return Bracket::apply(values);
  }

 private:
  std::atomic<bool>& stop_;
};

TEST(Batch, stop_finishes_the_rows_in_flight) {
  std::atomic<bool> stop = false;
  const std::string input = numbered_lines(100'000);
  const MemoryFile in(input);
  const MemoryFile out;
  const Options options = {
      .input = in.fd(), .output = out.fd(), .threads = 4, .chunk_size = 256, .stop = &stop};
  const Outcome outcome = run(
      Lines{}, [&] { return std::make_unique<StopAt>(stop); }, options);
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_GE(outcome.rows, 1000u);
  EXPECT_LT(outcome.rows, 3000u);
  EXPECT_EQ(out.content(), numbered_lines(static_cast<int>(outcome.rows), "<", ">"));
  EXPECT_EQ(outcome.bytes_in, numbered_lines(static_cast<int>(outcome.rows)).size());
}

TEST(Batch, a_closed_pipe_ends_the_run_without_an_error) {
  signal(SIGPIPE, SIG_IGN);
  const MemoryFile in(numbered_lines(200'000));
  Pipe out;
  std::thread reading([&] {
    static_cast<void>(out.receive(100));
    out.close_reader();
  });
  const Outcome outcome =
      run(Lines{}, bracket(), {.input = in.fd(), .output = out.writer(), .threads = 3, .chunk_size = 4096});
  reading.join();
  EXPECT_TRUE(outcome.output_closed);
  EXPECT_FALSE(outcome.error);
  EXPECT_LT(outcome.rows, 200'000u);
}

TEST(Batch, a_closed_pipe_ends_the_run_while_another_worker_waits_for_input) {
  signal(SIGPIPE, SIG_IGN);
  Pipe in;
  Pipe out;
  Outcome outcome;
  std::thread running([&] {
    outcome = run(Lines{}, bracket(), {.input = in.reader(), .output = out.writer(), .threads = 3});
  });
  in.send("a\n");
  EXPECT_EQ(out.receive(4), "<a>\n");
  out.close_reader();
  in.send("b\n");
  running.join();
  EXPECT_TRUE(outcome.output_closed);
  EXPECT_EQ(outcome.rows, 1u);
}

TEST(Batch, a_full_disk_is_an_error) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  const MemoryFile in(numbered_lines(10'000));
  const Outcome outcome =
      run(Lines{}, bracket(), {.input = in.fd(), .output = full, .threads = 3, .chunk_size = 512});
  close(full);
  EXPECT_EQ(outcome.code(), ErrorCode::output_failed);
  EXPECT_EQ(outcome.rows, 0u);
  ASSERT_TRUE(outcome.error);
  EXPECT_NE(outcome.error->message().find("No space left"), std::string::npos);
}

TEST(Batch, an_input_that_cannot_be_read_is_an_error) {
  const int folder = open("/", O_RDONLY | O_CLOEXEC);
  const MemoryFile out;
  const Outcome outcome = run(Lines{}, bracket(), {.input = folder, .output = out.fd(), .threads = 2});
  close(folder);
  EXPECT_EQ(outcome.code(), ErrorCode::file_unreadable);
}

TEST(Batch, output_to_a_pipe_that_does_not_block) {
  const std::string input = numbered_lines(100'000);
  const MemoryFile in(input);
  Pipe out;
  fcntl(out.writer(), F_SETFL, O_NONBLOCK);
  std::string received;
  const std::string expected = numbered_lines(100'000, "<", ">");
  std::thread reading([&] { received = out.receive(expected.size()); });
  const Outcome outcome = run(Lines{}, bracket(), {.input = in.fd(), .output = out.writer(), .threads = 2});
  reading.join();
  EXPECT_EQ(outcome.code(), ErrorCode::ok);
  EXPECT_TRUE(received == expected);
}

class FailAt final : public Bracket {
 public:
  pii::Result<void> apply(ValueBatch& values) override {
    for (const std::string_view input : values.inputs()) {
      if (input == "5000") return pii::Error(ErrorCode::file_not_found, "no keyset", "make one");
    }
    return Bracket::apply(values);
  }
};

TEST(Batch, an_error_of_the_operation_ends_the_run_behind_the_rows_before) {
  for (const std::size_t threads : {1u, 4u}) {
    const MemoryFile in(numbered_lines(100'000));
    const MemoryFile out;
    const Outcome outcome =
        run(Lines{}, [] { return std::make_unique<FailAt>(); },
            {.input = in.fd(), .output = out.fd(), .threads = threads, .chunk_size = 1000});
    EXPECT_EQ(outcome.code(), ErrorCode::file_not_found);
    EXPECT_EQ(outcome.error->hint(), "make one");
    EXPECT_LE(outcome.rows, 5000u);
    EXPECT_GT(outcome.rows, 4000u);
    EXPECT_EQ(out.content(), numbered_lines(static_cast<int>(outcome.rows), "<", ">"));
  }
}

TEST(Batch, an_error_of_on_failure_ends_the_run) {
  const MemoryFile in("a\nbad\nb\n");
  const MemoryFile out;
  Options options = {.input = in.fd(), .output = out.fd(), .threads = 1};
  options.on_failure = [](const Failure&) {
    return pii::Error(ErrorCode::output_failed, "the rejects are full");
  };
  EXPECT_EQ(run(Lines{}, bracket(), options).code(), ErrorCode::output_failed);
}

TEST(Batch, without_an_output_all_is_counted) {
  const MemoryFile in("a\nbad\nb\n");
  const Outcome outcome = run(Lines{}, bracket(), {.input = in.fd(), .output = -1, .threads = 1});
  EXPECT_EQ(outcome.rows, 3u);
  EXPECT_EQ(outcome.values, 2u);
  EXPECT_EQ(outcome.bytes_in, 8u);
  EXPECT_EQ(outcome.bytes_out, 9u);
}

TEST(Batch, progress_ends_at_most_at_the_total) {
  const std::string input = numbered_lines(200'000);
  const MemoryFile in(input);
  Progress last = {};
  int calls = 0;
  Options options = {.input = in.fd(), .output = -1, .threads = 3, .chunk_size = 4096};
  options.on_progress = [&](const Progress& progress) {
    EXPECT_GE(progress.bytes_in, last.bytes_in);
    EXPECT_GE(progress.rows, last.rows);
    EXPECT_EQ(progress.bytes_total, input.size());
    last = progress;
    ++calls;
  };
  run(Lines{}, bracket(), options);
  EXPECT_GE(calls, 1);
  EXPECT_LE(last.bytes_in, input.size());
}

TEST(Batch, reading_begins_where_the_file_stands) {
  const MemoryFile in("skipped\na\n");
  lseek(in.fd(), 8, SEEK_SET);
  const MemoryFile out;
  run(Lines{}, bracket(), {.input = in.fd(), .output = out.fd(), .threads = 1});
  EXPECT_EQ(out.content(), "<a>\n");
}

TEST(Batch, a_format_that_cannot_be_run_reads_nothing) {
  const MemoryFile in("a\n");
  const MemoryFile out;
  EXPECT_EQ(run(Csv{}, bracket(), {.input = in.fd(), .output = out.fd()}).code(), ErrorCode::usage);
  EXPECT_EQ(lseek(in.fd(), 0, SEEK_CUR), 0);
}

}  // namespace
}  // namespace piictl::stream::test
