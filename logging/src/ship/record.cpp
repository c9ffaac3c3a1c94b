#include "ship/record.hpp"

#include "pii/logging/trace.hpp"

namespace pii::ship {

Ulid Ulid::make(Wall now) {
  Ulid id{trace::new_trace_id().bytes};
  const auto ms = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  for (unsigned i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  return id;
}

std::string Ulid::text() const {
  constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string out(26, '0');
  // 128 bits in groups of five from the end; the first digit has three.
  std::uint32_t bits = 0;
  unsigned count = 0;
  std::size_t at = out.size();
  for (std::size_t i = bytes.size(); i-- > 0;) {
    bits |= std::uint32_t{bytes[i]} << count;
    for (count += 8; count >= 5; count -= 5, bits >>= 5) out[--at] = kDigits[bits & 31];
  }
  if (count > 0) out[--at] = kDigits[bits & 31];
  return out;
}

const Clock& Clock::system() noexcept {
  class System final : public Clock {
    Steady now() const noexcept override { return std::chrono::steady_clock::now(); }
    Wall wall() const noexcept override { return std::chrono::system_clock::now(); }
  };
  static const System clock;
  return clock;
}

}  // namespace pii::ship
