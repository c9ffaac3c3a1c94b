#pragma once

#include <string>
#include <vector>

#include "command.hpp"
#include "pii/error.hpp"
#include "pii/providers/vault_settings.hpp"

namespace piictl {

/// What one look of the doctor found.
struct Check {
  enum class Status { ok, warn, fail };

  std::string name;
  Status status = Status::ok;
  std::string detail;
  std::string hint = {};                     // what to do, unless ok
  pii::ErrorCode code = pii::ErrorCode::ok;  // of a failed check
};

/// Settings, keyset files, key ages, and a dry run of what they allow.
std::vector<Check> check_configuration(const CommonFlags& flags);
/// The server's address, TLS, state and clock, the login, and what the role may do.
std::vector<Check> check_vault(const pii::providers::VaultSettings& settings);
/// One event through the masker, with the keys that `piictl mask` would use.
Check check_mask(const CommonFlags& flags);
/// Memory locking, core dumps, randomness, the self-test of the crypto.
std::vector<Check> check_machine();

}  // namespace piictl
