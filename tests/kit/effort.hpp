#pragma once

namespace pii::kit {

/// How often a random test repeats: `full` times, a tenth of it where sanitizers slow every step down.
constexpr int rounds(int full) noexcept {
#ifdef PII_SANITIZED
  return full / 10;
#else
  return full;
#endif
}

}  // namespace pii::kit
