#include <gtest/gtest.h>

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "kit/children.hpp"
#include "kit/effort.hpp"
#include "kit/masking.hpp"
#include "kit/temporary_folder.hpp"
#include "pii/logging/log.h"
#include "pii/logging/log.hpp"
#include "pii/providers/keys.h"
#include "unit/logging/c_program.h"

namespace {

using Json = nlohmann::json;

class CInterface : public testing::Test {
 protected:
  void configure() {
    std::ofstream(folder_ / "token.json") << pii::kit::kTokenDocument;
    ::chmod((folder_ / "token.json").c_str(), 0600);
    set("PII_TOKEN_KEYSET_PATH", folder_ / "token.json");
    set("PII_ENV", "prod");
    set("PII_LOG_OUTPUT", "none");
    set("PII_LOG_FILE", folder_ / "log");
  }
  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }
  ~CInterface() override {
    for (const char* name : {"PII_TOKEN_KEYSET_PATH", "PII_ENV", "PII_LOG_OUTPUT", "PII_LOG_FILE"}) ::unsetenv(name);
  }
  std::vector<Json> events() const {
    std::vector<Json> all;
    std::ifstream in(folder_ / "log");
    for (std::string line; std::getline(in, line);) all.push_back(Json::parse(line));
    return all;
  }
  pii::kit::TemporaryFolder folder_;
};

TEST_F(CInterface, AProgramInCTokenizesAndLogs) {
  configure();
  char token[PII_TOKEN_ROOM];
  ASSERT_EQ(c_program(token), 0) << pii_last_error();
  EXPECT_EQ(token, pii::kit::token("email", "ada@example.org"));
  const auto all = events();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0]["message"], "order_paid");
  EXPECT_EQ(all[0]["log.logger"], "shop");
  EXPECT_EQ(all[0]["extra"], Json::parse(R"({"none":null,"paid":true,"amount":-3,"size":18446744073709551615,"rate":0.5,
    "contact":")" + std::string(token) + R"(","pin":"[PII_REDACTED]"})"));
  EXPECT_EQ(all[0]["http"]["request"]["method"], "POST");
  EXPECT_EQ(all[1]["log.level"], "error") << "a level that is none";
  EXPECT_EQ(all[2]["message"], "library_reported");
  EXPECT_EQ(all[2]["log.logger"], "library");
  EXPECT_EQ(all[2]["extra"]["note"], "cannot reach " + std::string(token));
}

TEST_F(CInterface, ItsEndLeavesTheHostsSession) {
  configure();
  auto host = pii::log::init(*pii::log::configuration_from_environment());
  ASSERT_TRUE(host) << host.error().message();
  ASSERT_EQ(pii_log_start(nullptr), 0) << pii_last_error();
  EXPECT_EQ(pii_log_end(1000), 1);
  pii::log::get_logger("host").info("still_open");
  EXPECT_EQ(host->stats().accepted, 1u);
  EXPECT_TRUE(host->release(std::chrono::seconds(1)));
  EXPECT_EQ(events().back()["message"], "still_open");
}

TEST_F(CInterface, AStartAfterTheHostsEndIsANewOne) {
  configure();
  {
    auto host = pii::log::init(*pii::log::configuration_from_environment());
    ASSERT_TRUE(host) << host.error().message();
    ASSERT_EQ(pii_log_start(nullptr), 0) << pii_last_error();
    EXPECT_TRUE(host->shutdown(std::chrono::seconds(1)));
  }
  ASSERT_EQ(pii_log_start(nullptr), 0) << pii_last_error();
  pii_log_write(PII_LOG_INFO, "c", "anew", nullptr, 0);
  EXPECT_EQ(pii_log_end(1000), 1);
  ASSERT_EQ(events().size(), 1u);
  EXPECT_EQ(events().back()["message"], "anew");
  pii::log::Configuration other;
  other.outputs = {pii::log::file(folder_ / "other")};
  EXPECT_TRUE(pii::log::init(other)) << "C's session was the last one";
}

// Whether each of a hundred children in turn does its work, flushes and ends its logging.
template <class Work>
bool all_children_end(Work work) {
  return pii::kit::all_children_do(100, [&] {
    work();
    return pii_log_flush(1000) == 1 && pii_log_end(1000) == 1;
  });
}

// A child that is forked while another thread is in a call of C's logs, and ends its logging, all the same.
TEST_F(CInterface, AForkMeetsNoLockThatIsHeld) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  configure();
  ASSERT_EQ(pii_log_start(nullptr), 0) << pii_last_error();
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    while (!stop) pii_log_flush(1000);
  });
  const bool good = all_children_end([] { pii_log_write(PII_LOG_INFO, "c", "in_child", nullptr, 0); });
  stop = true;
  busy.join();
  EXPECT_TRUE(good);
  EXPECT_EQ(pii_log_end(1000), 1);
}

