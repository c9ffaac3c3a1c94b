#include "pii/providers/configuration.hpp"

#include <string_view>
#include <utility>

#include "configuration/environment_settings.hpp"
#include "pii/providers/file_provider.hpp"

namespace pii::providers {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr DurationRule kFileCheck{seconds(10), milliseconds(100), hours(24)};
constexpr DurationRule kVaultRefresh{seconds(300), seconds(1), hours(24)};
constexpr DurationRule kVaultTimeout{seconds(10), milliseconds(100), hours(1)};

// Full access needs a reveal keyset, and without full access its place is not even remembered.
Result<std::string> reveal_path(const EnvironmentSettings& settings, Access access, const char* name) {
  if (access != Access::full) return std::string();
  std::string path = settings.text(name);
  if (path.empty()) {
    return Error(ErrorCode::invalid_setting, std::string(name) + " is not set, and PII_ACCESS is full",
                 "set it, or leave PII_ACCESS at tokenize");
  }
  return path;
}

Result<Configuration> read_file_settings(const EnvironmentSettings& settings, Configuration configuration,
                                         TokenKeyset token_keyset) {
  auto reveal = reveal_path(settings, configuration.access, "PII_REVEAL_KEYSET_PATH");
  if (!reveal) return std::move(reveal).error();
  configuration.reveal_keyset_path = std::move(*reveal);

  auto token = settings.required("PII_TOKEN_KEYSET_PATH");
  if (token) {
    configuration.token_keyset_path = std::move(*token);
  } else if (token_keyset == TokenKeyset::required || configuration.reveal_keyset_path.empty()) {
    return std::move(token).error();
  }

  const auto check = settings.seconds("PII_FILE_CHECK_SECONDS", kFileCheck);
  if (!check) return check.error();
  configuration.file_check = *check;
  return configuration;
}

bool is_web_address(std::string_view address) {
  const std::string_view scheme = address.starts_with("https://") ? "https://" : "http://";
  if (!address.starts_with(scheme) || address.size() == scheme.size() || address[scheme.size()] == '/')
    return false;
  for (const char c : address) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
  }
  return true;
}

Result<Configuration> read_vault_settings(const EnvironmentSettings& settings, Configuration configuration,
                                          TokenKeyset token_keyset) {
  VaultSettings& vault = configuration.vault;
  for (const auto& [name, target] : {std::pair{"PII_VAULT_ADDR", &vault.address},
                                     {"PII_VAULT_ROLE_ID_PATH", &vault.role_id_path},
                                     {"PII_VAULT_SECRET_ID_PATH", &vault.secret_id_path}}) {
    auto value = settings.required(name);
    if (!value) return std::move(value).error();
    *target = std::move(*value);
  }
  while (vault.address.ends_with('/')) vault.address.pop_back();
  if (!is_web_address(vault.address)) {
    return Error(ErrorCode::invalid_setting, "PII_VAULT_ADDR: is not a web address",
                 "such as https://vault.example:8200");
  }

  auto reveal = reveal_path(settings, configuration.access, "PII_VAULT_REVEAL_KEYSET_PATH");
  if (!reveal) return std::move(reveal).error();
  vault.reveal_keyset_path = std::move(*reveal);
  auto token = settings.required("PII_VAULT_TOKEN_KEYSET_PATH");
  if (token) {
    vault.token_keyset_path = std::move(*token);
  } else if (token_keyset == TokenKeyset::required || vault.reveal_keyset_path.empty()) {
    return std::move(token).error();
  }
  vault.ca_certificate_path = settings.text("PII_VAULT_CACERT_PATH");

  const auto refresh = settings.seconds("PII_REFRESH_SECONDS", kVaultRefresh);
  if (!refresh) return refresh.error();
  vault.refresh = *refresh;
  const auto timeout = settings.seconds("PII_VAULT_TIMEOUT", kVaultTimeout);
  if (!timeout) return timeout.error();
  vault.timeout = *timeout;
  return configuration;
}

template <class Facade>
Result<Facade> make_facade(const Configuration& configuration, std::shared_ptr<Observer> observer) {
  auto environment = Environment::make(configuration.environment);
  if (!environment) return std::move(environment).error();
  auto provider = make_provider(configuration, std::move(observer));
  if (!provider) return std::move(provider).error();
  return Facade(std::move(*provider), std::move(*environment));
}

}  // namespace

Result<Configuration> configuration_from_environment(const EnvironmentLookup& lookup,
                                                     TokenKeyset token_keyset) {
  const EnvironmentSettings settings(lookup);
  Configuration configuration;
  const auto provider = settings.provider(token_keyset);
  if (!provider) return provider.error();
  configuration.provider = *provider;
  const auto access = settings.access();
  if (!access) return access.error();
  configuration.access = *access;
  auto environment = settings.environment();
  if (!environment) return std::move(environment).error();
  configuration.environment = std::move(*environment);

  return configuration.provider == ProviderKind::file
             ? read_file_settings(settings, std::move(configuration), token_keyset)
             : read_vault_settings(settings, std::move(configuration), token_keyset);
}

Result<std::shared_ptr<KeysetProvider>> make_provider(const Configuration& configuration,
                                                      std::shared_ptr<Observer> observer) {
  if (configuration.provider == ProviderKind::vault) {
    return Error(ErrorCode::not_configured, "the Vault provider is not in this build",
                 "set PII_PROVIDER=file");
  }
  const bool full = configuration.access == Access::full;
  return std::shared_ptr<KeysetProvider>(FileProvider::make(
      {configuration.token_keyset_path, full ? configuration.reveal_keyset_path : std::string(),
       configuration.file_check, std::move(observer)}));
}

Result<Pii> make_pii(const Configuration& configuration, std::shared_ptr<Observer> observer) {
  Configuration tokenizing = configuration;
  tokenizing.access = Access::tokenize;
  return make_facade<Pii>(tokenizing, std::move(observer));
}

Result<FullPii> make_full_pii(const Configuration& configuration, std::shared_ptr<Observer> observer) {
  if (configuration.access != Access::full) {
    return Error(ErrorCode::access_denied, "this process may only tokenize", "set PII_ACCESS=full");
  }
  return make_facade<FullPii>(configuration, std::move(observer));
}

}  // namespace pii::providers
