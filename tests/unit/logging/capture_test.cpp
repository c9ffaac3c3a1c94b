// What was not written with the logger, and what does not stay on its thread.
#include <gtest/gtest.h>

#include <condition_variable>
#include <coroutine>
#include <deque>
#include <functional>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>

#include "pii/logging/capture.hpp"
#include "pii/logging/coroutine.hpp"
#include "unit/logging/logging_session.hpp"

namespace {

using namespace pii::log;
namespace trace = pii::trace;
using Json = nlohmann::ordered_json;

TEST(CapturedStream, LinesOfClogAndCerrAreEvents) {
  pii::kit::LoggingSession logging;
  std::streambuf* const before = std::cerr.rdbuf();
  {
    const CapturedStream clog(std::clog, "std.clog", Level::info);
    const CapturedStream cerr(std::cerr, "std.cerr");
    std::clog << "started by " << "ada@example.org" << std::endl << "\n" << std::flush;
    std::cerr << "half ";
    std::thread([] { std::cerr << "another thread\r\n"; }).join();
    std::cerr << "a line\n" << 'x' << std::flush;
  }
  EXPECT_EQ(std::cerr.rdbuf(), before);
  const auto events = logging.events();
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0]["message"], "started by " + pii::kit::token("email", "ada@example.org"));
  EXPECT_EQ(events[0]["log.logger"], "std.clog");
  EXPECT_EQ(events[0]["log.level"], "info");
  EXPECT_EQ(events[1]["message"], "another thread");
  EXPECT_EQ(events[2]["message"], "half a line");
  EXPECT_EQ(events[2]["log.level"], "warning");
  EXPECT_EQ(events[3]["message"], "x");
}

TEST(CapturedStream, WhatASinkWritesToItIsMaskedAndEndsThere) {
  class Talkative final : public Sink {
   public:
    void write(const MaskedLine&) noexcept override { std::clog << "sink of ada@" << "example.org speaks\n"; }
    bool flush(std::chrono::milliseconds) noexcept override { return true; }
    SinkCounts counts() const noexcept override { return {}; }
  };
  std::ostringstream shown;
  std::streambuf* const before = std::clog.rdbuf(shown.rdbuf());
  {
    Configuration configuration;
    configuration.outputs = {{std::make_shared<Talkative>()}};
    const Session session = pii::kit::start(configuration);
    const CapturedStream clog(std::clog, "std.clog");
    std::clog << "hello\n";
    EXPECT_EQ(session.stats().accepted, 1u);
  }
  std::clog.rdbuf(before);
  EXPECT_EQ(shown.str(), "sink of [PII_REDACTED] speaks\n");
}

// The next stream often lies where the last one lay.
TEST(CapturedStream, WhatAnotherThreadLeftUnfinishedIsNotTheNextStreams) {
  pii::kit::LoggingSession logging;
  std::ostream stream(nullptr);
  std::optional<CapturedStream> captured(std::in_place, stream, "lib");
  std::mutex mutex;
  std::condition_variable wake;
  int turn = 0;
  const auto wait_for = [&](int wanted) {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return turn == wanted; });
  };
  const auto give = [&](int next) {
    {
      const std::lock_guard lock(mutex);
      turn = next;
    }
    wake.notify_all();
  };
  std::thread other([&] {
    for (int i = 0; i < 8; ++i) {
      wait_for(2 * i);
      stream << "whole " << i << "\nunfinished ";
      give(2 * i + 1);
    }
  });
  for (int i = 0; i < 8; ++i) {
    wait_for(2 * i + 1);
    captured.reset();
    captured.emplace(stream, "lib");
    give(2 * i + 2);
  }
  other.join();
  const auto events = logging.events();
  ASSERT_EQ(events.size(), 8u);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(events[static_cast<std::size_t>(i)]["message"], "whole " + std::to_string(i));
}