// Nor one of the way to standard error, which lines take before logging has begun.
TEST_F(CInterface, AForkBeforeTheBeginMeetsNoLockThatIsHeld) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  const int before = ::dup(2), nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(nowhere, 2);
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    while (!stop) pii_log_write(PII_LOG_INFO, "c", "in_parent", nullptr, 0);
  });
  const bool good = all_children_end([] { pii_log_write(PII_LOG_INFO, "c", "in_child", nullptr, 0); });
  stop = true;
  busy.join();
  ::dup2(before, 2);
  ::close(before);
  ::close(nowhere);
  EXPECT_TRUE(good);
}

// Nor one of what a process makes once, with its first line.
TEST_F(CInterface, AForkInTheFirstLineMeetsNothingHalfMade) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  configure();
  const int before = ::dup(2), nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(nowhere, 2);
  const auto write = [] {
    static constexpr std::string_view kText = "ada@example.org, pin=1234 for 10.1.2.3";
    pii_field note{};
    note.key = "note";
    note.kind = PII_TEXT;
    note.value.text = {kText.data(), kText.size()};
    pii_log_write(PII_LOG_INFO, "c", "first", &note, 1);
  };
  const auto write_and_flush = [&] {
    write();
    return pii_log_flush(1000) == 1;
  };
  for (const bool in_session : {false, true}) {
    EXPECT_TRUE(pii::kit::all_children_do(60, [&, round = 0]() mutable {  // each a program that has not logged yet
      pii_keys* keys = nullptr;
      if (in_session && (pii_keys_open(&keys) != 0 || pii_log_start(keys) != 0)) return false;
      std::thread first(write);
      const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(5 * round++);
      while (std::chrono::steady_clock::now() < until) continue;
      const bool good = pii::kit::all_children_do(1, write_and_flush);
      first.join();
      return good;
    })) << in_session;
  }
  ::dup2(before, 2);
  ::close(before);
  ::close(nowhere);
}

// Nor do handlers of the program's own that were there first.
TEST_F(CInterface, HandlersOfAForkMayLog) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  configure();
  const pid_t program = ::fork();
  if (program == 0) {
    ::alarm(20);
    constexpr auto say = [] {
      pii_log_write(PII_LOG_INFO, "c", "in_handler", nullptr, 0);
      pii_log_flush(1000);
    };
    ::pthread_atfork(say, say, say);
    ::_exit(pii_log_start(nullptr) == 0 && all_children_end([] {}) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(program, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(CInterface, AFlushMeetsAnEnd) {
  configure();
  set("PII_LOG_OUTPUT", "stderr");
  std::atomic<bool> stop{false};
  std::vector<std::thread> flushing;
  for (int i = 0; i < 2; ++i) {
    flushing.emplace_back([&] {
      while (!stop) pii_log_flush(0), std::this_thread::yield();
    });
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (std::chrono::steady_clock::now() < until) {
    ASSERT_EQ(pii_log_start(nullptr), 0) << pii_last_error();
    pii_log_end(0);
  }
  stop = true;
  for (std::thread& thread : flushing) thread.join();
}

TEST_F(CInterface, AForkMeetsAnEnd) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  configure();
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    while (!stop) {
      pii_log_start(nullptr);
      pii_log_write(PII_LOG_INFO, "c", "in_parent", nullptr, 0);
      pii_log_end(1000);
    }
  });
  const bool good = all_children_end([] {});
  stop = true;
  busy.join();
  EXPECT_TRUE(good);
}

// Whoever is told that all was handed over is told the truth, though another thread is at it.
TEST_F(CInterface, WhileOneThreadEndsTheOthersWait) {
  configure();
  const std::string pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  set("PII_LOG_FILE", pipe);
  ASSERT_EQ(pii_log_start(nullptr), 0) << pii_last_error();
  // More than a pipe takes while nobody reads.
  const std::string text(900, 'x');
  pii_field field = {};
  field.key = "text";
  field.kind = PII_TEXT;
  field.value.text.data = text.data();
  field.value.text.size = text.size();
  ASSERT_GT(::fcntl(reader, F_SETPIPE_SZ, 4096), 0);
  for (int i = 0; i < 16; ++i) pii_log_write(PII_LOG_INFO, "c", "much", &field, 1);
  std::atomic<int> came_back{0};
  std::vector<std::thread> threads;
  threads.emplace_back([&] { pii_log_end(5000), ++came_back; });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  threads.emplace_back([&] { pii_log_end(5000), ++came_back; });
  threads.emplace_back([&] { pii_log_flush(5000), ++came_back; });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(came_back, 0);
  std::string read(4096, '\0');
  for (std::size_t size = 0; size < 16 * 900;) {
    const ssize_t some = ::read(reader, read.data(), read.size());
    ASSERT_GT(some, 0);
    size += static_cast<std::size_t>(some);
  }
  std::thread rest([&] {
    while (came_back < 3) {
      ::fcntl(reader, F_SETFL, O_NONBLOCK);
      static_cast<void>(!::read(reader, read.data(), read.size()));
    }
  });
  for (std::thread& thread : threads) thread.join();
  rest.join();
  ::close(reader);
  EXPECT_EQ(pii_log_flush(0), 1) << "nothing is left";
}

TEST_F(CInterface, MistakesAreNumbersAndWordsWithoutValues) {
  EXPECT_EQ(c_mistakes(), 0);
  configure();
  EXPECT_EQ(c_wrong_values(), 0);
}

}  // namespace
