#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ship/record.hpp"

namespace pii::ship {

/// CRC-32C (Castagnoli) of more bytes after `before`.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0) noexcept;

// A segment is kSegmentHead and then records: "PIIR", length and CRC-32C (4 bytes each), sequence (8), id (16), the line; numbers
// little-endian, the CRC over all of it but the mark and itself.
inline constexpr std::string_view kSegmentHead = "PIISPL01";
inline constexpr std::string_view kRecordMark = "PIIR";
inline constexpr std::size_t kRecordHead = 36;
inline constexpr std::size_t kMaxRecord = 16 << 20;

void write_record(std::uint64_t sequence, const Ulid& id, std::string_view line, std::string& out);

/// What stands at the beginning of `bytes`.
struct RecordView {
  enum class State : std::uint8_t { whole, cut, damaged };
  State state = State::damaged;
  std::size_t size = 0;  // whole: of the record; cut: bytes that are needed to tell
  std::uint64_t sequence = 0;
  Ulid id = {};
  std::string_view line = {};
};
RecordView read_record(std::string_view bytes) noexcept;
/// Where the next record may begin after the damaged one at the beginning of `bytes`; bytes.size() when nowhere in them.
std::size_t skip_damaged(std::string_view bytes) noexcept;

/// The ledger: which sequence was settled last. nullopt (and so: everything is sent again) when it is damaged.
std::string write_ledger(std::uint64_t settled);
bool read_ledger(std::string_view text, std::uint64_t& settled) noexcept;

}  // namespace pii::ship
