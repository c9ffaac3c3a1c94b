#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pii/export.hpp"
#include "pii/observer.hpp"
#include "pii/pii.hpp"
#include "pii/providers/vault_settings.hpp"
#include "pii/result.hpp"

namespace pii::providers {

enum class ProviderKind { file, vault };
enum class Access { tokenize, full };

/// A valid configuration: what PII_* says (docs/configuration.md).
struct Configuration {
  ProviderKind provider = ProviderKind::file;
  Access access = Access::tokenize;
  std::string environment = "unknown";
  std::string token_keyset_path;
  std::string reveal_keyset_path;  // empty unless access is full: least privilege cannot be bypassed
  std::chrono::milliseconds file_check{10'000};
  std::string keyset_verify_key{};  // Ed25519, base64url; empty: keysets need no signature
  VaultSettings vault{};  // when provider is vault
};

/// Looks a variable up; absent: nullopt. The default reads the process environment.
using EnvironmentLookup = std::function<std::optional<std::string>(const char* name)>;
PII_EXPORT EnvironmentLookup process_environment();

/// Whether the caller can do without a token keyset, as a command that only reveals can.
enum class TokenKeyset { required, optional };

/// Reads and validates PII_* (docs/configuration.md). Keeps no state, so a failure can be mended and tried
/// again. Errors: not_configured when a needed variable is absent; invalid_setting. Both name the variable,
/// never its value.
PII_EXPORT Result<Configuration> configuration_from_environment(
    const EnvironmentLookup& lookup = process_environment(),
    TokenKeyset token_keyset = TokenKeyset::required);

/// The provider that `configuration` names. Errors: those of VaultProvider::make.
PII_EXPORT Result<std::shared_ptr<KeysetProvider>> make_provider(
    const Configuration& configuration, std::shared_ptr<Observer> observer = nullptr);

/// A facade that can only tokenize. It never opens the reveal keyset.
PII_EXPORT Result<Pii> make_pii(const Configuration& configuration,
                                std::shared_ptr<Observer> observer = nullptr);

/// A facade that can also protect and reveal. Errors: access_denied unless `access` is full.
PII_EXPORT Result<FullPii> make_full_pii(const Configuration& configuration,
                                         std::shared_ptr<Observer> observer = nullptr);

}  // namespace pii::providers