TEST(CapturedStream, ALineWithoutEndIsCutBetweenWords) {
  pii::kit::LoggingSession logging;
  std::ostream stream(nullptr);
  const CapturedStream captured(stream, "lib");
  std::string words;
  while (words.size() < 70'000) words += "word ";
  stream << words << "\nnext\n";
  const auto events = logging.events();
  ASSERT_EQ(events.size(), 2u);
  const auto message = events[0]["message"].get<std::string>();
  EXPECT_LE(message.size(), 65536u + 5);
  EXPECT_EQ(message.substr(message.size() - 10), "word [cut]");
  EXPECT_EQ(events[1]["message"], "next");
}

// Two threads that take turns: what is posted by one is run by the other.
class Hopping {
 public:
  Hopping() {
    for (std::size_t i = 0; i < 2; ++i) threads_[i] = std::thread([this, i] { run(i); });
  }
  ~Hopping() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  void post(std::size_t thread, std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      queues_[thread].push_back(std::move(work));
    }
    wake_.notify_all();
  }
  /// An awaitable that goes on with another thread than it is on.
  auto hop() {
    struct Awaiter {
      Hopping& pool;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> coroutine) const { pool.post(1 - index, coroutine); }
      std::size_t await_resume() const noexcept { return index; }
    };
    return Awaiter{*this};
  }
  static thread_local std::size_t index;

 private:
  void run(std::size_t own) {
    index = own;
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return stop_ || !queues_[own].empty(); });
      if (queues_[own].empty()) return;
      const std::function<void()> work = std::move(queues_[own].front());
      queues_[own].pop_front();
      lock.unlock();
      work();
      // Between two pieces of work a thread has no one's context.
      if (!current_context().empty()) ++leaks;
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queues_[2];
  std::thread threads_[2];
  bool stop_ = false;

 public:
  std::atomic<int> leaks{0};
};
thread_local std::size_t Hopping::index = 0;

struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::abort(); }
  };
};

// A lazily started task that its awaiter is resumed by.
struct Task {
  struct promise_type {
    std::coroutine_handle<> waiting = std::noop_coroutine();
    int value = 0;
    Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Resume {
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) const noexcept { return ended.promise().waiting; }
        void await_resume() const noexcept {}
      };
      return Resume{};
    }
    void return_value(int made) noexcept { value = made; }
    void unhandled_exception() noexcept { std::abort(); }
  };
  explicit Task(std::coroutine_handle<promise_type> made) : coroutine(made) {}
  Task(Task&& other) noexcept : coroutine(std::exchange(other.coroutine, nullptr)) {}
  ~Task() {
    if (coroutine) coroutine.destroy();
  }
  auto operator co_await() && noexcept {
    struct Awaiter {
      std::coroutine_handle<promise_type> coroutine;
      Awaiter(std::coroutine_handle<promise_type> task) : coroutine(task) {}
      Awaiter(const Awaiter&) = delete;  // made in place, or not at all
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) const noexcept {
        coroutine.promise().waiting = waiting;
        return coroutine;
      }
      int await_resume() const noexcept { return coroutine.promise().value; }
    };
    return Awaiter(coroutine);
  }
  std::coroutine_handle<promise_type> coroutine;
};

Task child(Hopping& pool, Context context) {
  CoroutineScope scope(std::move(context));
  scope.bind(extra(kv("step", "child")));
  get_logger("task").info("child_before");
  co_await with_context(scope, pool.hop());
  get_logger("task").info("child_after");
  co_return 7;
}

Detached request(Hopping& pool, int number, std::atomic<int>& done, std::atomic<int>& hops) {
  CoroutineScope scope(Context().with(std::vector{user_id(number)}));
  get_logger("task").info("begin");
  for (int i = 0; i < 3; ++i) {
    const std::size_t before = Hopping::index;
    const std::size_t after = co_await with_context(scope, pool.hop());
    hops += before != after ? 1 : 0;
    get_logger("task").info("hop");
  }
  const int made = co_await with_context(scope, child(pool, capture()));
  get_logger("task").info("end", kv("made", made));
  scope.bind(extra(kv("bound", 1)));
  auto ready = std::suspend_never();
  co_await with_context(scope, ready);
  get_logger("task").info("bound");
  ++done;
}

