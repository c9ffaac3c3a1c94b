#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pii/secret.hpp"
#include "vault/session.hpp"

namespace pii::providers::vault {

/// Has the transit engine wrap 32 bytes with the key at `path` ("MOUNT/KEY").
std::optional<Failure> wrap_key(Session& session, const std::string& path, const SecretBytes& key, std::string& out);
/// And unwrap them. What the engine refuses to decrypt fails as reveal_failed.
std::optional<Failure> unwrap_key(Session& session, const std::string& path, std::string_view wrapped, SecretBytes& out);

}  // namespace pii::providers::vault
