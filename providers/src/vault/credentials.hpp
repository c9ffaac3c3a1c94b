#pragma once

#include <string>

#include "pii/providers/vault_settings.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii::providers::vault {

/// A credential from a file, without the space around it, straight into guarded memory. Errors: those of
/// read_file; invalid_setting when it is empty, long, or not printable ASCII.
Result<SecretBytes> load_credential(const std::string& path);

/// The token of the environment variable that `settings` name. Errors: not_configured.
Result<SecretBytes> token_of_environment(const VaultSettings& settings);

/// What is sent to log in, read anew: role id and secret id, role and JWT, or a token.
struct Credentials {
  SecretBytes identity;  // role id
  SecretBytes secret;    // secret id, wrapping token, JWT or token; empty when there is none

  bool operator==(const Credentials&) const = default;
};
Result<Credentials> load_credentials(const VaultSettings& settings);

}  // namespace pii::providers::vault
