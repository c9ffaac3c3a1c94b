#pragma once

#include <chrono>

namespace pii::providers::vault {

/// Time and chance, as a session sees them: tests bring their own.
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Pace() = default;
  virtual Clock::time_point now() = 0;
  /// Waits; false when the program ends meanwhile.
  virtual bool pause(std::chrono::milliseconds time) = 0;
  /// Evenly from [0, 1).
  virtual double chance() = 0;
};

/// Full jitter: anything up to `base` doubled `failures` times, at most `most`.
inline std::chrono::milliseconds jittered(Pace& pace, std::chrono::milliseconds base, unsigned failures,
                                          std::chrono::milliseconds most) {
  auto bound = base;
  while (failures-- > 0 && bound < most) bound *= 2;
  if (bound > most) bound = most;
  return std::chrono::milliseconds(
      static_cast<std::chrono::milliseconds::rep>(static_cast<double>(bound.count()) * pace.chance()));
}

}  // namespace pii::providers::vault
