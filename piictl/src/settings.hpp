#pragma once

#include <memory>
#include <optional>
#include <string>

#include "command.hpp"
#include "pii/names.hpp"
#include "pii/provider.hpp"
#include "pii/providers/configuration.hpp"
#include "pii/result.hpp"

namespace piictl {

/// What flags, PII_* variables and the home say together, in this order. The home counts only when neither a
/// keyset flag nor any PII_* variable is set.
struct Settings {
  pii::providers::Configuration configuration;
  std::optional<std::string> home;  // its folder, when the settings come from there
  bool environment_named = true;    // false: nobody named one, and it is "unknown"
  bool full_access = false;         // as it was said, whatever the command needs
};

/// The settings a command needs that uses the keyset of `usage`, or all of them. What it does not use is not
/// asked for: reveal works without a token keyset, tokenize without a reveal keyset. Errors: not_configured,
/// invalid_setting, usage; access_denied for the reveal keyset when access is "tokenize".
pii::Result<Settings> load_settings(const CommonFlags& flags, std::optional<pii::KeysetUsage> usage);

/// The settings of Vault alone, whatever the provider is and whichever keysets are named.
/// Errors: not_configured, invalid_setting.
pii::Result<pii::providers::VaultSettings> load_vault_settings(const CommonFlags& flags);

/// A provider with the keyset of `usage` in force, no other one asked for, and the environment to use it in.
struct OpenKeyset {
  std::shared_ptr<pii::KeysetProvider> provider;
  pii::Environment environment;
  bool has_reveal = false;  // of open_keysets: the reveal keyset is there as well
  bool full_access = false;  // whether access is full, also where the command needs less
};
/// Errors: those above, and what the file's parser says. Notes on standard error when the home or no
/// environment is used.
pii::Result<OpenKeyset> open_keyset(pii::KeysetUsage usage, const Session& session);
/// The token keyset and, when access is full and one is configured, the reveal keyset.
pii::Result<OpenKeyset> open_keysets(const Session& session);

}  // namespace piictl
