#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pii/providers/vault_client.hpp"
#include "vault/session.hpp"

namespace pii::providers::vault {

/// Reads the field `keyset` at `path`, from version 2 or 1 of KV: a string that holds the document, or the
/// document itself as an object.
std::optional<Failure> read_kv(Session& session, const std::string& path, VaultSecret& out);
/// What version 2 of KV tells about a path without its content.
std::optional<Failure> read_kv_metadata(Session& session, const std::string& path, VaultMetadata& out);
/// Writes the field when the path's version is `expected` (0: nothing is there); `version` is the new one.
std::optional<Failure> write_kv(Session& session, const std::string& path, const SecretBytes& document,
                                std::uint64_t expected, std::uint64_t& version);
/// Adds `custom` to the path's custom metadata; members of other names stay.
std::optional<Failure> write_kv_metadata(Session& session, const std::string& path,
                                         const std::map<std::string, std::string>& custom);

}  // namespace pii::providers::vault
