#pragma once

#include "pii/masker.hpp"
#include "pii/pii.h"
#include "pii/result.hpp"
#include "pii/tokenizer.hpp"

/// What C's `pii_keys` is, for the libraries that make one or take it.
struct pii_keys {
  pii::MaskKeys keys;
  pii::Tokenizer tokenizer;
};

namespace pii {

/// Keeps the error for pii_last_error(). Returns its number.
PII_EXPORT int c_failure(const Error& error) noexcept;
/// Runs `call`, which returns Result<void>, with C's manners: 0 or an error's number, and nothing is thrown.
template <class Call>
int c_call(Call call) noexcept {
  try {
    const Result<void> done = call();
    return done ? 0 : c_failure(done.error());
  } catch (...) {
    return c_failure(Error(ErrorCode::internal, "no memory"));
  }
}

}  // namespace pii
