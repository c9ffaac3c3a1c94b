// The provider while the server misbehaves: callers never wait, nobody is stampeded, and it heals by itself.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "kit/effort.hpp"
#include "kit/recording_observer.hpp"
#include "kit/scripted_vault.hpp"
#include "pii/masker.hpp"
#include "pii/pii.hpp"
#include "pii/providers/vault_provider.hpp"

namespace pii::providers {
namespace {

using kit::ScriptedRequest;
using kit::ScriptedResponse;
using kit::ScriptedVault;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Kind = ProviderEvent::Kind;

class VaultProviderTest : public ::testing::Test {
 protected:
  std::shared_ptr<VaultProvider> make(const VaultSettings& settings, bool keep_fresh = true) {
    auto provider = VaultProvider::make({settings, keep_fresh, observer_});
    EXPECT_TRUE(provider) << provider.error().message();
    return *provider;
  }
  Pii pii(const std::shared_ptr<VaultProvider>& provider) { return {provider, *Environment::make("test")}; }

  static bool soon(const std::function<bool()>& condition, milliseconds limit = milliseconds(10'000)) {
    for (const auto end = Clock::now() + limit; Clock::now() < end;
         std::this_thread::sleep_for(milliseconds(10))) {
      if (condition()) return true;
    }
    return false;
  }
  static ScriptedVault::Fault always(ScriptedResponse response) {
    return [response](const ScriptedRequest&) { return std::optional(response); };
  }

  std::shared_ptr<kit::RecordingObserver> observer_ = std::make_shared<kit::RecordingObserver>();
};

TEST_F(VaultProviderTest, AThousandCallersCauseOneLogin) {
  ScriptedVault vault([](const ScriptedRequest&) -> std::optional<ScriptedResponse> {
    std::this_thread::sleep_for(milliseconds(200));
    return std::nullopt;
  });
  VaultSettings settings = vault.settings();
  settings.refresh = milliseconds(60'000);
  settings.timeout = milliseconds(10'000);
  const auto provider = make(settings);
  const Pii facade = pii(provider);
  std::atomic<int> good{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 1000; ++i) {
    callers.emplace_back([&] { good += facade.tokenize("email", "x").has_value() ? 1 : 0; });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(good, 1000);
  EXPECT_EQ(vault.server.count(kit::kLoginPath), 1u);
  EXPECT_EQ(vault.server.count(kit::kTokenPath), 1u);
}

TEST_F(VaultProviderTest, ClientsThatStartTogetherSpreadOut) {
  // Each is a process of its own as the server sees it. It takes five a moment and sends the others away.
  std::atomic<int> served{0};
  ScriptedVault vault([&served](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path == kit::kLoginPath && served++ % 4 != 0) return ScriptedResponse{429};
    return std::nullopt;
  });
  VaultSettings settings = vault.settings();
  settings.refresh = milliseconds(2000);
  settings.timeout = milliseconds(8000);
  std::vector<std::shared_ptr<VaultProvider>> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(make(settings));
  EXPECT_TRUE(soon(
      [&] {
        for (const auto& client : clients) {
          if (!client->health().token.in_force) return false;
        }
        return true;
      },
      milliseconds(40'000)));
  EXPECT_LT(vault.server.count(kit::kLoginPath), 40u * 12);
}

TEST_F(VaultProviderTest, StartsWithTheServerAwayAndHealsByItself) {
  ScriptedVault vault(always({.reset = true}));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(500);
  const auto provider = make(settings);
  const Pii facade = pii(provider);
  auto start = Clock::now();
  const auto first = facade.tokenize("email", "x");
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code(), ErrorCode::provider_unavailable);
  EXPECT_LT(Clock::now() - start, milliseconds(2500));
  start = Clock::now();
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(facade.tokenize("email", "x"));
  EXPECT_LT(Clock::now() - start, milliseconds(500));
  EXPECT_EQ(observer_->count(Kind::load_failed), 1u);
  vault.set_fault(nullptr);
  EXPECT_TRUE(soon([&] { return facade.tokenize("email", "x").has_value(); }));
  EXPECT_EQ(observer_->count(Kind::loaded), 1u);
}

TEST_F(VaultProviderTest, MaskingRedactsWhileTheServerIsAwayAndTokenizesAfterwards) {
  ScriptedVault vault(always({.delay = milliseconds(60'000)}));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(1000);
  const auto policy = MaskPolicy::compile(*PolicySpec::profile("default"));
  ASSERT_TRUE(policy);
  Masker masker(*policy, {make(settings), *Environment::make("test")});
  const auto mask = [&masker] {
    std::string out;
    masker.mask_lines("{\"message\":\"mail ada@example.com\"}\n", out);
    EXPECT_EQ(out.find("ada"), std::string::npos) << out;
    return out;
  };
  auto start = Clock::now();
  EXPECT_NE(mask().find("[PII_REDACTED]"), std::string::npos);
  EXPECT_LT(Clock::now() - start, milliseconds(3000));
  start = Clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_NE(mask().find("[PII_REDACTED]"), std::string::npos);
  EXPECT_LT(Clock::now() - start, milliseconds(900));
  vault.set_fault(nullptr);
  EXPECT_TRUE(soon([&] { return mask().find("ptok:v1:") != std::string::npos; }));
}

TEST_F(VaultProviderTest, ASilentServerIsWaitedForNoLongerThanTheTimeOut) {
  ScriptedVault vault(always({.delay = milliseconds(60'000)}));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(600);
  const auto provider = make(settings);
  const auto start = Clock::now();
  EXPECT_FALSE(pii(provider).tokenize("email", "x"));
  EXPECT_LT(Clock::now() - start, milliseconds(2500));
}

TEST_F(VaultProviderTest, KeepsTheLastGoodKeysetsThroughEveryFault) {
  ScriptedVault vault;
  const auto provider = make(vault.settings());
  const Pii facade = pii(provider);
  ASSERT_TRUE(facade.tokenize("email", "x"));
  ScriptedResponse drip = kit::kv2(kit::kTokenDocument);
  drip.drip = milliseconds(100);
  ScriptedResponse cut = kit::kv2(kit::kTokenDocument);
  cut.cut_at = 50;
  for (const ScriptedResponse& fault :
       std::vector<ScriptedResponse>{{403},
                                     {404},
                                     {500},
                                     {503, R"({"errors":["Vault is sealed"]})"},
                                     {200, "{"},
                                     kit::kv2("{}"),
                                     cut,
                                     drip,
                                     {.reset = true},
                                     {.filler = 9 << 20}}) {
    // A login that is refused has tests of its own: it is not tried again so soon.
    vault.set_fault([fault](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
      if (request.path == kit::kLoginPath) return std::nullopt;
      return fault;
    });
    EXPECT_TRUE(soon([&] { return provider->health().token.last_error.has_value(); })) << fault.status;
    const auto start = Clock::now();
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(facade.tokenize("email", "x"));
    EXPECT_LT(Clock::now() - start, milliseconds(200));
    vault.set_fault(nullptr);
    EXPECT_TRUE(soon([&] { return !provider->health().token.last_error.has_value(); })) << fault.status;
  }
  EXPECT_GE(observer_->count(Kind::reload_failed), 10u);
  EXPECT_EQ(observer_->count(Kind::load_failed), 0u);
}

TEST_F(VaultProviderTest, BothKeysetsComeIntoForceTogetherOrNotAtAll) {
  ScriptedVault vault([](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path == kit::kRevealPath) return ScriptedResponse{403};
    return std::nullopt;
  });
  VaultSettings settings = vault.settings();
  settings.reveal_keyset_path = "secret/data/reveal";
  const auto provider = make(settings);
  EXPECT_FALSE(provider->load(KeysetUsage::token));
  EXPECT_FALSE(provider->health().token.in_force);
  vault.set_fault(nullptr);
  ASSERT_TRUE(soon([&] { return provider->health().reveal.in_force; }));
  EXPECT_TRUE(provider->health().token.in_force);
  // A new token keyset beside a broken reveal keyset does not come into force.
  const auto before = provider->health().token.fingerprint;
  vault.set_fault([](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    std::string other(kit::kTokenDocument);
    other.replace(other.find("tk2"), 3, "tk1");
    if (request.path == kit::kTokenPath) return kit::kv2(other, 2);
    if (request.path == kit::kRevealPath) return kit::kv2("{}", 2);
    return std::nullopt;
  });
  ASSERT_TRUE(soon([&] { return provider->health().reveal.last_error.has_value(); }));
  EXPECT_EQ(provider->health().token.fingerprint, before);
  EXPECT_EQ(provider->health().token.revision, 1u);
}

TEST_F(VaultProviderTest, ARefusedTokenMeansOneNewLogin) {
  std::atomic<int> logins{0};
  ScriptedVault vault([&logins](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path == kit::kLoginPath) return kit::login("t" + std::to_string(++logins));
    // Everything but the latest token is revoked.
    if (request.path == kit::kTokenPath && request.headers.at("x-vault-token") == "t1" && logins == 1) {
      static std::atomic<int> uses{0};
      if (++uses > 1) return ScriptedResponse{403};
    }
    return std::nullopt;
  });
  const auto provider = make(vault.settings());
  ASSERT_TRUE(provider->load(KeysetUsage::token));
  ASSERT_TRUE(soon([&] { return logins == 2; }));
  EXPECT_TRUE(soon([&] { return vault.server.count(kit::kTokenPath) > 6; }));
  EXPECT_EQ(logins, 2);
  EXPECT_FALSE(provider->health().token.last_error);
}

TEST_F(VaultProviderTest, ABadSecretIdDoesNotLockTheRoleOut) {
  ScriptedVault vault([](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path != kit::kLoginPath) return std::nullopt;
    if (request.body.find("good") != std::string::npos) return std::nullopt;
    return ScriptedResponse{400, R"({"errors":["invalid role or secret ID"]})"};
  });
  const auto provider = make(vault.settings());
  const auto loaded = provider->load(KeysetUsage::token);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), ErrorCode::login_failed);
  std::this_thread::sleep_for(milliseconds(1500));  // several attempts
  EXPECT_EQ(vault.server.count(kit::kLoginPath), 1u);
  for (const char* other : {"CANARYwrong2", "CANARYwrong3", "CANARYwrong4", "CANARYwrong5"}) {
    vault.set_secret_id(other);
    std::this_thread::sleep_for(milliseconds(800));
  }
  EXPECT_EQ(vault.server.count(kit::kLoginPath), 3u);  // five would lock it out
}

TEST_F(VaultProviderTest, ARenewedSecretIdIsUsedAtOnce) {
  ScriptedVault vault([](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
    if (request.path != kit::kLoginPath || request.body.find("good") != std::string::npos)
      return std::nullopt;
    return ScriptedResponse{400, R"({"errors":["invalid role or secret ID"]})"};
  });
  const auto provider = make(vault.settings());
  ASSERT_FALSE(provider->load(KeysetUsage::token));
  vault.set_secret_id("good");
  EXPECT_TRUE(soon([&] { return provider->health().token.in_force; }));
  EXPECT_EQ(vault.server.count(kit::kLoginPath), 2u);
}

TEST_F(VaultProviderTest, LeasesOfEveryLengthBehave) {
  for (const int lease : {0, 1, 30, 119}) {
    for (const char* renewable : {R"(,"renewable":true)", R"(,"renewable":false)"}) {
      ScriptedVault vault(
          [lease, renewable](const ScriptedRequest& request) -> std::optional<ScriptedResponse> {
            if (request.path == kit::kLoginPath) return kit::login("t", lease, renewable);
            return std::nullopt;
          });
      const auto provider = make(vault.settings());
      ASSERT_TRUE(provider->load(KeysetUsage::token));
      std::this_thread::sleep_for(milliseconds(1500));
      EXPECT_FALSE(provider->health().token.last_error);
      EXPECT_LE(vault.server.count(kit::kLoginPath), lease == 1 ? 3u : 1u) << lease;
      EXPECT_EQ(vault.server.count("/v1/auth/token/renew-self"), 0u) << lease;
    }
  }
}

TEST_F(VaultProviderTest, TooOldKeysetsAreWithdrawnAndComeBack) {
  ScriptedVault vault;
  VaultSettings settings = vault.settings();
  settings.max_stale = milliseconds(700);
  const auto provider = make(settings);
  const Pii facade = pii(provider);
  ASSERT_TRUE(facade.tokenize("email", "x"));
  vault.set_fault(always({503}));
  ASSERT_TRUE(soon([&] { return observer_->count(Kind::withdrawn) == 1; }));
  const auto refused = facade.tokenize("email", "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::provider_unavailable);
  vault.set_fault(nullptr);
  EXPECT_TRUE(soon([&] { return facade.tokenize("email", "x").has_value(); }));
}

TEST_F(VaultProviderTest, HealthTellsRevisionAgeAndReason) {
  ScriptedVault vault;
  const auto provider = make(vault.settings());
  ASSERT_TRUE(provider->load(KeysetUsage::token));
  auto health = provider->health().token;
  EXPECT_EQ(health.source, "vault:secret/data/token");
  EXPECT_EQ(health.revision, 1u);
  EXPECT_EQ(health.primary_kid, "tk2");
  EXPECT_TRUE(health.loaded_at && health.confirmed_at && health.checked_at);
  EXPECT_FALSE(provider->health().reveal.configured);
  EXPECT_EQ(provider->load(KeysetUsage::reveal).error().code(), ErrorCode::access_denied);
  vault.set_fault(always({500}));
  ASSERT_TRUE(soon([&] { return provider->health().token.last_error.has_value(); }));
  health = provider->health().token;
  EXPECT_GT(*health.checked_at, *health.confirmed_at);
  EXPECT_TRUE(health.in_force);
}

TEST_F(VaultProviderTest, VerificationIsNotSwitchedOffInSilence) {
  ScriptedVault vault;
  VaultSettings settings = vault.settings();
  settings.ca_certificate_path.clear();
  settings.skip_verify = true;
  const auto provider = make(settings);
  ASSERT_TRUE(provider->load(KeysetUsage::token));
  ASSERT_TRUE(soon([&] { return observer_->count(Kind::not_verified) >= 2; }));  // each time
  EXPECT_FALSE(provider->health().token.warning.empty());
  observer_ = nullptr;
  ::testing::internal::CaptureStderr();
  const auto unheard = make(settings);
  ASSERT_TRUE(unheard->load(KeysetUsage::token));
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("PII_VAULT_SKIP_VERIFY"), std::string::npos);
}

TEST_F(VaultProviderTest, AsksOnceWhenToldTo) {
  ScriptedVault vault;
  const auto provider = make(vault.settings(), false);
  EXPECT_EQ(vault.server.requests().size(), 0u);
  ASSERT_TRUE(provider->load(KeysetUsage::token));
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_EQ(vault.server.requests().size(), 3u);  // login, keyset, and the token's end
}

TEST_F(VaultProviderTest, EndsSoonWhileTheServerIsSilent) {
  ScriptedVault vault(always({.delay = milliseconds(60'000)}));
  VaultSettings settings = vault.settings();
  settings.timeout = milliseconds(30'000);
  auto provider = make(settings);
  ASSERT_TRUE(soon([&] { return vault.server.requests().size() == 1; }));
  const auto start = Clock::now();
  provider.reset();
  EXPECT_LT(Clock::now() - start, milliseconds(3000));
}

TEST_F(VaultProviderTest, AChildOfForkKeepsTheKeysetsAndAsksAnew) {
  if (kit::kSanitized) GTEST_SKIP() << kit::kNoForkOfThreads;
  ScriptedVault vault;
  const auto provider = make(vault.settings());
  const Pii facade = pii(provider);
  ASSERT_TRUE(facade.tokenize("email", "x"));
  const pid_t child = ::fork();
  if (child == 0) {
    const bool kept = facade.tokenize("email", "x").has_value();
    (void)provider->health();
    const bool asked = soon([&] { return provider->health().token.confirmed_at.has_value(); });
    ::_exit(kept && asked ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace pii::providers
