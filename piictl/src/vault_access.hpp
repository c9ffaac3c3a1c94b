#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "command.hpp"
#include "keyset_summary.hpp"
#include "pii/keyset.hpp"
#include "pii/providers/vault_client.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// Whether a keyset's place is "vault:PATH", and the PATH of it.
inline bool is_in_vault(std::string_view source) noexcept { return source.starts_with("vault:"); }
inline std::string_view vault_path(std::string_view source) noexcept {
  return is_in_vault(source) ? source.substr(6) : source;
}

/// First thing before Vault is asked: libcurl wipes what it frees, and a connection without verification is
/// warned of, whatever --quiet and --json say.
void prepare_vault(const pii::providers::VaultSettings& settings);

/// The settings in force, and a client for the server that they name.
struct OpenVault {
  pii::providers::VaultSettings settings;
  std::unique_ptr<pii::providers::VaultClient> client;
};
/// Errors: not_configured, invalid_setting.
pii::Result<OpenVault> open_vault(const Session& session);

/// A keyset as it stands in Vault.
struct VaultKeyset {
  pii::SecretBytes document;
  std::shared_ptr<const pii::Keyset> keyset;
  std::optional<std::uint64_t> version;
};
/// Errors: those of VaultClient::read and of parse_keyset.
pii::Result<VaultKeyset> read_vault_keyset(pii::providers::VaultClient& client, std::string_view source);

/// Writes a keyset when the version there is `expected` (0: none), and what may be known of it into the
/// metadata; a failure of the latter is a warning. Returns the version. Errors: those of VaultClient::write;
/// already_exists when nothing was to be there.
pii::Result<std::uint64_t> write_vault_keyset(const Session& session, pii::providers::VaultClient& client,
                                              std::string_view source, const pii::SecretBytes& document,
                                              std::uint64_t expected);

/// What may be told of a keyset in Vault: from its metadata where that is up to date, else by reading it.
pii::Result<KeysetSummary> summarize_vault_keyset(pii::providers::VaultClient& client,
                                                  std::string_view source);

}  // namespace piictl
