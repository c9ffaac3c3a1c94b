#include "commands/each_value.hpp"

namespace piictl {

using pii::ErrorCode;

bool is_of_the_row(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::malformed_token:
    case ErrorCode::malformed_ciphertext:
    case ErrorCode::unsupported_version:
    case ErrorCode::malformed_base64:
    case ErrorCode::malformed_value:
    case ErrorCode::reveal_failed:
    case ErrorCode::invalid_utf8:
    case ErrorCode::too_large:  // what names the row
      return true;
    default:
      return false;
  }
}

}  // namespace piictl
