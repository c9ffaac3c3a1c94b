#pragma once

#include <string_view>

#include "pii/export.hpp"

namespace pii {

/// Version of the OpenSSL libcrypto that this process runs with, e.g. "3.0.17".
PII_EXPORT std::string_view openssl_version() noexcept;
/// Version of the libsodium that this process runs with, e.g. "1.0.18".
PII_EXPORT std::string_view sodium_version() noexcept;

}  // namespace pii
