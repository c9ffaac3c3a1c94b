#pragma once

#include "pii/error.hpp"

namespace pii::engine {

/// One answer for an unknown key id, a wrong key, a wrong context and damage: it must not say which.
inline Error reveal_failed() {
  return Error(ErrorCode::reveal_failed, "the ciphertext cannot be revealed",
               "its key, environment, field type or record is another one, or it is damaged");
}

}  // namespace pii::engine
