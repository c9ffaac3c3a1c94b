#pragma once

#include "configuration/environment_settings.hpp"
#include "pii/providers/vault_settings.hpp"

namespace pii::providers {

/// PII_VAULT_*, and what of BAO_* and VAULT_* stands in for them (docs/vault.md, "Variables"). Errors:
/// not_configured, invalid_setting.
Result<VaultSettings> read_vault_settings(const EnvironmentSettings& settings, Access access,
                                          TokenKeyset token_keyset);

}  // namespace pii::providers
