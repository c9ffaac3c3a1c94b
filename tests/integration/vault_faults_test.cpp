// What a healthy server never shows, and what the client does about it: docs/vault.md, "Faults".

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <string>

#include "kit/scripted_vault.hpp"
#include "pii/keyset.hpp"
#include "pii/providers/vault_client.hpp"

namespace pii::providers {
namespace {

using kit::ScriptedRequest;
using kit::ScriptedResponse;
using kit::ScriptedServer;
using kit::ScriptedVault;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kPath = "secret/data/token";

// Answers requests for the token keyset in this way, and everything else healthily.
ScriptedVault::Fault for_keyset(ScriptedResponse response, int times = 1000) {
  return [response, left = std::make_shared<std::atomic<int>>(times)](
             const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path != kit::kTokenPath || (*left)-- <= 0) return std::nullopt;
    return response;
  };
}

Result<VaultSecret> read(const VaultSettings& settings) {
  const auto client = VaultClient::make(settings);
  if (!client) return client.error();
  return (*client)->read(kPath);
}

// Asked once: what a second try would run into is no matter here.
VaultSettings once(const ScriptedVault& vault) {
  VaultSettings settings = vault.settings();
  settings.retries = 0;
  settings.timeout = milliseconds(15'000);
  return settings;
}

void expect_no_secret(const Error& error) {
  for (const std::string* text : {&error.message(), &error.hint()}) {
    EXPECT_EQ(text->find("CANARY"), std::string::npos) << *text;
    EXPECT_EQ(text->find("AAECAw"), std::string::npos) << *text;
  }
}

void expect_failure(const VaultSettings& settings, ErrorCode code, const std::string& words) {
  const auto secret = read(settings);
  ASSERT_FALSE(secret) << words;
  EXPECT_EQ(secret.error().code(), code) << secret.error().message();
  EXPECT_NE(secret.error().message().find(words), std::string::npos) << secret.error().message();
  EXPECT_FALSE(secret.error().hint().empty());
  expect_no_secret(secret.error());
}

TEST(VaultFaults, AHealthyServerIsReadAndTheTokenRevoked) {
  ScriptedVault vault;
  const auto secret = read(vault.settings());
  ASSERT_TRUE(secret) << secret.error().message();
  EXPECT_EQ(secret->version, 1u);
  EXPECT_TRUE(parse_keyset(secret->document));
  const auto requests = vault.server.requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].body, R"({"role_id":"CANARYrole","secret_id":"CANARYsecret"})");
  EXPECT_EQ(requests[0].headers.count("x-vault-token"), 0u);
  EXPECT_EQ(requests[1].headers.at("x-vault-token"), "hvs.CANARYtoken");
  EXPECT_EQ(requests[1].headers.at("x-vault-request"), "true");
  EXPECT_EQ(requests[2].path, "/v1/auth/token/revoke-self");
}

struct StatusCase {
  ScriptedResponse response;
  ErrorCode code;
  const char* words;
  std::size_t requests;  // for the keyset, with two retries
};

