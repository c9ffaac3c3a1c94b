#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "kit/masking.hpp"
#include "kit/temporary_folder.hpp"
#include "pii/logging/log.h"
#include "pii/logging/log.hpp"
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

// A child that is forked while another thread is in a call of C's logs, and ends its logging, all the same.
TEST_F(CInterface, AForkMeetsNoLockThatIsHeld) {
  configure();
  ASSERT_EQ(pii_log_start(nullptr), 0) << pii_last_error();
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    while (!stop) pii_log_flush(1000);
  });
  int hung = 0;
  for (int i = 0; i < 100 && hung == 0; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(5);
      pii_log_write(PII_LOG_INFO, "c", "in_child", nullptr, 0);
      ::_exit(pii_log_flush(1000) == 1 && pii_log_end(1000) == 1 ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    hung += WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
  }
  stop = true;
  busy.join();
  EXPECT_EQ(hung, 0);
  EXPECT_EQ(pii_log_end(1000), 1);
}

TEST_F(CInterface, MistakesAreNumbersAndWordsWithoutValues) {
  EXPECT_EQ(c_mistakes(), 0);
  configure();
  EXPECT_EQ(c_wrong_values(), 0);
}

}  // namespace
