// Every row of the Python package's configuration vectors agrees, or is refused for a reason that
// docs/compatibility.md gives.

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "kit/static_provider.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/vector_file.hpp"
#include "pii/providers/configuration.hpp"

namespace pii::providers {
namespace {

using Json = kit::VectorFile::Json;
using Variables = std::map<std::string, std::string>;

class EcsctxConfig : public testing::Test {
 protected:
  EcsctxConfig() {
    kit::write_file(folder_ / "token", file_["keysets"].at("A (TOKEN)").dump());
    Json reveal = file_["keysets"].at("R1 (REVEAL)");
    const Json all = std::exchange(reveal["keys"], Json::object());
    for (const char* kid : {"rk1", "rk2"})
      reveal["keys"][kid] = all.at(kid);  // the others are refused: reveal.json
    kit::write_file(folder_ / "reveal", reveal.dump());
    kit::write_file(folder_ / "role", "role");
    kit::write_file(folder_ / "secret", "secret");
  }

  std::string filled(std::string text) const {
    for (const auto& [placeholder, name] : std::map<std::string, std::string>{{"{TOKEN}", "token"},
                                                                              {"{REVEAL}", "reveal"},
                                                                              {"{MISSING}", "missing"},
                                                                              {"{ROLE}", "role"},
                                                                              {"{SECRET}", "secret"}}) {
      if (text == placeholder) return folder_ / name;
    }
    return text;
  }

  Variables variables_of(const Json& object) const {
    Variables variables;
    for (const auto& [name, value] : object.items()) variables[name] = filled(value.get<std::string>());
    return variables;
  }

  // What both sides do with a configuration that stands.
  void expect_agreement(const Json& row, const Configuration& configuration);
  // A row of configure_pii(): a program that says itself what it wants.
  void check_program(const Json& row, const Variables& variables);
  void check_environment(const Json& row, const Variables& variables);

  void count(const std::string& name) { ++counts_[name]; }