TEST(VaultFaults, EveryStatusHasItsMeaning) {
  constexpr auto kAway = ErrorCode::provider_unavailable;
  const StatusCase cases[] = {
      {{200, "not CANARY json"}, kAway, "not JSON", 1},
      {{200, R"({"data":{"data":{"other":"CANARY"}}})"}, ErrorCode::invalid_keyset, "no field keyset", 1},
      {{200, R"({"data":{"data":{"keyset":7}}})"}, ErrorCode::invalid_keyset, "no text", 1},
      {{204}, ErrorCode::invalid_keyset, "without content", 1},
      {{400, R"({"errors":["CANARY"]})"}, kAway, "refuses the request", 1},
      {{403, R"({"errors":["CANARY permission denied"]})"}, ErrorCode::access_denied, "does not allow", 1},
      {{404, R"({"errors":[]})"}, kAway, "there is nothing", 1},
      {{404, R"({"data":{"data":null,"metadata":{"deletion_time":"2026-01-01T00:00:00Z","version":2}}})"},
       kAway,
       "deleted",
       1},
      {{404, R"({"data":null,"warnings":["Invalid path for a versioned K/V secrets engine"]})"},
       kAway,
       "no path of this KV",
       1},
      {{405, R"({"errors":["unsupported operation"]})"}, kAway, "does not know the operation", 1},
      {{412}, kAway, "behind its leader", 3},
      {{429}, kAway, "fewer requests", 3},
      {{472}, kAway, "standby", 3},
      {{473}, kAway, "standby", 3},
      {{500, R"({"errors":["CANARY"]})"}, kAway, "has failed", 3},
      {{501}, kAway, "not initialized", 1},
      {{502}, kAway, "has failed", 3},
      {{503}, kAway, "not available", 3},
      {{503, R"({"errors":["Vault is sealed"]})"}, kAway, "is sealed", 1},
      {{418}, kAway, "no Vault server", 1},
  };
  for (const StatusCase& one : cases) {
    SCOPED_TRACE(std::to_string(one.response.status) + " " + one.response.body);
    ScriptedVault vault(for_keyset(one.response));
    VaultSettings settings = vault.settings();
    settings.timeout = milliseconds(15'000);
    expect_failure(settings, one.code, one.words);
    // A refused token is tried once more after a new login, when it is not of this attempt.
    EXPECT_EQ(vault.server.count(kit::kTokenPath), one.requests);
  }
}

TEST(VaultFaults, WhatPassesIsRetried) {
  for (const int status : {412, 429, 500, 502, 503, 472, 473}) {
    ScriptedVault vault(for_keyset({status}, 2));
    VaultSettings settings = vault.settings();
    settings.timeout = milliseconds(15'000);
    EXPECT_TRUE(read(settings)) << status;
  }
  ScriptedVault vault(for_keyset({.reset = true}, 2));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(15'000);
  EXPECT_TRUE(read(settings));
}

TEST(VaultFaults, RetryAfterIsHeeded) {
  ScriptedVault vault(for_keyset({429, "", {"Retry-After: 1"}}, 1));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(5000);
  const auto start = Clock::now();
  EXPECT_TRUE(read(settings));
  EXPECT_GE(Clock::now() - start, milliseconds(1000));

  // One that asks for more time than there is gets its answer at once.
  vault.set_fault(for_keyset({503, "", {"Retry-After: 3600"}}));
  const auto again = Clock::now();
  expect_failure(settings, ErrorCode::provider_unavailable, "not available");
  EXPECT_LT(Clock::now() - again, milliseconds(2000));
}

TEST(VaultFaults, ASlowDripIsCutOff) {
  ScriptedResponse slow = kit::kv2(kit::kTokenDocument);
  slow.drip = milliseconds(50);
  ScriptedVault vault(for_keyset(slow));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(700);
  const auto start = Clock::now();
  expect_failure(settings, ErrorCode::provider_unavailable, "in time");
  EXPECT_LT(Clock::now() - start, milliseconds(3000));
}

TEST(VaultFaults, ATruncatedBodyIsNoKeyset) {
  ScriptedResponse cut = kit::kv2(kit::kTokenDocument);
  cut.cut_at = 100;
  ScriptedVault vault(for_keyset(cut));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(10'000);
  expect_failure(settings, ErrorCode::provider_unavailable, "connection broke");
}

thread_local int signals_here = 0;

TEST(VaultFaults, ABrokenConnectionRaisesNoSignalInTheCaller) {
  struct sigaction before {};
  struct sigaction counting {};
  counting.sa_handler = [](int) { ++signals_here; };
  ScriptedVault vault(for_keyset({.reset = true}));
  ASSERT_EQ(::sigaction(SIGPIPE, &counting, &before), 0);
  signals_here = 0;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(read(once(vault)));
  {
    const auto client = VaultClient::make(once(vault));
    ASSERT_TRUE(client);
    EXPECT_TRUE((*client)->log_in());
    vault.server.break_connections();
  }
  ASSERT_EQ(::sigaction(SIGPIPE, &before, nullptr), 0);
  EXPECT_EQ(signals_here, 0);
}

TEST(VaultFaults, AHundredMegabytesAreCutOff) {
  ScriptedVault vault(for_keyset({.filler = std::size_t{100} << 20}));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(20'000);
  expect_failure(settings, ErrorCode::too_large, "larger than any keyset");
  EXPECT_LT(vault.server.sent(), std::size_t{24} << 20);
}

TEST(VaultFaults, EndlessHeadersAreCutOff) {
  ScriptedVault vault(
      for_keyset({200, "{}", std::vector<std::string>(2000, "X-Filler: " + std::string(100, 'x'))}));
  expect_failure(vault.settings(), ErrorCode::too_large, "larger");
}

TEST(VaultFaults, TheTokenLeavesForNoOtherHostOrScheme) {
  ScriptedVault other;
  ScriptedServer plain([](const ScriptedRequest&) { return kit::kv2(kit::kTokenDocument); },
                       ScriptedServer::Certificate::none);
  for (const std::string& target : {other.server.address(), plain.address()}) {
    for (const int status : {301, 302, 303, 307, 308}) {
      ScriptedVault vault(for_keyset({status, "", {"Location: " + target + kit::kTokenPath}}));
      expect_failure(vault.settings(), ErrorCode::provider_unavailable, "redirects");
    }
  }
  ScriptedVault vault([&](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path != kit::kLoginPath) return std::nullopt;
    return ScriptedResponse{307, "", {"Location: " + other.server.address() + kit::kLoginPath}};
  });
  expect_failure(vault.settings(), ErrorCode::provider_unavailable, "redirects");
  EXPECT_EQ(other.server.requests().size(), 0u);
  EXPECT_EQ(plain.requests().size(), 0u);
}

TEST(VaultFaults, ProxiesOfTheEnvironmentAreIgnored) {
  ScriptedServer proxy([](const ScriptedRequest&) { return ScriptedResponse{502}; },
                       ScriptedServer::Certificate::none);
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    ::setenv(name, proxy.address().c_str(), 1);
  }
  ScriptedVault vault;
  EXPECT_TRUE(read(vault.settings()));
  EXPECT_EQ(proxy.requests().size(), 0u);
  VaultSettings settings = vault.settings();
  settings.proxy = proxy.address();
  EXPECT_FALSE(read(settings));
  EXPECT_GE(proxy.requests().size(), 1u);
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
    ::unsetenv(name);
}

TEST(VaultFaults, CertificatesMustBeGoodAndEachFaultIsTold) {
  using Certificate = ScriptedServer::Certificate;
  const std::pair<Certificate, const char*> cases[] = {
      {Certificate::expired, "its certificate has expired"},
      {Certificate::not_yet_valid, "its certificate is not valid yet"},
      {Certificate::wrong_name, "its certificate is for another name"},
      {Certificate::old_tls, "it speaks no TLS that is still safe"},
      {Certificate::wants_one, "the server wants a certificate of ours"}};
  for (const auto& [kind, words] : cases) {
    ScriptedVault vault(nullptr, kind);
    expect_failure(once(vault), ErrorCode::no_secure_connection, words);
    EXPECT_EQ(vault.server.requests().size(), 0u);
  }
  ScriptedVault vault;
  ScriptedVault stranger;
  VaultSettings settings = once(vault);
  settings.ca_certificate_path = stranger.server.ca_path();
  expect_failure(settings, ErrorCode::no_secure_connection, "its certificate is from an unknown authority");
  settings.ca_certificate_path.clear();
  expect_failure(settings, ErrorCode::no_secure_connection, "its certificate is from an unknown authority");
  settings.ca_certificate_path = "/nowhere/ca.pem";
  expect_failure(settings, ErrorCode::no_secure_connection, "the authority's certificate cannot be read");
  settings = once(vault);
  settings.client_certificate_path = settings.client_key_path = "/nowhere/client.pem";
  expect_failure(settings, ErrorCode::no_secure_connection, "our certificate cannot be used");
  EXPECT_EQ(vault.server.requests().size(), 0u);
  settings = once(vault);
  settings.ca_certificate_path.clear();
  settings.skip_verify = true;
  EXPECT_TRUE(read(settings));
}

TEST(VaultFaults, AnAddressThatSpeaksNoTlsIsTold) {
  ScriptedVault vault(nullptr, ScriptedServer::Certificate::none);
  VaultSettings settings = once(vault);
  settings.address.replace(0, 7, "https://");
  settings.ca_certificate_path.clear();
  expect_failure(settings, ErrorCode::no_secure_connection, "it speaks no TLS");
}

TEST(VaultFaults, TheNameOfTheCertificateCanBeNamed) {
  ScriptedVault vault(nullptr, ScriptedServer::Certificate::wrong_name);
  VaultSettings settings = vault.settings();
  settings.tls_server_name = "other.example";
  EXPECT_TRUE(read(settings)) << read(settings).error().message();
}

TEST(VaultFaults, PlainHttpIsForThisMachineAndWithLeave) {
  ScriptedVault vault(nullptr, ScriptedServer::Certificate::none);
  VaultSettings settings = vault.settings();
  EXPECT_TRUE(read(settings));
  settings.allow_http = false;
  expect_failure(settings, ErrorCode::invalid_setting, "plain http");
}

TEST(VaultFaults, NobodyThere) {
  VaultSettings settings;
  {
    ScriptedVault gone;
    settings = gone.settings();
  }
  expect_failure(settings, ErrorCode::file_not_found, "role");  // its credentials went with it
  ScriptedVault vault;
  VaultSettings away = vault.settings();
  away.address = "https://127.0.0.1:1";
  expect_failure(away, ErrorCode::provider_unavailable, "nobody answers");
  away.address = "https://no-such-host.invalid";
  expect_failure(away, ErrorCode::provider_unavailable, "no such host");
}

TEST(VaultFaults, OddLoginsAreRefused) {
  const ScriptedResponse answers[] = {{200, R"({"auth":null})"},
                                      {200, R"({"auth":{"client_token":""}})"},
                                      {200, R"({"auth":{"client_token":"CANARY\r\nX-Evil: 1"}})"},
                                      {200, R"({"data":{}})"},
                                      {204}};
  for (const ScriptedResponse& answer : answers) {
    ScriptedVault vault([&answer](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
      return request.path == kit::kLoginPath ? std::optional(answer) : std::nullopt;
    });
    const auto secret = read(vault.settings());
    ASSERT_FALSE(secret);
    expect_no_secret(secret.error());
    EXPECT_EQ(vault.server.count(kit::kTokenPath), 0u);
  }
  // What ecsctx stumbles over: a lease that is null.
  ScriptedVault vault([](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path != kit::kLoginPath) return std::nullopt;
    return ScriptedResponse{200, R"({"auth":{"client_token":"t","lease_duration":null}})"};
  });
  EXPECT_TRUE(read(vault.settings()));
}

TEST(VaultFaults, ACheckAndSetThatLostSaysSo) {
  ScriptedVault vault([](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.method != "POST" || request.path != kit::kTokenPath) return std::nullopt;
    return ScriptedResponse{400,
                            R"({"errors":["check-and-set parameter did not match the current version"]})"};
  });
  const auto client = VaultClient::make(vault.settings());
  ASSERT_TRUE(client);
  const auto written = (*client)->write(kPath, kit::secret(kit::kTokenDocument), 3);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), ErrorCode::conflict);
}