TEST(Coroutine, AContextGoesWhereItsCoroutineGoes) {
  pii::kit::LoggingSession logging;
  const std::uint64_t ignored = logging.session().stats().ignored_resets;
  constexpr int kRequests = 20;
  std::atomic<int> done{0}, hops{0};
  int leaks = 0;
  {
    Hopping pool;
    for (int i = 0; i < kRequests; ++i) {
      pool.post(static_cast<std::size_t>(i % 2), [&, i] { request(pool, i, done, hops); });
    }
    while (done < kRequests) std::this_thread::yield();
    std::atomic<int> idle{0};
    for (std::size_t i = 0; i < 2; ++i) pool.post(i, [&] { ++idle; });
    while (idle < 2) std::this_thread::yield();
    leaks = pool.leaks;
  }
  EXPECT_EQ(leaks, 0);
  EXPECT_EQ(hops, 3 * kRequests);
  std::map<int, std::map<std::string, int>> seen;
  for (const Json& event : logging.events()) {
    const std::string name = event["message"];
    ASSERT_TRUE(event.contains("user")) << event.dump();
    ++seen[event["user"]["id"]][name];
    EXPECT_EQ(event.value("/extra/step"_json_pointer, ""), name.starts_with("child") ? "child" : "") << event.dump();
    if (name == "end") {
      EXPECT_EQ(event["extra"]["made"], 7);
    }
    EXPECT_EQ(event.contains("/extra/bound"_json_pointer), name == "bound");
  }
  ASSERT_EQ(seen.size(), static_cast<std::size_t>(kRequests));
  for (const auto& [number, names] : seen) {
    EXPECT_EQ(names, (std::map<std::string, int>{{"begin", 1}, {"bound", 1}, {"child_after", 1}, {"child_before", 1}, {"end", 1}, {"hop", 3}})) << number;
  }
  EXPECT_EQ(logging.session().stats().ignored_resets, ignored);
}

Detached failing(bool& caught) {
  struct Refuses {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) const { throw 1; }
    void await_resume() const noexcept {}
  };
  CoroutineScope scope(Context().with(std::vector{user_id(1)}));
  try {
    co_await with_context(scope, Refuses{});
  } catch (int) {
    caught = !current_context().empty();
  }
}

TEST(Coroutine, AnAwaiterThatThrowsLeavesTheContext) {
  bool caught = false;
  failing(caught);
  EXPECT_TRUE(caught);
  EXPECT_TRUE(current_context().empty());
}

TEST(Job, TheNextAttemptCarriesTheContextAndTheCount) {
  pii::kit::LoggingSession logging;
  const Logger log = get_logger("worker");
  std::string header;
  {
    const ScopedContext request(current_span(trace::new_root()), user_id(42));
    header = job::capture()->to_json();
  }
  const Json published = Json::parse(header);
  EXPECT_FALSE(published.contains("attempt"));
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto snapshot = job::parse(header);
    ASSERT_TRUE(snapshot && snapshot->has_value());
    const job::Scope scope(*snapshot, {.system = "celery", .id = "j1", .name = "send_mail"});
    log.info("job_failed");
    header = (*snapshot)->next_attempt().to_json();
  }
  const auto events = logging.events();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_FALSE(events[0]["extra"]["celery_task"].contains("attempt"));
  EXPECT_EQ(events[1]["extra"]["celery_task"]["attempt"], 2);
  EXPECT_EQ(events[2]["extra"]["celery_task"]["attempt"], 3);
  for (const Json& event : events) {
    EXPECT_EQ(event["trace"]["id"], published["trace_id"]);
    EXPECT_EQ(event["user"]["id"], 42);
  }
  for (const char* wrong : {"-1", "0", "\"2\"", "1.5", "99999999999999999999", "null"}) {
    const auto snapshot = job::parse(R"({"ctx":{},"trace_id":"x","attempt":)" + std::string(wrong) + "}");
    ASSERT_TRUE(snapshot && snapshot->has_value()) << wrong;
    EXPECT_EQ((*snapshot)->attempt(), 0u) << wrong;
  }
}

}  // namespace
