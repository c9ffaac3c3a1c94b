#pragma once

#include <memory>

#include "pii/providers/vault_settings.hpp"
#include "pii/result.hpp"
#include "vault/http.hpp"

namespace pii::providers::vault {

/// Speaks to the address of `settings` with libcurl: https alone unless plain http to this machine is
/// allowed, no redirect followed, no proxy of the environment. One send() at a time; it keeps its connection.
/// Errors: not_configured without a libcurl, invalid_setting for an address it may not use.
Result<std::unique_ptr<HttpTransport>> make_curl_transport(const VaultSettings& settings);

}  // namespace pii::providers::vault
