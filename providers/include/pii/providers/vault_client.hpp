#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/providers/vault_settings.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii::providers {

/// Custom metadata of this prefix describes one key each; a write replaces them all.
inline constexpr std::string_view kVaultKeyPrefix = "key.";

/// A keyset document as it stands at a path, and its version there (none in version 1 of KV).
struct VaultSecret {
  SecretBytes document;
  std::optional<std::uint64_t> version;
};

/// What may be known of a path without reading it.
struct VaultMetadata {
  std::uint64_t version = 0;  // 0: never written
  bool deleted = false;       // the latest version
  std::string updated_at;     // RFC 3339
  std::map<std::string, std::string> custom;
};

struct VaultLogin {
  std::chrono::seconds lease{0};  // 0: no known end
  bool renewable = false;
  std::vector<std::string> policies;
};

struct VaultServer {
  bool initialized = false;
  bool sealed = false;
  bool standby = false;
  std::string version;
  std::optional<std::chrono::seconds> clock_ahead;  // of ours
};

/// A client of Vault or OpenBao for commands: it logs in when a call needs it and retries what may be well
/// again. Each call takes at most the settings' time-out. One thread at a time. The destructor revokes the
/// token that a login brought. Errors of every call: provider_unavailable, no_secure_connection,
/// login_failed, access_denied, too_large, not_configured, invalid_setting; a message names the path and never what the server said.
class PII_EXPORT VaultClient {
 public:
  static Result<std::unique_ptr<VaultClient>> make(const VaultSettings& settings);
  ~VaultClient();

  Result<VaultServer> server();
  Result<VaultLogin> log_in();
  /// Errors also: invalid_keyset when there is no field `keyset`.
  Result<VaultSecret> read(std::string_view path);
  Result<VaultMetadata> read_metadata(std::string_view path);
  /// What the token may do at a path: "read", "update", ...
  Result<std::vector<std::string>> capabilities(std::string_view path);
  /// Writes when the path's version is `expected`, 0 for none; returns the new version. Errors also: conflict
  /// when it is another one, guard_refused for version 1 of KV, which cannot compare.
  Result<std::uint64_t> write(std::string_view path, const SecretBytes& document, std::uint64_t expected);
  /// Adds to the custom metadata; members of other names stay, save those of kVaultKeyPrefix.
  Result<void> write_metadata(std::string_view path, const std::map<std::string, std::string>& custom);
  /// The transit engine's key "MOUNT/KEY" wraps a key, and unwraps it. Errors also: reveal_failed when it does not.
  Result<std::string> wrap_key(std::string_view transit_key, const SecretBytes& key);
  Result<SecretBytes> unwrap_key(std::string_view transit_key, std::string_view wrapped);

 private:
  class Impl;
  explicit VaultClient(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

/// The path of the metadata of a KV version 2 path, or empty for another path.
PII_EXPORT std::string vault_metadata_path(std::string_view path);

}  // namespace pii::providers
