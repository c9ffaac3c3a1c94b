#include "pii/error.hpp"

namespace pii {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::ok: return "ok";
    case ErrorCode::internal: return "internal";
    case ErrorCode::crypto_failure: return "crypto_failure";
    case ErrorCode::self_test_failed: return "self_test_failed";
    case ErrorCode::usage: return "usage";
    case ErrorCode::not_configured: return "not_configured";
    case ErrorCode::invalid_setting: return "invalid_setting";
    case ErrorCode::invalid_utf8: return "invalid_utf8";
    case ErrorCode::invalid_name: return "invalid_name";
    case ErrorCode::malformed_base64: return "malformed_base64";
    case ErrorCode::malformed_token: return "malformed_token";
    case ErrorCode::malformed_ciphertext: return "malformed_ciphertext";
    case ErrorCode::malformed_json: return "malformed_json";
    case ErrorCode::invalid_keyset: return "invalid_keyset";
    case ErrorCode::unsupported_version: return "unsupported_version";
    case ErrorCode::malformed_csv: return "malformed_csv";
    case ErrorCode::too_large: return "too_large";
    case ErrorCode::missing_column: return "missing_column";
    case ErrorCode::buffer_too_small: return "buffer_too_small";
    case ErrorCode::malformed_value: return "malformed_value";
    case ErrorCode::access_denied: return "access_denied";
    case ErrorCode::file_permission: return "file_permission";
    case ErrorCode::provider_unavailable: return "provider_unavailable";
    case ErrorCode::file_not_found: return "file_not_found";
    case ErrorCode::file_unreadable: return "file_unreadable";
    case ErrorCode::file_unstable: return "file_unstable";
    case ErrorCode::no_secure_connection: return "no_secure_connection";
    case ErrorCode::login_failed: return "login_failed";
    case ErrorCode::reveal_failed: return "reveal_failed";
    case ErrorCode::guard_refused: return "guard_refused";
    case ErrorCode::already_exists: return "already_exists";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::no_match: return "no_match";
    case ErrorCode::findings: return "findings";
    case ErrorCode::partial_batch: return "partial_batch";
    case ErrorCode::output_failed: return "output_failed";
    case ErrorCode::interrupted: return "interrupted";
  }
  return "unknown";
}

}  // namespace pii
