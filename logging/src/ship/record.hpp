#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pii::ship {

using Steady = std::chrono::steady_clock::time_point;
using Wall = std::chrono::system_clock::time_point;

/// Time and chance of one record: 48 bits of milliseconds and 80 random ones (https://github.com/ulid/spec).
struct Ulid {
  std::array<std::uint8_t, 16> bytes = {};

  static Ulid make(Wall now);
  /// 26 characters of Crockford's base 32.
  std::string text() const;
  friend bool operator==(const Ulid&, const Ulid&) = default;
};

/// One masked line on its way. Only Queue and Spool make records, of a MaskedLine or of what one of them had written.
struct Record {
  std::uint64_t sequence = 0;  // of this shipper, in the order of acceptance
  Ulid id = {};
  std::string line = {};  // with its line end

  /// The line without its end.
  std::string_view json() const noexcept { return std::string_view(line).substr(0, line.size() - 1); }
};

/// Time, so that tests need not wait.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Steady now() const noexcept = 0;
  virtual Wall wall() const noexcept = 0;
  static const Clock& system() noexcept;
};

}  // namespace pii::ship
