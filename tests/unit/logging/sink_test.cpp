#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "kit/effort.hpp"
#include "output/short_lock.hpp"
#include "unit/logging/logging_session.hpp"

namespace {

using namespace pii::log;
using namespace std::chrono_literals;
using pii::kit::read_file;

Session with(std::shared_ptr<Sink> sink, Level level = Level::trace) {
  Configuration configuration;
  configuration.outputs = {Output{std::move(sink), Format::ecs, level, false}};
  return pii::kit::start(std::move(configuration));
}

void expect_accounted(const SinkCounts& counts) {
  EXPECT_EQ(counts.accepted, counts.written + counts.buffered + counts.dropped + counts.failed);
}

std::size_t whole_lines(const std::string& text) {
  std::size_t lines = 0;
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1, ++lines) {
    EXPECT_FALSE(nlohmann::json::parse(text.substr(at, end - at), nullptr, false).is_discarded()) << text.substr(at, end - at);
  }
  EXPECT_TRUE(text.empty() || text.back() == '\n') << "a split line";
  return lines;
}

TEST(FileSink, BuffersUntilALineThatMattersOrTheEnd) {
  const pii::kit::TemporaryFolder folder;
  Session session = with(make_file_sink(folder / "log", {}, {.interval = 1h}));
  get_logger("x").info("small");
  EXPECT_EQ(read_file(folder / "log"), "");
  EXPECT_EQ(session.stats().outputs[0].buffered, 1u);
  get_logger("x").error("matters");
  EXPECT_EQ(whole_lines(read_file(folder / "log")), 2u);
  get_logger("x").info("again");
  EXPECT_TRUE(session.shutdown(1s));
  EXPECT_EQ(whole_lines(read_file(folder / "log")), 3u);
  expect_accounted(session.stats().outputs[0]);
  struct stat status = {};
  ASSERT_EQ(::stat((folder / "log").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST(FileSink, AnIdleBufferIsHandedOverInTime) {
  const pii::kit::TemporaryFolder folder;
  const Session session = with(make_file_sink(folder / "log", {}, {.interval = 10ms}));
  get_logger("x").info("idle");
  for (int i = 0; i < 500 && read_file(folder / "log").empty(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(whole_lines(read_file(folder / "log")), 1u);
}

// While it lives, no thread can be started: there is no room for a stack of that size.
class NoThreads {
 public:
  NoThreads() {
    ::pthread_attr_t huge;
    if (::pthread_getattr_default_np(&usual_) != 0 || ::pthread_attr_init(&huge) != 0) std::abort();
    if (::pthread_attr_setstacksize(&huge, std::size_t{1} << 60) != 0 || ::pthread_setattr_default_np(&huge) != 0) std::abort();
    ::pthread_attr_destroy(&huge);
  }
  ~NoThreads() {
    ::pthread_setattr_default_np(&usual_);
    ::pthread_attr_destroy(&usual_);
  }
  static bool work() {
    try {
      std::thread([] {}).join();
    } catch (const std::system_error&) {
      return true;
    }
    return false;
  }

 private:
  ::pthread_attr_t usual_;
};

bool goes_out_with_the_next_one(const Session& session) {
  get_logger("x").info("one");
  const bool kept = session.stats().outputs[0].buffered == 1;
  std::this_thread::sleep_for(BufferPolicy().interval + 50ms);
  get_logger("x").info("two");
  return kept && session.stats().outputs[0].buffered == 0;
}

TEST(FileSink, WithoutAThreadALineThatIsOldGoesOutWithTheNextOne) {
  const pii::kit::TemporaryFolder folder;
  const NoThreads none;
  if (!NoThreads::work()) GTEST_SKIP() << "threads of any size can be started here";
  const Session session = with(make_file_sink(folder / "log"));
  EXPECT_TRUE(goes_out_with_the_next_one(session));
  EXPECT_EQ(whole_lines(read_file(folder / "log")), 2u);
}

TEST(Fork, InAChildWithoutAThreadALineThatIsOldGoesOutWithTheNextOne) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  const pii::kit::TemporaryFolder folder;
  const Session session = with(make_file_sink(folder / "log"));
  std::this_thread::sleep_for(20ms);  // the thread comes, and sinks count on it
  const pid_t child = ::fork();
  if (child == 0) {
    const NoThreads none;
    ::_exit(!NoThreads::work() || goes_out_with_the_next_one(session) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(FileSink, RotatesUnderLoadWithoutLosingOrSplittingALine) {
  const pii::kit::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "logs");
  const std::string path = folder / "logs/app";
  Session session = with(make_file_sink(path, {.max_bytes = 20'000, .keep = 1000}, {.bytes = 4096}));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 500; ++i) get_logger("x").info("rotated", kv("i", i), kv("text", "some more bytes for the line"));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(session.shutdown(1s));
  std::size_t lines = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "logs")) {
    EXPECT_LE(entry.file_size(), 20'000u);
    lines += whole_lines(read_file(entry.path().string()));
  }
  EXPECT_EQ(lines, 2000u);
  const SinkCounts counts = session.stats().outputs[0];
  EXPECT_EQ(counts.written, 2000u);
  EXPECT_GT(counts.rotations, 10u);
  expect_accounted(counts);
}

TEST(FileSink, KeepsAsManyAsAsked) {
  const pii::kit::TemporaryFolder folder;
  Session session = with(make_file_sink(folder / "log", {.max_bytes = 1, .keep = 2}, {.bytes = 0}));
  for (int i = 0; i < 5; ++i) get_logger("x").info("one_a_file");
  EXPECT_TRUE(std::filesystem::exists(folder / "log.2"));
  EXPECT_FALSE(std::filesystem::exists(folder / "log.3"));
}

TEST(FileSink, ReopensAfterARenameAndOnRequest) {
  const pii::kit::TemporaryFolder folder;
  Session session = with(make_file_sink(folder / "log", {}, {.bytes = 0}));
  get_logger("x").info("one");
  std::filesystem::rename(folder / "log", folder / "old");
  get_logger("x").info("two");
  session.reopen();
  get_logger("x").info("three");
  std::filesystem::rename(folder / "log", folder / "older");
  ::signal(SIGHUP, [](int) { request_reopen(); });
  ::raise(SIGHUP);
  ::signal(SIGHUP, SIG_DFL);
  get_logger("x").info("four");
  EXPECT_EQ(whole_lines(read_file(folder / "old")), 2u);
  EXPECT_EQ(whole_lines(read_file(folder / "older")), 1u);
  EXPECT_EQ(whole_lines(read_file(folder / "log")), 1u);
}

TEST(FileSink, WhatCannotBeWrittenIsCountedAndComesBack) {
  const pii::kit::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "gone");
  const std::string path = folder / "gone/log";
  std::filesystem::remove(folder / "gone");
  Session session = with(make_file_sink(path, {}, {.bytes = 0}));
  get_logger("x").info("lost");
  EXPECT_EQ(session.stats().outputs[0].failed, 1u);
  session.reopen();
  EXPECT_EQ(session.stats().outputs[0].reopen_failures, 1u);
  std::filesystem::create_directory(folder / "gone");
  session.reopen();
  get_logger("x").info("back");
  EXPECT_EQ(whole_lines(read_file(path)), 1u);
  expect_accounted(session.stats().outputs[0]);
}

TEST(FileSink, AFullDiskIsCounted) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full here";
  Session session = with(make_file_sink("/dev/full", {}, {.bytes = 0}));
  get_logger("x").info("full");
  EXPECT_EQ(session.stats().outputs[0].failed, 1u);
  expect_accounted(session.stats().outputs[0]);
}

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) std::abort();
  }
  ~Pipe() {
    close_reader();
    ::close(ends_[1]);
  }
  int writer() const { return ends_[1]; }
  void close_reader() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }
  std::string read_all() {
    std::string all;
    char block[65536];
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    for (ssize_t got; (got = ::read(ends_[0], block, sizeof block)) > 0;) all.append(block, static_cast<std::size_t>(got));
    return all;
  }

 private:
  int ends_[2] = {-1, -1};
};

TEST(DescriptorSink, AReceiverThatTakesNothingCostsBoundedTimeAndMemory) {
  Pipe pipe;
  Session session = with(make_descriptor_sink(pipe.writer(), {.bytes = 1024, .max_bytes = 20'000, .write_timeout = 20ms}));
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2000; ++i) get_logger("x").info("flood", kv("text", std::string(100, 'x')));
  EXPECT_FALSE(session.flush(20ms));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  SinkCounts counts = session.stats().outputs[0];
  EXPECT_GT(counts.dropped, 0u);
  EXPECT_GT(counts.buffered, 0u);
  expect_accounted(counts);
  std::string text = pipe.read_all();
  while (!session.flush(50ms)) text += pipe.read_all();
  text += pipe.read_all();
  counts = session.stats().outputs[0];
  EXPECT_EQ(counts.buffered, 0u);
  EXPECT_EQ(whole_lines(text), counts.written);
  expect_accounted(counts);
}

TEST(DescriptorSink, AReaderThatIsGoneEndsNothing) {
  Pipe pipe;
  Session session = with(make_descriptor_sink(pipe.writer(), {.bytes = 0}));
  pipe.close_reader();
  get_logger("x").info("to_nobody");
  EXPECT_EQ(session.stats().outputs[0].failed, 1u);
  EXPECT_TRUE(session.shutdown(1s));
}

TEST(Outputs, HaveALevelAndASinkOfTheirOwn) {
  const pii::kit::TemporaryFolder folder;
  Configuration configuration;
  const auto sink = make_file_sink(folder / "a");
  configuration.outputs = {Output{sink}, Output{sink}};
  EXPECT_EQ(init(configuration).error().code(), pii::ErrorCode::invalid_setting);
  configuration.outputs = {Output{}};
  EXPECT_EQ(init(configuration).error().code(), pii::ErrorCode::invalid_setting);
  configuration.outputs = {Output{sink}, Output{make_file_sink(folder / "b"), Format::ecs, Level::error, false}};
  Session session = pii::kit::start(std::move(configuration));
  get_logger("x").info("one");
  get_logger("x").error("two");
  session.flush(1s);
  EXPECT_EQ(whole_lines(read_file(folder / "a")), 2u);
  EXPECT_EQ(whole_lines(read_file(folder / "b")), 1u);
}

// Whether who waits spins or sleeps.
TEST(ShortLock, OneAtATime) {
  pii::log::ShortLock lock;
  std::uint64_t count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20'000; ++n) {
        const std::lock_guard held(lock);
        if (++count % 10'000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(3));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 80'000u);
  EXPECT_TRUE(lock.try_lock());
  EXPECT_FALSE(lock.try_lock());
  lock.unlock();
}

TEST(Fork, TheParentsLinesAreWrittenOnceAndTheChildGoesOn) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  const pii::kit::TemporaryFolder folder;
  Session session = with(make_file_sink(folder / "log", {}, {.interval = 1h}));
  std::atomic<bool> stop{false};
  std::thread busy([&, log = get_logger("x")] {
    // In bursts: each line is looked at in the end.
    for (int i = 0; !stop; ++i) {
      log.info("parent");
      if (i % 50 == 0) std::this_thread::sleep_for(1ms);
    }
  });
  for (int i = 0; i < 20; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      get_logger("x").info("child");
      ::_exit(session.flush(1s) ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  stop = true;
  busy.join();
  EXPECT_TRUE(session.shutdown(1s));
  const std::string text = read_file(folder / "log");
  std::size_t children = 0;
  for (std::size_t at = 0; (at = text.find("\"child\"", at)) != std::string::npos; ++at) ++children;
  EXPECT_EQ(children, 20u);
  EXPECT_EQ(whole_lines(text), session.stats().outputs[0].written + 20);
}

}  // namespace
