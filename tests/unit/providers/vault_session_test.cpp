// A token's life in time that the test moves: renewal, leases, refusals and the guard against a lock-out.

#include "vault/session.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "kit/static_provider.hpp"
#include "kit/temporary_folder.hpp"
#include "http/header_values.hpp"
#include "vault/http_headers.hpp"

namespace pii::providers::vault {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class TestPace final : public Pace {
 public:
  Clock::time_point now() override { return now_; }
  bool pause(milliseconds time) override {
    pauses.push_back(time);
    now_ += time;
    return true;
  }
  double chance() override { return 0.5; }
  void pass(milliseconds time) { now_ += time; }

  std::vector<milliseconds> pauses;

 private:
  Clock::time_point now_ = Clock::now();
};

class TestTransport final : public HttpTransport {
 public:
  Result<HttpResponse> send(const HttpRequest& request) override {
    paths.push_back(request.path);
    return answer(request);
  }
  void cancel() noexcept override {}
  void close() noexcept override {}

  std::size_t count(std::string_view path) const {
    std::size_t n = 0;
    for (const std::string& one : paths) n += one == path ? 1U : 0U;
    return n;
  }

  std::function<Result<HttpResponse>(const HttpRequest&)> answer;
  std::vector<std::string> paths;
};

HttpResponse reply(long status, std::string_view body = "") {
  HttpResponse response;
  response.status = status;
  response.body = kit::secret(body);
  return response;
}

std::string auth(int lease, const char* more = R"(,"renewable":true)") {
  return R"({"auth":{"client_token":"t","lease_duration":)" + std::to_string(lease) + more + "}}";
}

class VaultSession : public ::testing::Test {
 protected:
  VaultSession() {
    kit::write_file(folder_ / "role", "r");
    kit::write_file(folder_ / "secret", "s");
    settings_.role_id_path = folder_ / "role";
    settings_.secret_id_path = folder_ / "secret";
    transport_.answer = [this](const HttpRequest& request) {
      if (request.path == "auth/approle/login") return reply(login_status_, auth(lease_, more_));
      if (request.path == "auth/token/renew-self") return reply(200, auth(renewed_));
      return reply(200, R"({"data":{}})");
    };
  }
  Answer read() {
    session_.begin();
    return session_.call({"GET", "x", nullptr, {}}, "x");
  }

