// A process that crashes with write_on_crash(): what waited is there, masked, and the crash goes on as it would have.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <thread>

#include "kit/scripted_server.hpp"
#include "pii/logging/crash.hpp"
#include "pii/logging/receivers.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/ship_kit.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using namespace pii::log;
using namespace pii::ship;
using namespace std::chrono_literals;
using pii::kit::ScriptedServer;
using pii::kit::TemporaryFolder;

constexpr int kLines = 50;

struct End {
  int status;
  std::string file;  // what its file output has
  std::string dump;
};

/// A child that logs to a file that is never due and to a receiver that takes nothing, and then does `last`.
End child_that(const std::function<void()>& last, bool busy = false) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    const rlimit none = {0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    Options options;
    options.batch.max_age = 1h;
    Configuration configuration;
    configuration.outputs = {file(folder / "log", {}, Format::ecs, {.interval = 1h, .flush_level = Level::off}),
                             Output{*http_batch({.url = "http://127.0.0.1:1/"}, options)}};
    auto* const session = new Session(pii::kit::start(std::move(configuration)));
    static_cast<void>(session);
    if (!write_on_crash(folder / "dump")) ::_exit(91);
    for (int i = 0; i < kLines; ++i) get_logger("x").info("before", kv("i", i), kv("mail", "ada@example.org"));
    if (busy) {
      for (int t = 0; t < 2; ++t) {
        std::thread([] {
          for (;;) get_logger("x").info("busy");
        }).detach();
      }
      std::this_thread::sleep_for(20ms);
    }
    last();
    ::_exit(92);
  }
  End end{};
  ::waitpid(child, &end.status, 0);
  end.file = pii::kit::read_file(folder / "log");
  end.dump = pii::kit::read_file(folder / "dump");
  return end;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t all = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++all;
  return all;
}

void expect_all_lines(const End& end) {
  for (const std::string& text : {end.file, end.dump}) {
    EXPECT_EQ(count(text, "\"before\""), static_cast<std::size_t>(kLines));
    EXPECT_EQ(text.find("ada@"), std::string::npos);
    for (const auto& event : pii::kit::json_lines(text)) EXPECT_TRUE(event.is_object());
  }
}

void expect_killed_by(const End& end, int signal) {
#ifdef PII_SANITIZED
  EXPECT_TRUE(WIFSIGNALED(end.status) || WEXITSTATUS(end.status) != 92) << signal << ": the sanitizer's own handler comes second, and exits";
#else
  ASSERT_TRUE(WIFSIGNALED(end.status)) << "exit code " << WEXITSTATUS(end.status);
  EXPECT_EQ(WTERMSIG(end.status), signal);
#endif
}

[[gnu::noinline]] void read_nowhere() {
  volatile int* volatile nowhere = reinterpret_cast<int*>(8);
  static_cast<void>(*nowhere);
}

TEST(Crash, ASegmentationFaultLeavesTheLinesBehind) {
  const End end = child_that(&read_nowhere);
  expect_killed_by(end, SIGSEGV);
  expect_all_lines(end);
}

TEST(Crash, AnAbortToo) {
  const End end = child_that([] { std::abort(); });
  expect_killed_by(end, SIGABRT);
  expect_all_lines(end);
}

TEST(Crash, SignalsThatAreSentToo) {
  for (const int signal : {SIGBUS, SIGFPE, SIGILL, SIGSEGV}) {
    const End end = child_that([&] { ::kill(::getpid(), signal); });
    expect_killed_by(end, signal);
    expect_all_lines(end);
  }
}

TEST(Crash, WhileOtherThreadsLog) {
  const End end = child_that(&read_nowhere, true);
  expect_killed_by(end, SIGSEGV);
  for (const std::string& text : {end.file, end.dump}) EXPECT_EQ(count(text, "\"before\""), static_cast<std::size_t>(kLines));
  for (const auto& event : pii::kit::json_lines(end.dump)) EXPECT_TRUE(event.is_object());
}

TEST(Crash, OfTwoThreadsAtOnce) {
  const End end = child_that([] {
    std::thread other(&read_nowhere);
    read_nowhere();
    other.join();
  });
  expect_killed_by(end, SIGSEGV);
  expect_all_lines(end);
}

// Nothing waits for a lock that the crashed thread itself holds.
TEST(Crash, InsideAnOutputThatIsLocked) {
  const TemporaryFolder folder;
  struct Held final : Sink {
    void write(const MaskedLine&) noexcept override {
      const std::lock_guard lock(mutex);
      read_nowhere();
    }
    bool flush(std::chrono::milliseconds) noexcept override { return true; }
    void crashed(int) noexcept override {
      if (!mutex.try_lock()) static_cast<void>(::write(told, "locked", 6) == 6);
    }
    SinkCounts counts() const noexcept override { return {}; }
    std::mutex mutex;
    int told = -1;
  };
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    auto held = std::make_shared<Held>();
    held->told = ends[1];
    Configuration configuration;
    configuration.outputs = {Output{held}};
    Session session = pii::kit::start(std::move(configuration));
    if (!write_on_crash()) ::_exit(91);
    get_logger("x").info("e");
    ::_exit(92);
  }
  ::close(ends[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  char text[16];
  EXPECT_EQ(::read(ends[0], text, sizeof text), 6);
  ::close(ends[0]);
#ifndef PII_SANITIZED
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) << status;
#endif
}

// A handler that was there before is told of the place of the fault.
TEST(Crash, WhoHandledItBeforeStillDoes) {
  static void* place = nullptr;
  const pid_t child = ::fork();
  if (child == 0) {
    struct sigaction mine = {};
    mine.sa_flags = SA_SIGINFO;
    mine.sa_sigaction = [](int, siginfo_t* info, void*) { ::_exit(info->si_addr == reinterpret_cast<void*>(8) ? 7 : 8); };
    ::sigaction(SIGSEGV, &mine, nullptr);
    if (!write_on_crash()) ::_exit(91);
    if (write_on_crash()) ::_exit(93);
    read_nowhere();
    ::_exit(92);
  }
  static_cast<void>(place);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

int without_end(int n);
int (*volatile itself)(int) = &without_end;
[[gnu::noinline]] int without_end(int n) {
  volatile char room[4096];
  room[0] = static_cast<char>(n);
  return itself(n + 1) + room[0];
}

TEST(Crash, TheMainThreadsStackMayOverflow) {
#ifdef PII_SANITIZED
  GTEST_SKIP() << "a sanitizer has a stack of its own for that";
#endif
  const End end = child_that([] { without_end(0); });
  expect_killed_by(end, SIGSEGV);
  expect_all_lines(end);
}

TEST(Crash, AFileThatCannotBeOpenedIsTold) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto result = write_on_crash("/dev/null/x");
    ::_exit(!result && result.error().code() == pii::ErrorCode::output_failed && write_on_crash() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