TEST(VaultFaults, AWriteWhoseAnswerIsLostIsLookedUp) {
  std::atomic<int> version{1};
  ScriptedVault vault([&version](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path != kit::kTokenPath) return std::nullopt;
    if (request.method == "POST") {
      if (version > 1)
        return ScriptedResponse{400, R"({"errors":["check-and-set parameter did not match"]})"};
      ++version;
      return ScriptedResponse{.reset = true};
    }
    return kit::kv2(kit::kTokenDocument, version);
  });
  const auto client = VaultClient::make(vault.settings());
  ASSERT_TRUE(client);
  const auto written = (*client)->write(kPath, kit::secret(kit::kTokenDocument), 1);
  ASSERT_TRUE(written) << written.error().message();
  EXPECT_EQ(*written, 2u);
  const auto other = (*client)->write(kPath, kit::secret(kit::kRevealDocument), 1);
  ASSERT_FALSE(other);  // somebody else's is there
  EXPECT_EQ(other.error().code(), ErrorCode::conflict);
}

TEST(VaultFaults, AKeysetMayBeAnObjectAndVersionOneIsRead) {
  ScriptedVault vault(for_keyset({200, R"({"data":{"data":{"keyset":)" + std::string(kit::kTokenDocument) +
                                           R"(},"metadata":{"version":4}}})"}));
  auto secret = read(vault.settings());
  ASSERT_TRUE(secret);
  EXPECT_TRUE(parse_keyset(secret->document));
  vault.set_fault(for_keyset({200, R"({"data":{"keyset":)" + kit::quoted_json(kit::kTokenDocument) + "}}"}));
  secret = read(vault.settings());
  ASSERT_TRUE(secret);
  EXPECT_FALSE(secret->version);
  EXPECT_TRUE(parse_keyset(secret->document));
}

}  // namespace
}  // namespace pii::providers
