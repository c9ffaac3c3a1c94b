#include "pii/build_info.hpp"

#include <openssl/crypto.h>
#include <sodium.h>

namespace pii {

std::string_view openssl_version() noexcept { return OpenSSL_version(OPENSSL_VERSION_STRING); }

std::string_view sodium_version() noexcept { return sodium_version_string(); }

}  // namespace pii
