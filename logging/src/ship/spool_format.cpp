#include "ship/spool_format.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace pii::ship {

namespace {

// Eight bytes a step: table[k] is the CRC of a byte that k others follow.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;
constexpr Tables kTables = [] {
  Tables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0u);
    tables[0][i] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t i = 0; i < 256; ++i) tables[k][i] = (tables[k - 1][i] >> 8) ^ tables[0][tables[k - 1][i] & 255];
  }
  return tables;
}();

template <class Int>
void put(Int value, char* out) noexcept {
  for (std::size_t i = 0; i < sizeof value; ++i) out[i] = static_cast<char>(value >> (8 * i));
}
template <class Int>
Int get(const char* in) noexcept {
  Int value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value |= static_cast<Int>(static_cast<unsigned char>(in[i])) << (8 * i);
  return value;
}

std::uint32_t checksum(const char* head, std::string_view line) noexcept {
  return crc32c(line, crc32c({head + 12, kRecordHead - 12}, crc32c({head + 4, 4})));
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) noexcept {
  std::uint32_t crc = ~before;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    const std::uint32_t low = crc ^ get<std::uint32_t>(at);
    const auto high = get<std::uint32_t>(at + 4);
    crc = kTables[7][low & 255] ^ kTables[6][low >> 8 & 255] ^ kTables[5][low >> 16 & 255] ^ kTables[4][low >> 24] ^
          kTables[3][high & 255] ^ kTables[2][high >> 8 & 255] ^ kTables[1][high >> 16 & 255] ^ kTables[0][high >> 24];
  }
  for (; left > 0; ++at, --left) crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(*at)) & 255];
  return ~crc;
}

void write_record(std::uint64_t sequence, const Ulid& id, std::string_view line, std::string& out) {
  char head[kRecordHead];
  std::memcpy(head, kRecordMark.data(), 4);
  put(static_cast<std::uint32_t>(line.size()), head + 4);
  put(sequence, head + 12);
  std::memcpy(head + 20, id.bytes.data(), id.bytes.size());
  put(checksum(head, line), head + 8);
  out.append(head, sizeof head).append(line);
}

RecordView read_record(std::string_view bytes) noexcept {
  RecordView view;
  const std::size_t common = std::min(bytes.size(), kRecordMark.size());
  if (bytes.substr(0, common) != kRecordMark.substr(0, common)) return view;
  view.state = RecordView::State::cut;
  view.size = kRecordHead;
  if (bytes.size() < kRecordHead) return view;
  const std::size_t length = get<std::uint32_t>(bytes.data() + 4);
  if (length == 0 || length > kMaxRecord) return view.state = RecordView::State::damaged, view;
  view.size = kRecordHead + length;
  if (bytes.size() < view.size) return view;
  view.line = bytes.substr(kRecordHead, length);
  const bool good = get<std::uint32_t>(bytes.data() + 8) == checksum(bytes.data(), view.line) && view.line.back() == '\n';
  view.state = good ? RecordView::State::whole : RecordView::State::damaged;
  view.sequence = get<std::uint64_t>(bytes.data() + 12);
  std::memcpy(view.id.bytes.data(), bytes.data() + 20, view.id.bytes.size());
  return view;
}

std::size_t skip_damaged(std::string_view bytes) noexcept {
  const std::size_t next = bytes.find(kRecordMark, 1);
  if (next != std::string_view::npos) return next;
  // The mark may begin in the last bytes.
  return bytes.size() > 3 ? bytes.size() - 3 : bytes.size();
}

std::string write_ledger(std::uint64_t settled) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, "settled %016llx", static_cast<unsigned long long>(settled));
  const std::uint32_t crc = crc32c({text, static_cast<std::size_t>(size)});
  std::snprintf(text + size, sizeof text - static_cast<std::size_t>(size), " %08x\n", crc);
  return text;
}

bool read_ledger(std::string_view text, std::uint64_t& settled) noexcept {
  constexpr std::size_t kSize = 8 + 16 + 1 + 8 + 1;
  char copy[kSize + 1] = {};
  if (text.size() != kSize) return false;
  std::memcpy(copy, text.data(), kSize);
  unsigned long long number = 0;
  if (std::sscanf(copy, "settled %16llx", &number) != 1 || write_ledger(number) != text) return false;
  settled = number;
  return true;
}

}  // namespace pii::ship
