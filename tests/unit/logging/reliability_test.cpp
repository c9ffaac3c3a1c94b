// What holds when things go wrong around the logger: floods, kills, forks, the end of the process, threads that are used again.
#include <gtest/gtest.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "kit/effort.hpp"
#include "kit/scripted_server.hpp"
#include "pii/logging/handler.hpp"
#include "pii/logging/receivers.hpp"
#include "pii/logging/request.hpp"
#include "unit/logging/ship_kit.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using namespace pii::log;
using namespace pii::ship;
using namespace std::chrono_literals;
using pii::kit::ScriptedRequest;
using pii::kit::ScriptedResponse;
using pii::kit::ScriptedServer;
using pii::kit::TemporaryFolder;
using pii::kit::accounted;
using nlohmann::json;

std::shared_ptr<Shipper> bulk_to(const ScriptedServer& server, const std::string& spool) {
  Options options;
  options.queue.on_full = Overflow::spool;
  options.spool.folder = spool;
  options.batch.max_age = 10ms;
  options.batch.max_records = 20;
  options.retry.initial = 1ms;
  options.gzip = false;
  return *elasticsearch({.url = server.address(), .stream = "x"}, options);
}

std::size_t resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  }
  return 0;
}

TEST(Reliability, AFloodMeetsBoundedMemory) {
#ifdef PII_SANITIZED
  GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
  Options options;
  options.queue.max_bytes = 4 << 20;
  pii::kit::Bench bench(options);
  bench.script->otherwise = pii::kit::status(503);
  bench.write(20'000);
  bench.shipper->pump();
  const std::size_t before = resident_kilobytes();
  bench.write(100'000);
  bench.shipper->pump();
  EXPECT_LT(resident_kilobytes(), before + 16 * 1024);
  EXPECT_GT(bench.counts().dropped_full, 50'000u);
  EXPECT_TRUE(accounted(bench.counts()));
}

// Killed while it sends: whatever a call had returned for arrives, and what arrives twice has one id.
TEST(Reliability, NothingIsLostOrCountedTwiceOverKill9) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  const TemporaryFolder folder;
  std::mutex mutex;
  std::map<std::string, std::string> document_of;  // by _id
  ScriptedServer server(
      [&](const ScriptedRequest& request) {
        std::istringstream lines(request.body);
        std::string items;
        const std::lock_guard lock(mutex);
        for (std::string action, document; std::getline(lines, action) && std::getline(lines, document);) {
          const std::string id = json::parse(action).at("create").at("_id");
          const auto [known, fresh] = document_of.try_emplace(id, document);
          EXPECT_EQ(known->second, document) << "one id, one document";
          items += std::string(items.empty() ? "" : ",") + (fresh ? R"({"create":{"status":201}})" : R"({"create":{"status":409}})");
        }
        return ScriptedResponse{.status = 200, .body = R"({"errors":true,"items":[)" + items + "]}"};
      },
      ScriptedServer::Certificate::none);
  std::size_t confirmed = 0;
  for (int round = 0; round < 3; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      const auto shipper = bulk_to(server, folder / "spool");
      pii::kit::Lines lines;
      for (std::size_t i = confirmed;; ++i) {
        shipper->write(lines.make("n" + std::to_string(i)));
        if (::write(ends[1], "x", 1) != 1) ::_exit(1);
        if (i % 50 == 0) ::usleep(1000);
      }
    }
    ::close(ends[1]);
    char byte;
    std::size_t count = 0;
    while (count < 300u + 150u * static_cast<unsigned>(round) && ::read(ends[0], &byte, 1) == 1) ++count;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &byte, 1) == 1) ++count;
    ::close(ends[0]);
    confirmed += count;
  }
  const auto shipper = bulk_to(server, folder / "spool");
  EXPECT_TRUE(shipper->flush(20s)) << shipper->shipping().last_error;
  EXPECT_TRUE(accounted(shipper->shipping()));
  std::set<std::string> messages;
  for (const auto& [id, document] : document_of) messages.insert(json::parse(document).at("message"));
  for (std::size_t i = 0; i < confirmed; ++i) ASSERT_EQ(messages.count("n" + std::to_string(i)), 1u) << i << " of " << confirmed;
  EXPECT_LE(document_of.size(), confirmed + 3) << "one line a round may have been written and not confirmed";
  shipper->end({});
}

