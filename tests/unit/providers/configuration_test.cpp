#include "pii/providers/configuration.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "kit/static_provider.hpp"
#include "kit/temporary_folder.hpp"

namespace pii::providers {
namespace {

using std::chrono::milliseconds;
using Variables = std::map<std::string, std::string>;

EnvironmentLookup lookup_in(Variables variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

Result<Configuration> configure(Variables variables, TokenKeyset token_keyset = TokenKeyset::required) {
  return configuration_from_environment(lookup_in(std::move(variables)), token_keyset);
}

Variables file_variables(Variables more = {}) {
  more.insert({"PII_TOKEN_KEYSET_PATH", "/keys/token.json"});
  return more;
}

Variables vault_variables(Variables more = {}) {
  more.insert({{"PII_PROVIDER", "vault"},
               {"PII_VAULT_ADDR", "https://vault.example:8200/"},
               {"PII_VAULT_ROLE_ID_PATH", "/run/role"},
               {"PII_VAULT_SECRET_ID_PATH", "/run/secret"},
               {"PII_VAULT_TOKEN_KEYSET_PATH", "secret/data/token"}});
  return more;
}

// An error must name the variable, help, and never repeat what stood in it.
void expect_refused(const Result<Configuration>& result, ErrorCode code, const std::string& variable,
                    const std::string& value = "") {
  ASSERT_FALSE(result) << variable << '=' << value;
  EXPECT_EQ(result.error().code(), code) << result.error().message();
  EXPECT_NE((result.error().message() + result.error().hint()).find(variable), std::string::npos)
      << result.error().message();
  if (value.size() > 5) {
    EXPECT_EQ((result.error().message() + result.error().hint()).find(value), std::string::npos);
  }
}

TEST(Configuration, OfAFileNeedsOneVariable) {
  const auto configuration = configure(file_variables());
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->provider, ProviderKind::file);
  EXPECT_EQ(configuration->access, Access::tokenize);
  EXPECT_EQ(configuration->environment, "unknown");
  EXPECT_EQ(configuration->token_keyset_path, "/keys/token.json");
  EXPECT_EQ(configuration->reveal_keyset_path, "");
  EXPECT_EQ(configuration->file_check, milliseconds(10'000));
}

TEST(Configuration, OfNothingIsNotConfigured) {
  expect_refused(configure({}), ErrorCode::not_configured, "PII_TOKEN_KEYSET_PATH");
  expect_refused(configure({{"PII_TOKEN_KEYSET_PATH", ""}}), ErrorCode::not_configured,
                 "PII_TOKEN_KEYSET_PATH");
  expect_refused(configure({{"PII_PROVIDER", "file"}}), ErrorCode::not_configured, "PII_TOKEN_KEYSET_PATH");
}

TEST(Configuration, TakesProviderNamesInAnyCaseAndNothingElse) {
  EXPECT_TRUE(configure(file_variables({{"PII_PROVIDER", "FILE"}})));
  EXPECT_TRUE(configure(file_variables({{"PII_PROVIDER", ""}})));
  EXPECT_TRUE(configure(vault_variables({{"PII_PROVIDER", "Vault"}})));
  for (const char* value : {" file", "file ", "files", "none", "0"}) {
    expect_refused(configure(file_variables({{"PII_PROVIDER", value}})), ErrorCode::invalid_setting,
                   "PII_PROVIDER");
  }
}

TEST(Configuration, TakesAccessWordForWord) {
  const Variables reveal{{"PII_REVEAL_KEYSET_PATH", "/keys/reveal.json"}};
  const auto with_access = [&](const char* value) {
    Variables variables = reveal;
    variables["PII_ACCESS"] = value;
    return configure(file_variables(variables));
  };
  EXPECT_EQ(with_access("full")->access, Access::full);
  EXPECT_EQ(with_access("full")->reveal_keyset_path, "/keys/reveal.json");
  EXPECT_EQ(with_access("tokenize")->access, Access::tokenize);
  EXPECT_EQ(with_access("")->access, Access::tokenize);
  for (const char* value : {"FULL", "Full", " full", "full ", "readwrite", "true"}) {
    expect_refused(with_access(value), ErrorCode::invalid_setting, "PII_ACCESS");
  }
}

TEST(Configuration, ForgetsTheRevealKeysetWithoutFullAccess) {
  const auto configuration = configure(file_variables({{"PII_REVEAL_KEYSET_PATH", "/keys/reveal.json"}}));
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->reveal_keyset_path, "");
  const auto vault = configure(vault_variables({{"PII_VAULT_REVEAL_KEYSET_PATH", "secret/data/reveal"}}));
  ASSERT_TRUE(vault);
  EXPECT_EQ(vault->vault.reveal_keyset_path, "");
}

TEST(Configuration, FullAccessNeedsARevealKeyset) {
  expect_refused(configure(file_variables({{"PII_ACCESS", "full"}})), ErrorCode::invalid_setting,
                 "PII_REVEAL_KEYSET_PATH");
  expect_refused(configure(vault_variables({{"PII_ACCESS", "full"}})), ErrorCode::invalid_setting,
                 "PII_VAULT_REVEAL_KEYSET_PATH");
}

TEST(Configuration, ACommandThatOnlyRevealsNeedsNoTokenKeyset) {
  const Variables variables{{"PII_ACCESS", "full"}, {"PII_REVEAL_KEYSET_PATH", "/keys/reveal.json"}};
  expect_refused(configure(variables), ErrorCode::not_configured, "PII_TOKEN_KEYSET_PATH");
  const auto configuration = configure(variables, TokenKeyset::optional);
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->token_keyset_path, "");
  EXPECT_EQ(configuration->reveal_keyset_path, "/keys/reveal.json");
  expect_refused(configure({{"PII_REVEAL_KEYSET_PATH", "/keys/reveal.json"}}, TokenKeyset::optional),
                 ErrorCode::not_configured, "PII_TOKEN_KEYSET_PATH");
}

TEST(Configuration, AnEnvironmentHasAName) {
  EXPECT_EQ(configure(file_variables({{"PII_ENV", "prod"}}))->environment, "prod");
  EXPECT_EQ(configure(file_variables({{"PII_ENV", "\xe7\x94\x9f\xe4\xba\xa7"}}))->environment,
            "\xe7\x94\x9f\xe4\xba\xa7");
  for (const char* value : {"", "canary|x", "canary:x", " canary", "canary ", "canary\n", "canary\xff"}) {
    expect_refused(configure(file_variables({{"PII_ENV", value}})), ErrorCode::invalid_setting, "PII_ENV",
                   value);
  }
}

TEST(Configuration, TakesPlainSecondsInRange) {
  const auto check = [](const char* value) {
    return configure(file_variables({{"PII_FILE_CHECK_SECONDS", value}}));
  };
  EXPECT_EQ(check("")->file_check, milliseconds(10'000));
  EXPECT_EQ(check("0.1")->file_check, milliseconds(100));
  EXPECT_EQ(check("0.25")->file_check, milliseconds(250));
  EXPECT_EQ(check("1.5004")->file_check, milliseconds(1500));
  EXPECT_EQ(check("007")->file_check, milliseconds(7000));
  EXPECT_EQ(check("86400")->file_check, milliseconds(86'400'000));
  for (const char* value : {"0",     "0.0", "0.0999",  "86400.001", "99999999999999999999",
                            "-5",    "+5",  "5s",      "1e3",       "1_000",
                            "0x10",  "nan", "inf",     "infinity",  " 5",
                            "5 ",    "5\n", ".5",      "5.",        ".",
                            "1.2.3", "1,5", "\xd9\xa1"}) {
    expect_refused(check(value), ErrorCode::invalid_setting, "PII_FILE_CHECK_SECONDS", value);
  }
}

TEST(Configuration, OfVaultReadsItsVariables) {
  const auto configuration =
      configure(vault_variables({{"PII_ACCESS", "full"},
                                 {"PII_VAULT_REVEAL_KEYSET_PATH", "secret/data/reveal"},
                                 {"PII_VAULT_CACERT_PATH", "/etc/ca.pem"},
                                 {"PII_REFRESH_SECONDS", "60"},
                                 {"PII_VAULT_TIMEOUT", "300.5"}}));
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->provider, ProviderKind::vault);
  EXPECT_EQ(configuration->vault.address, "https://vault.example:8200");
  EXPECT_EQ(configuration->vault.role_id_path, "/run/role");
  EXPECT_EQ(configuration->vault.secret_id_path, "/run/secret");
  EXPECT_EQ(configuration->vault.token_keyset_path, "secret/data/token");
  EXPECT_EQ(configuration->vault.reveal_keyset_path, "secret/data/reveal");
  EXPECT_EQ(configuration->vault.ca_certificate_path, "/etc/ca.pem");
  EXPECT_EQ(configuration->vault.refresh, milliseconds(60'000));
  EXPECT_EQ(configuration->vault.timeout, milliseconds(300'500));
  const auto plain = configure(vault_variables());
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->vault.refresh, milliseconds(300'000));
  EXPECT_EQ(plain->vault.timeout, milliseconds(10'000));
}

TEST(Configuration, OfVaultNamesWhatIsMissing) {
  for (const char* name : {"PII_VAULT_ADDR", "PII_VAULT_ROLE_ID_PATH", "PII_VAULT_TOKEN_KEYSET_PATH"}) {
    Variables variables = vault_variables();
    variables.erase(name);
    expect_refused(configure(variables), ErrorCode::not_configured, name);
    variables[name] = "";
    expect_refused(configure(variables), ErrorCode::not_configured, name);
  }
}

TEST(Configuration, OfVaultRefusesWhatIsNoWebAddressOrDuration) {
  for (const char* value : {"vault.example", "https://", "https:///v1", "ftp://vault.example",
                            "https://vault example", "HTTPS://vault.example"}) {
    expect_refused(configure(vault_variables({{"PII_VAULT_ADDR", value}})), ErrorCode::invalid_setting,
                   "PII_VAULT_ADDR");
  }
  expect_refused(configure(vault_variables({{"PII_REFRESH_SECONDS", "0"}})), ErrorCode::invalid_setting,
                 "PII_REFRESH_SECONDS");
  expect_refused(configure(vault_variables({{"PII_VAULT_TIMEOUT", "-5"}})), ErrorCode::invalid_setting,
                 "PII_VAULT_TIMEOUT");
}

TEST(Configuration, OfVaultTakesPlainHttpToThisMachineWhenToldTo) {
  for (const char* address : {"http://127.0.0.1:8200", "http://localhost:8200", "http://[::1]:8200"}) {
    expect_refused(configure(vault_variables({{"PII_VAULT_ADDR", address}})), ErrorCode::invalid_setting,
                   "PII_VAULT_ADDR");
    EXPECT_TRUE(configure(vault_variables({{"PII_VAULT_ADDR", address}, {"PII_VAULT_ALLOW_HTTP", "1"}})));
  }
  for (const char* address :
       {"http://vault.example", "http://127.0.0.1.example", "http://localhost@example:80",
        "https://user@vault.example", "https://vault.example?x", "https://[::1"}) {
    expect_refused(configure(vault_variables({{"PII_VAULT_ADDR", address}, {"PII_VAULT_ALLOW_HTTP", "1"}})),
                   ErrorCode::invalid_setting, "PII_VAULT_ADDR");
  }
}

TEST(Configuration, OfVaultTakesOurVariablesBeforeOpenBaosBeforeVaults) {
  Variables variables = vault_variables({{"VAULT_NAMESPACE", "theirs"},
                                         {"VAULT_CACERT", "/v.pem"},
                                         {"BAO_CACERT", "/b.pem"},
                                         {"VAULT_MAX_RETRIES", "7"},
                                         {"VAULT_CLIENT_TIMEOUT", "30"},
                                         {"VAULT_SKIP_VERIFY", "1"}});
  variables.erase("PII_VAULT_ADDR");
  variables["VAULT_ADDR"] = "https://v.example";
  auto configuration = configure(variables);
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->vault.address, "https://v.example");
  EXPECT_EQ(configuration->vault.server_namespace, "theirs");
  EXPECT_EQ(configuration->vault.ca_certificate_path, "/b.pem");
  EXPECT_EQ(configuration->vault.retries, 7u);
  EXPECT_EQ(configuration->vault.timeout, milliseconds(30'000));
  EXPECT_FALSE(configuration->vault.skip_verify);  // only ours can do that
  variables["BAO_ADDR"] = "https://b.example";
  EXPECT_EQ(configure(variables)->vault.address, "https://b.example");
  variables["PII_VAULT_ADDR"] = "https://ours.example";
  EXPECT_EQ(configure(variables)->vault.address, "https://ours.example");
}

TEST(Configuration, OfVaultKnowsEachWayToLogIn) {
  const auto with = [](Variables more) {
    Variables variables = vault_variables(std::move(more));
    variables.erase("PII_VAULT_ROLE_ID_PATH");
    variables.erase("PII_VAULT_SECRET_ID_PATH");
    return configure(variables);
  };
  expect_refused(with({{"PII_VAULT_AUTH", "ldap"}}), ErrorCode::invalid_setting, "PII_VAULT_AUTH");
  expect_refused(with({{"PII_VAULT_AUTH", "kubernetes"}}), ErrorCode::not_configured, "PII_VAULT_ROLE");
  expect_refused(with({{"PII_VAULT_AUTH", "token"}}), ErrorCode::not_configured, "PII_VAULT_AUTH");
  expect_refused(with({{"PII_VAULT_AUTH", "token_file"}}), ErrorCode::not_configured, "PII_VAULT_TOKEN_PATH");
  expect_refused(with({{"PII_VAULT_AUTH", "cert"}}), ErrorCode::not_configured, "PII_VAULT_CLIENT_CERT");
  // An ambient token alone is not used.
  expect_refused(with({{"VAULT_TOKEN", "s.CANARY"}}), ErrorCode::not_configured, "PII_VAULT_ROLE_ID_PATH");
  EXPECT_EQ(with({{"PII_VAULT_AUTH", "token"}, {"VAULT_TOKEN", "s.x"}})->vault.token_variable, "VAULT_TOKEN");
  EXPECT_EQ(
      with({{"PII_VAULT_AUTH", "token"}, {"VAULT_TOKEN", "x"}, {"BAO_TOKEN", "y"}})->vault.token_variable,
      "BAO_TOKEN");
  EXPECT_TRUE(with({{"PII_VAULT_AUTH", "token_file"}, {"PII_VAULT_TOKEN_PATH", "/t"}}));
  EXPECT_TRUE(with({{"PII_VAULT_AUTH", "cert"}, {"VAULT_CLIENT_CERT", "/c"}}));
  const auto kubernetes = with({{"PII_VAULT_AUTH", "kubernetes"}, {"PII_VAULT_ROLE", "app"}});
  ASSERT_TRUE(kubernetes);
  EXPECT_EQ(kubernetes->vault.jwt_path, "/var/run/secrets/kubernetes.io/serviceaccount/token");
}

TEST(Configuration, OfVaultChecksPathsAndStaleness) {
  for (const char* path : {"../sys", "a/../b", "a//b", "a?b", "a b", "/", "a%2fb", "a#b"}) {
    expect_refused(configure(vault_variables({{"PII_VAULT_TOKEN_KEYSET_PATH", path}})),
                   ErrorCode::invalid_setting, "PII_VAULT_TOKEN_KEYSET_PATH");
  }
  EXPECT_EQ(configure(vault_variables({{"PII_VAULT_TOKEN_KEYSET_PATH", "/v1/secret/data/x/"}}))
                ->vault.token_keyset_path,
            "secret/data/x");
  expect_refused(configure(vault_variables({{"PII_MAX_STALE_SECONDS", "299"}})), ErrorCode::invalid_setting,
                 "PII_MAX_STALE_SECONDS");
  EXPECT_EQ(configure(vault_variables({{"PII_MAX_STALE_SECONDS", "900"}}))->vault.max_stale,
            milliseconds(900'000));
  expect_refused(configure(vault_variables({{"PII_VAULT_RETRIES", "10"}})), ErrorCode::invalid_setting,
                 "PII_VAULT_RETRIES");
  expect_refused(configure(vault_variables({{"PII_VAULT_SKIP_VERIFY", "yes"}})), ErrorCode::invalid_setting,
                 "PII_VAULT_SKIP_VERIFY");
}

TEST(Configuration, ChecksOnlyWhatTheProviderUses) {
  EXPECT_TRUE(configure(file_variables({{"PII_REFRESH_SECONDS", "abc"}, {"PII_VAULT_ADDR", "x"}})));
  EXPECT_TRUE(configure(vault_variables({{"PII_FILE_CHECK_SECONDS", "abc"}})));
}

TEST(Configuration, ReadsTheProcessEnvironmentAnewEachTime) {
  ::unsetenv("PII_PROVIDER");
  ::unsetenv("PII_ACCESS");
  ::unsetenv("PII_ENV");
  ::unsetenv("PII_TOKEN_KEYSET_PATH");
  EXPECT_EQ(configuration_from_environment().error().code(), ErrorCode::not_configured);
  ::setenv("PII_TOKEN_KEYSET_PATH", "/keys/token.json", 1);
  EXPECT_TRUE(configuration_from_environment());
  ::unsetenv("PII_TOKEN_KEYSET_PATH");
}

class Facades : public testing::Test {
 protected:
  void SetUp() override {
    kit::write_file(configuration_.token_keyset_path, kit::kTokenDocument);
    kit::write_file(configuration_.reveal_keyset_path, kit::kRevealDocument);
  }

  kit::TemporaryFolder folder_;
  Configuration configuration_{.access = Access::full,
                               .environment = "test",
                               .token_keyset_path = folder_ / "token.json",
                               .reveal_keyset_path = folder_ / "reveal.json",
                               .file_check = milliseconds(0)};
};

TEST_F(Facades, FullAccessProtectsAndReveals) {
  const auto pii = make_full_pii(configuration_);
  ASSERT_TRUE(pii);
  EXPECT_TRUE(pii->tokenize("email", "ada@example.com"));
  const auto sealed = pii->protect("email", "ada@example.com");
  ASSERT_TRUE(sealed);
  EXPECT_EQ(pii->reveal("email", *sealed)->expose(), "ada@example.com");
}

TEST_F(Facades, TokenizeAccessHasNoReveal) {
  configuration_.access = Access::tokenize;
  EXPECT_EQ(make_full_pii(configuration_).error().code(), ErrorCode::access_denied);
  const auto provider = make_provider(configuration_);
  ASSERT_TRUE(provider);
  EXPECT_FALSE((*provider)->health().reveal.configured);
  EXPECT_EQ((*provider)->load(KeysetUsage::reveal).error().code(), ErrorCode::access_denied);
}

TEST_F(Facades, ATokenizingFacadeNeverOpensTheRevealKeyset) {
  const auto pii = make_pii(configuration_);
  ASSERT_TRUE(pii);
  EXPECT_TRUE(pii->tokenize("email", "ada@example.com"));
  EXPECT_FALSE(pii->health().reveal.configured);
}

TEST_F(Facades, AFacadeOfAMissingFileFailsWhenUsed) {
  configuration_.token_keyset_path = folder_ / "missing.json";
  const auto pii = make_pii(configuration_);
  ASSERT_TRUE(pii);
  EXPECT_EQ(pii->tokenize("email", "x").error().code(), ErrorCode::file_not_found);
}

TEST_F(Facades, RefuseABadEnvironmentAndAnAddressThatMayNotBeUsed) {
  configuration_.environment = "a|b";
  EXPECT_EQ(make_pii(configuration_).error().code(), ErrorCode::invalid_name);
  configuration_.environment = "test";
  configuration_.provider = ProviderKind::vault;
  configuration_.vault.address = "http://vault.example";
  EXPECT_EQ(make_pii(configuration_).error().code(), ErrorCode::invalid_setting);
  EXPECT_EQ(make_full_pii(configuration_).error().code(), ErrorCode::invalid_setting);
}

}  // namespace
}  // namespace pii::providers
