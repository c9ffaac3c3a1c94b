#pragma once

#include <string>
#include <string_view>

#include "pii/providers/vault_settings.hpp"
#include "pii/result.hpp"

namespace pii::providers::vault {

/// Where to connect, and under which name.
struct Address {
  std::string url;         // scheme, name and port, and what comes before /v1/
  std::string connect_to;  // libcurl's form of "this name is there"; empty when the name says it
  std::string shown;       // for messages: host and port
  bool plain_http = false;
};

/// Errors: invalid_setting for what is no address, holds a user or a query, or is plain http to another
/// machine or without leave.
Result<Address> parse_address(const VaultSettings& settings);

/// An API path without slashes at its ends; the version prefix /v1/ is left off. Errors: invalid_setting for
/// an empty one or one with characters that a URL would read as something else, or with ".." in it.
Result<std::string> parse_api_path(std::string_view path, std::string_view setting);

/// The metadata path of a KV version 2 data path, or empty when `path` has no data segment.
std::string metadata_path(std::string_view path);

}  // namespace pii::providers::vault