  kit::TemporaryFolder folder_;
  VaultSettings settings_;
  TestTransport transport_;
  TestPace pace_;
  Session session_{settings_, transport_, pace_};
  long login_status_ = 200;
  int lease_ = 3600;
  int renewed_ = 3600;
  const char* more_ = R"(,"renewable":true)";
};

TEST_F(VaultSession, RenewsAtAboutTwoThirdsOfTheLease) {
  for (const int lease : {30, 119, 3600}) {
    lease_ = renewed_ = lease;
    Session session(settings_, transport_, pace_);
    session.begin();
    ASSERT_FALSE(session.log_in());
    ASSERT_TRUE(session.renew_at()) << lease;
    const auto share =
        static_cast<double>(
            std::chrono::duration_cast<milliseconds>(*session.renew_at() - pace_.now()).count()) /
        lease / 1000;
    EXPECT_GE(share, 0.6);
    EXPECT_LE(share, 0.74);
    const auto logins = transport_.count("auth/approle/login");
    for (int i = 0; i < 20; ++i) {
      pace_.pass(std::chrono::duration_cast<milliseconds>(*session.renew_at() - pace_.now()));
      session.begin();
      session.renew();
      ASSERT_FALSE(session.log_in());
    }
    EXPECT_EQ(transport_.count("auth/approle/login"), logins);
  }
}

TEST_F(VaultSession, DoesNotRenewWhatIsNotWorthIt) {
  const std::pair<int, const char*> cases[] = {{0, R"(,"renewable":true)"},
                                               {1, R"(,"renewable":true)"},
                                               {3600, R"(,"renewable":false)"},
                                               {3600, R"(,"renewable":true,"num_uses":5)"}};
  for (const auto& [lease, more] : cases) {
    lease_ = lease;
    more_ = more;
    Session session(settings_, transport_, pace_);
    session.begin();
    ASSERT_FALSE(session.log_in());
    EXPECT_FALSE(session.renew_at()) << lease << more;
  }
}

TEST_F(VaultSession, LogsInAgainWhenTheLeaseIsOverAndNotBefore) {
  lease_ = 30;
  more_ = R"(,"renewable":false)";
  EXPECT_FALSE(read().failure);
  pace_.pass(seconds(26));
  EXPECT_FALSE(read().failure);
  EXPECT_EQ(transport_.count("auth/approle/login"), 1u);
  pace_.pass(seconds(2));  // a tenth before the end
  EXPECT_FALSE(read().failure);
  EXPECT_EQ(transport_.count("auth/approle/login"), 2u);
  lease_ = 0;
  pace_.pass(seconds(60));
  EXPECT_FALSE(read().failure);
  pace_.pass(std::chrono::hours(1000));
  EXPECT_FALSE(read().failure);
  EXPECT_EQ(transport_.count("auth/approle/login"), 3u);
}

TEST_F(VaultSession, LetsATokenAtItsMaxTtlRunOut) {
  renewed_ = 600;  // of 3600: the server gives less and less
  EXPECT_FALSE(read().failure);
  pace_.pass(seconds(2400));
  session_.begin();
  session_.renew();
  EXPECT_FALSE(session_.renew_at());
  EXPECT_FALSE(read().failure);
  EXPECT_EQ(transport_.count("auth/approle/login"), 1u);
  pace_.pass(seconds(600));
  EXPECT_FALSE(read().failure);
  EXPECT_EQ(transport_.count("auth/approle/login"), 2u);
}

TEST_F(VaultSession, CountsTheUsesOfAToken) {
  more_ = R"(,"num_uses":2)";
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(read().failure);
  EXPECT_EQ(transport_.count("auth/approle/login"), 3u);
}

TEST_F(VaultSession, TriesARefusedTokenOnceAnewAndNoMore) {
  EXPECT_FALSE(read().failure);
  transport_.answer = [this](const HttpRequest& request) {
    return request.path == "auth/approle/login" ? reply(200, auth(lease_)) : reply(403);
  };
  const auto answer = read();
  ASSERT_TRUE(answer.failure);
  EXPECT_EQ(answer.failure->error.code(), ErrorCode::access_denied);
  EXPECT_EQ(transport_.count("auth/approle/login"), 2u);
  EXPECT_EQ(transport_.count("x"), 3u);
}

TEST_F(VaultSession, NeverTriesABadSecretIdMoreThanThreeTimesInAQuarterOfAnHour) {
  login_status_ = 400;
  const auto start = pace_.now();
  for (std::size_t before = 0; pace_.now() - start < std::chrono::hours(2); pace_.pass(seconds(5))) {
    const auto answer = read();
    ASSERT_TRUE(answer.failure);
    EXPECT_EQ(answer.failure->error.code(), ErrorCode::login_failed);
    const auto logins = transport_.count("auth/approle/login");
    EXPECT_LE(logins - before, 1u);
    before = logins;
  }
  // Two hours are eight windows.
  EXPECT_LE(transport_.count("auth/approle/login"), 8u * 3 + 3);
  EXPECT_GE(transport_.count("auth/approle/login"), 8u);
}

TEST_F(VaultSession, WaitsAMinuteWithTheSameCredentialsAndNotWithOthers) {
  login_status_ = 403;
  (void)read();
  pace_.pass(seconds(59));
  (void)read();
  EXPECT_EQ(transport_.count("auth/approle/login"), 1u);
  kit::write_file(folder_ / "secret", "another");
  (void)read();
  EXPECT_EQ(transport_.count("auth/approle/login"), 2u);
  pace_.pass(seconds(61));
  (void)read();
  EXPECT_EQ(transport_.count("auth/approle/login"), 3u);
  pace_.pass(minutes(2));
  login_status_ = 200;
  EXPECT_TRUE(read().failure);  // the window is full
  pace_.pass(minutes(13));
  EXPECT_FALSE(read().failure);
}

TEST_F(VaultSession, RetriesWithFullJitterAndHeedsRetryAfter) {
  EXPECT_FALSE(read().failure);
  settings_.timeout = minutes(1);
  settings_.retries = 4;
  transport_.answer = [](const HttpRequest&) { return reply(500); };
  EXPECT_TRUE(read().failure);
  EXPECT_EQ(pace_.pauses, (std::vector<milliseconds>{milliseconds(125), milliseconds(250), milliseconds(500),
                                                     milliseconds(1000)}));
  pace_.pauses.clear();
  transport_.answer = [](const HttpRequest&) {
    HttpResponse response = reply(429);
    response.retry_after = seconds(7);
    return response;
  };
  const auto answer = read();
  EXPECT_EQ(pace_.pauses, std::vector<milliseconds>(4, milliseconds(7000)));
  EXPECT_EQ(answer.failure->retry_after, seconds(7));
}

TEST_F(VaultSession, ABadCertificateIsNoBetterWithinAnAttempt) {
  settings_.retries = 4;
  const auto good = transport_.answer;
  transport_.answer = [](const HttpRequest&) { return Error(ErrorCode::no_secure_connection, "expired"); };
  const auto answer = read();
  EXPECT_EQ(answer.failure->error.code(), ErrorCode::no_secure_connection);
  EXPECT_EQ(transport_.paths.size(), 1u);
  EXPECT_TRUE(pace_.pauses.empty());
  transport_.answer = good;
  EXPECT_FALSE(read().failure);
}

TEST_F(VaultSession, RevokesWhatALoginBroughtAndNothingElse) {
  EXPECT_FALSE(read().failure);
  session_.begin();
  session_.end();
  EXPECT_EQ(transport_.count("auth/token/revoke-self"), 1u);
  kit::write_file(folder_ / "token", "hvs.own\n");
  settings_.auth = VaultAuth::token_file;
  settings_.token_path = folder_ / "token";
  EXPECT_FALSE(read().failure);
  EXPECT_EQ(transport_.count("auth/token/lookup-self"), 1u);
  session_.begin();
  session_.end();
  EXPECT_EQ(transport_.count("auth/token/revoke-self"), 1u);
}

TEST_F(VaultSession, EachWayToLogInSendsItsOwn) {
  std::string path;
  std::string body;
  transport_.answer = [&](const HttpRequest& request) {
    path = request.path;
    body.assign(reinterpret_cast<const char*>(request.body.expose().data()), request.body.size());
    return reply(200, auth(60));
  };
  const auto log_in = [&] {
    Session session(settings_, transport_, pace_);
    session.begin();
    EXPECT_FALSE(session.log_in());
  };
  settings_.secret_id_path.clear();
  log_in();
  EXPECT_EQ(body, R"({"role_id":"r"})");
  settings_.auth_mount = "team/approle";
  log_in();
  EXPECT_EQ(path, "auth/team/approle/login");
  settings_.auth_mount.clear();
  settings_.auth = VaultAuth::kubernetes;
  settings_.role = "app";
  settings_.jwt_path = folder_ / "secret";
  log_in();
  EXPECT_EQ(path, "auth/kubernetes/login");
  EXPECT_EQ(body, R"({"role":"app","jwt":"s"})");
  settings_.auth = VaultAuth::cert;
  log_in();
  EXPECT_EQ(path, "auth/cert/login");
  EXPECT_EQ(body, R"({"name":"app"})");
}

TEST_F(VaultSession, RefusesCredentialsThatCouldSplitAHeader) {
  for (const char* text : {"", " \n", "a\r\nX-Evil: 1", "a b"}) {
    kit::write_file(folder_ / "secret", text);
    const auto answer = read();
    ASSERT_TRUE(answer.failure) << text;
    EXPECT_EQ(answer.failure->error.code(), ErrorCode::invalid_setting);
  }
  EXPECT_TRUE(transport_.paths.empty());
}

TEST(VaultHeaders, KeepWhatIsUseful) {
  HttpResponse response;
  read_header("RETRY-AFTER:  30 \r\n", response);
  read_header("Date: Wed, 25 Nov 2026 09:10:11 GMT\r\n", response);
  read_header("X-Other: 5\r\n", response);
  EXPECT_EQ(response.retry_after, seconds(30));
  EXPECT_EQ(std::chrono::system_clock::to_time_t(*response.date), 1795597811);
  for (const char* bad : {"", "-1", "1.5", "99999999999", "86401", "Wed, 25 Nov 2026 09:10:11 GMT"}) {
    EXPECT_FALSE(http::parse_retry_after(bad)) << bad;
  }
  for (const char* bad : {"", "Wed, 31 Feb 2026 09:10:11 GMT", "Wed, 25 Nov 2026 24:10:11 GMT",
                          "Wed, 25 Nov 2026 09:10:11 CET"}) {
    EXPECT_FALSE(http::parse_http_date(bad)) << bad;
  }
}

}  // namespace
}  // namespace pii::providers::vault