  kit::VectorFile file_{"config", {"keysets", "placeholders", "note"}};
  kit::TemporaryFolder folder_;
  std::map<std::string, int> counts_;
};

std::string variable(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? "" : found->second;
}

bool is_plain_number(const std::string& text, double least, double most) {
  if (text.empty()) return true;
  const std::size_t point = text.find('.');
  const bool plain = text.find_first_not_of("0123456789.") == std::string::npos && point == text.rfind('.') &&
                     point != 0 && point != text.size() - 1;
  return plain && std::stod(text) >= least && std::stod(text) <= most;
}

// Why we refuse what the peer takes, said independently of the code; empty when we should not.
std::string class_of(const Variables& variables) {
  const bool vault = variable(variables, "PII_PROVIDER") == "vault";
  const std::string access = variable(variables, "PII_ACCESS");
  if (!access.empty() && access != "tokenize" && access != "full")
    return "refused: PII_ACCESS is no known word";
  const std::string reveal =
      variable(variables, vault ? "PII_VAULT_REVEAL_KEYSET_PATH" : "PII_REVEAL_KEYSET_PATH");
  if (access == "full" && reveal.empty()) return "refused: full access without a reveal keyset";
  if (variables.count("PII_ENV") != 0 && !Environment::make(variables.at("PII_ENV")))
    return "refused: forbidden name";
  if (!vault) return "";
  if (!is_plain_number(variable(variables, "PII_REFRESH_SECONDS"), 1, 86400) ||
      !is_plain_number(variable(variables, "PII_VAULT_TIMEOUT"), 0.1, 3600)) {
    return "refused: number not plain or out of range";
  }
  for (const char* name : {"PII_VAULT_ADDR", "PII_VAULT_ROLE_ID_PATH", "PII_VAULT_TOKEN_KEYSET_PATH"}) {
    if (variable(variables, name).empty()) return "refused: empty where a value is needed";
  }
  return "";
}

void EcsctxConfig::expect_agreement(const Json& row, const Configuration& configuration) {
  EXPECT_EQ(row.at("provider").get<std::string>(),
            configuration.provider == ProviderKind::file ? "file" : "vault");
  EXPECT_EQ(row.at("access_mode").get<std::string>(),
            configuration.access == Access::full ? "full" : "tokenize");
  EXPECT_EQ(row.at("pii_env").get<std::string>(), configuration.environment);
  if (configuration.provider == ProviderKind::vault) {
    const VaultSettings& vault = configuration.vault;
    EXPECT_EQ(row.at("vault_addr").get<std::string>(), vault.address);
    EXPECT_EQ(row.at("token_path").get<std::string>(), vault.token_keyset_path);
    EXPECT_EQ(row.at("reveal_path").is_null() ? "" : row.at("reveal_path").get<std::string>(),
              vault.reveal_keyset_path);
    const auto seconds = [](std::chrono::milliseconds time) {
      return static_cast<double>(time.count()) / 1000;
    };
    EXPECT_EQ(std::stod(row.at("refresh_seconds").get<std::string>()), seconds(vault.refresh));
    EXPECT_EQ(std::stod(row.at("timeout").get<std::string>()), seconds(vault.timeout));
    return;  // what the server says is tests/integration
  }
  const auto token = make_pii(configuration)->tokenize("generic", "x");
  if (row.contains("tokenize_x_error")) {
    EXPECT_EQ(row.at("tokenize_x_error").get<std::string>(), "FileNotFoundError");
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().code(), ErrorCode::file_not_found);
  } else {
    ASSERT_TRUE(token) << token.error().message();
    EXPECT_EQ(token->view(), row.at("tokenize_x").get<std::string>());
  }
  const auto full = make_full_pii(configuration);
  if (row.contains("protect_error")) {
    EXPECT_EQ(row.at("protect_error").get<std::string>(), "PIIAccessDeniedError");
    EXPECT_EQ(full.error().code(), ErrorCode::access_denied);
  } else {
    const auto sealed = full->protect("generic", "x");
    ASSERT_TRUE(sealed) << sealed.error().message();
    EXPECT_TRUE(sealed->starts_with("penc:v1:" + row.at("protect_kid").get<std::string>() + ":"));
  }
}

void EcsctxConfig::check_environment(const Json& row, const Variables& variables) {
  const auto lookup = [&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  const auto configuration = configuration_from_environment(lookup);
  if (!row.at("configured").get<bool>()) {
    const bool no_secret_id =
        variable(variables, "PII_PROVIDER") == "vault" && variables.count("PII_VAULT_SECRET_ID_PATH") == 0;
    if (no_secret_id && configuration) {
      count("taken: an AppRole without a secret id");
      EXPECT_EQ(configuration->vault.secret_id_path, "");
      return;
    }
    count("agree: both refuse");
    EXPECT_FALSE(configuration);
    return;
  }
  const std::string refused = class_of(variables);
  count(refused.empty() ? "agree" : refused);
  ASSERT_EQ(configuration.has_value(), refused.empty());
  if (!configuration) {
    EXPECT_EQ(error_class(configuration.error().code()), 2);
    return;
  }
  expect_agreement(row, *configuration);
}

void EcsctxConfig::check_program(const Json& row, const Variables& variables) {
  const Variables arguments = row.at("args").is_null() ? Variables{} : variables_of(row.at("args"));
  Configuration configuration;
  configuration.file_check = std::chrono::milliseconds(0);
  configuration.token_keyset_path = variable(arguments, "token_keyset_path");
  if (configuration.token_keyset_path.empty()) {
    configuration.token_keyset_path = variable(variables, "PII_TOKEN_KEYSET_PATH");
  }
  configuration.reveal_keyset_path = variable(arguments, "reveal_keyset_path");
  configuration.access = configuration.reveal_keyset_path.empty() ? Access::tokenize : Access::full;
  if (const std::string name = variable(arguments, "env"); !name.empty()) {
    configuration.environment = name;
  } else if (variables.count("PII_ENV") != 0) {
    configuration.environment = variables.at("PII_ENV");
  }
  if (!Environment::make(configuration.environment)) {
    count("refused: forbidden name");
    EXPECT_EQ(make_pii(configuration).error().code(), ErrorCode::invalid_name);
    return;
  }
  if (row.at("access_mode").get<std::string>() == "full" && configuration.access != Access::full) {
    count("refused: full access past PII_ACCESS");
    EXPECT_EQ(make_full_pii(configuration).error().code(), ErrorCode::access_denied);
    return;
  }
  count("agree");
  expect_agreement(row, configuration);
}

TEST_F(EcsctxConfig, RowsAgree) {
  for (const Json& row : file_.rows()) {
    const auto id = row.at("id").get<std::string>();
    SCOPED_TRACE(id);
    kit::VectorFile::expect_known(
        row,
        {"id", "env", "api", "args", "configure", "configured", "provider", "access_mode", "pii_env",
         "tokenize_x", "tokenize_x_error", "protect_error", "protect_kid", "vault_addr", "refresh_seconds",
         "timeout", "token_path", "reveal_path"},
        id);
    const Variables variables = variables_of(row.at("env"));
    const auto api = row.at("api").get<std::string>();
    if (api == "from_env") {
      check_environment(row, variables);
    } else {
      ASSERT_EQ(api, "configure_pii");
      check_program(row, variables);
    }
  }
  for (const auto& [name, number] : counts_) std::printf("  %4d %s\n", number, name.c_str());
  EXPECT_GT(counts_["agree"], 10);
}

}  // namespace
}  // namespace pii::providers