// Children of a busy parent: their own lines, nothing of the parent's, no hang at their ordinary end.
TEST(Reliability, AStormOfForks) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  const TemporaryFolder folder;
  std::mutex mutex;
  std::map<std::string, int> seen;
  ScriptedServer server(
      [&](const ScriptedRequest& request) {
        std::istringstream lines(request.body);
        const std::lock_guard lock(mutex);
        for (std::string action, document; std::getline(lines, action) && std::getline(lines, document);) {
          ++seen[json::parse(document).at("message").get<std::string>()];
        }
        return ScriptedResponse{.status = 200, .body = R"({"errors":false})"};
      },
      ScriptedServer::Certificate::none);
  const auto shipper = bulk_to(server, folder / "spool");
  Configuration configuration;
  configuration.outputs = {Output{shipper}, file(folder / "log")};
  configuration.spans = std::make_shared<pii::kit::KeepingSink>();
  Session session = pii::kit::start(std::move(configuration));
  std::atomic<bool> stop{false};
  std::atomic<int> said{0};
  const pii::trace::Tracer tracer(pii::trace::sampler::keep_errors(0));
  std::thread busy([&] {
    while (!stop) {
      const pii::trace::Span span(tracer, "work");
      get_logger("x").info(runtime_event("p" + std::to_string(said++)));
      std::this_thread::sleep_for(200us);
    }
  });
  constexpr int kChildren = 10;
  for (int i = 0; i < kChildren; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(120);
      get_logger("x").info(runtime_event("c" + std::to_string(i)));
      if (!session.shutdown(60s)) ::_exit(1);
      ::_exit(session.stats().outputs[0].written == 1 ? 0 : 2);
    }
    int result = 0;
    ::waitpid(child, &result, 0);
    EXPECT_EQ(result, 0) << i;
  }
  stop = true;
  busy.join();
  EXPECT_TRUE(session.shutdown(60s));  // however busy the machine is
  EXPECT_TRUE(accounted(shipper->shipping()));
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(said) + kChildren);
  for (const auto& [message, count] : seen) EXPECT_EQ(count, 1) << message;
}

// Handlers that a program registered before anything was logged: what they say before and after a fork meets no lock of ours.
TEST(Reliability, HandlersOfAForkMayLog) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  const TemporaryFolder folder;
  for (const bool in_session : {false, true}) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(20);
      ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
      ::pthread_atfork([] { get_logger("before").info("e"); }, [] { get_logger("in_parent").info("e"); }, [] { get_logger("in_child").info("e"); });
      std::optional<Session> session;
      if (in_session) {
        Configuration configuration;
        configuration.outputs = {file(folder / "log")};
        session.emplace(pii::kit::start(std::move(configuration)));
      }
      bool good = true;
      for (int i = 0; i < 3; ++i) {
        const pid_t grandchild = ::fork();
        if (grandchild == 0) {
          ::alarm(20);
          get_logger("x").info("e");
          ::_exit(!session || session->flush(10s) ? 0 : 1);
        }
        int result = 0;
        good &= ::waitpid(grandchild, &result, 0) == grandchild && result == 0;
      }
      if (session) good &= session->shutdown(10s);
      ::_exit(good ? 0 : 1);
    }
    int result = 0;
    ::waitpid(child, &result, 0);
    EXPECT_EQ(result, 0) << (in_session ? "in" : "outside of") << " a session";
  }
  EXPECT_EQ(pii::kit::line_count(pii::kit::read_file(folder / "log")), 3u * 4u);
}

// gtest's death tests run the statement in a child and look at its standard error.
TEST(ReliabilityDeathTest, LoggingInTheLastDestructors) {
  struct Last {
    ~Last() { get_logger("x").error("in_a_static_destructor", kv("mail", "ada@example.org")); }
  };
  EXPECT_EXIT(
      {
        static const Last last;
        std::atexit([] { get_logger("x").error("at_exit"); });
        Options options;
        options.timeout = 60s;
        Configuration configuration;
        configuration.outputs = {Output{*http_batch({.url = "http://127.0.0.1:1/"}, options)}};
        Session session = pii::kit::start(std::move(configuration));
        get_logger("x").info("to_nobody");
        session.shutdown(10ms);
        get_logger("x").error("after_the_end");
        static thread_local Last of_thread;
        static_cast<void>(of_thread);
        std::exit(3);
      },
      testing::ExitedWithCode(3), "after_the_end(.|\n)*at_exit(.|\n)*in_a_static_destructor");
}

TEST(Reliability, ContextsOfRequestsNeverMix) {
  pii::kit::SpanSession session;
  const pii::trace::Tracer tracer;
  constexpr int kThreads = 4, kRequests = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRequests; ++i) {
        const std::string id = "req-" + std::to_string(t) + "-" + std::to_string(i);
        RequestOptions options;
        options.tracer = &tracer;
        RequestView view;
        view.method = "GET";
        view.target = "/";
        view.headers = {{"X-Correlation-ID", id}};
        RequestScope scope(view, options);
        scope.authenticated(id);
        get_logger("x").info("in_request", kv("mine", id));
        std::thread([snapshot = capture(), id] {
          EXPECT_TRUE(current_context().empty());
          wrap(snapshot, [&] { get_logger("x").info("in_worker", kv("mine", id)); })();
          EXPECT_TRUE(current_context().empty());
        }).join();
        scope.finish(200);
      }
      EXPECT_TRUE(current_context().empty());
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto events = session.events();
  ASSERT_EQ(events.size(), 2u * kThreads * kRequests);
  std::map<std::string, std::string> trace_of;
  for (const json& event : events) {
    const std::string mine = event.at("extra").at("mine");
    EXPECT_EQ(event.at("extra").at("correlation_id"), mine);
    EXPECT_EQ(event.at("user").at("id"), mine);
    const std::string trace = event.at("trace").at("id");
    EXPECT_EQ(trace_of.try_emplace(mine, trace).first->second, trace);
  }
  EXPECT_EQ(session.spans().size(), static_cast<std::size_t>(kThreads * kRequests));
}

}  // namespace
