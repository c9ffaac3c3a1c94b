#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "pii/export.hpp"

namespace pii {

/// What went wrong: class x 100 + number. The class is piictl's exit code. Append only: numbers are never reused.
/// The meaning of every code is in docs/conventions.md, "Errors".
enum class ErrorCode : std::uint16_t {
  ok = 0,
  // 1: internal
  internal = 100,
  crypto_failure = 101,
  self_test_failed = 102,
  // 2: usage and configuration
  usage = 200,
  not_configured = 201,
  invalid_setting = 202,
  // 3: bad input or format
  invalid_utf8 = 300,
  invalid_name = 301,
  malformed_base64 = 302,
  malformed_token = 303,
  malformed_ciphertext = 304,
  malformed_json = 305,
  invalid_keyset = 306,
  unsupported_version = 307,
  malformed_csv = 308,
  too_large = 309,
  missing_column = 310,
  buffer_too_small = 311,
  malformed_value = 312,
  // 4: access denied
  access_denied = 400,
  file_permission = 401,
  // 5: provider unavailable
  provider_unavailable = 500,
  file_not_found = 501,
  file_unreadable = 502,
  file_unstable = 503,
  no_secure_connection = 504,
  // 6: authentication failed
  login_failed = 601,
  reveal_failed = 602,
  // 7: a guard refused
  guard_refused = 700,
  already_exists = 701,
  conflict = 702,
  // 8: differs, no match, or something was found
  no_match = 800,
  findings = 801,
  // 9: some rows of a batch failed
  partial_batch = 900,
  // 10: output not writable
  output_failed = 1000,
  // 130: interrupted
  interrupted = 13000,
};

/// The code's class, which is also piictl's exit code (602 -> 6).
constexpr int error_class(ErrorCode code) noexcept { return static_cast<int>(code) / 100; }

/// The code's stable name, e.g. "reveal_failed".
PII_EXPORT std::string_view to_string(ErrorCode code) noexcept;

/// An error for people and programs. Messages name a field, a key id, a path or a byte offset, and never hold a
/// value, a key, or the body of a token or ciphertext.
class Error {
 public:
  Error(ErrorCode code, std::string message, std::string hint = {})
      : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

  ErrorCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  /// What to do about it, or empty.
  const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
};

}  // namespace pii
