#include "pii/providers/configuration.hpp"

#include <string_view>
#include <utility>

#include "configuration/environment_settings.hpp"
#include "configuration/vault_variables.hpp"
#include "pii/providers/file_provider.hpp"
#include "pii/providers/vault_provider.hpp"

namespace pii::providers {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr DurationRule kFileCheck{seconds(10), milliseconds(100), hours(24)};

Result<Configuration> read_file_settings(const EnvironmentSettings& settings, Configuration configuration,
                                         TokenKeyset token_keyset) {
  auto reveal = settings.reveal_path("PII_REVEAL_KEYSET_PATH", configuration.access);
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
  auto verify_key = settings.verify_key();
  if (!verify_key) return std::move(verify_key).error();
  configuration.keyset_verify_key = *std::move(verify_key);

  if (configuration.provider == ProviderKind::file) {
    return read_file_settings(settings, std::move(configuration), token_keyset);
  }
  auto vault = read_vault_settings(settings, configuration.access, token_keyset);
  if (!vault) return std::move(vault).error();
  configuration.vault = *std::move(vault);
  return configuration;
}

Result<std::shared_ptr<KeysetProvider>> make_provider(const Configuration& configuration,
                                                      std::shared_ptr<Observer> observer) {
  const bool full = configuration.access == Access::full;
  if (configuration.provider == ProviderKind::vault) {
    VaultProviderOptions options{configuration.vault, true, std::move(observer)};
    options.settings.verify_key = configuration.keyset_verify_key;
    if (!full) options.settings.reveal_keyset_path.clear();
    auto provider = VaultProvider::make(std::move(options));
    if (!provider) return std::move(provider).error();
    return std::shared_ptr<KeysetProvider>(*std::move(provider));
  }
  return std::shared_ptr<KeysetProvider>(FileProvider::make(
      {configuration.token_keyset_path, full ? configuration.reveal_keyset_path : std::string(),
       configuration.file_check, std::move(observer), configuration.keyset_verify_key}));
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
