#pragma once

#include <chrono>

#include "pii/export.hpp"

namespace pii {

/// What tokens and ciphertexts are made of, without the normalization, text and look-ups around it.
enum class Primitive {
  hmac,        // HMAC-SHA-256 of one message with a prepared key
  hmac_batch,  // the same, as many messages side by side as the processor can
  seal,        // AES-256-GCM with a prepared key and a given nonce
  open,
};

/// Nanoseconds that one operation on 22 bytes takes on this machine now, measured for about `duration`: the
/// floor that `piictl bench` shows beside the product. Blocks for that long.
PII_EXPORT double time_primitive(Primitive primitive, std::chrono::nanoseconds duration);

}  // namespace pii
