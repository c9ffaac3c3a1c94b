#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#endif

// Sixteen bytes at a time. The compiler turns its own vector type into the baseline instructions of any
// processor (SSE2, NEON) or into ordinary registers.
namespace pii::base {

using Chunk = std::int8_t __attribute__((vector_size(16)));
using ChunkHalves = std::uint64_t __attribute__((vector_size(16)));  // a cast between them keeps the bytes
inline constexpr std::size_t kChunkSize = sizeof(Chunk);

template <class Word>
Word load(const char* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}
template <class Word>
void store(Word word, char* out) noexcept {
  std::memcpy(out, &word, sizeof word);
}

/// All of `size` <= 16 bytes, some of them twice: pieces that overlap go straight into registers, while a
/// copy of fewer than 16 bytes would stall where it is read back.
inline Chunk load_chunk(const char* from, std::size_t size) noexcept {
  if (size == kChunkSize) return load<Chunk>(from);
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (size >= 8) {
    first = load<std::uint64_t>(from);
    last = load<std::uint64_t>(from + size - 8);
  } else if (size >= 4) {
    first = load<std::uint32_t>(from);
    last = load<std::uint32_t>(from + size - 4);
  } else if (size != 0) {
    first = load<std::uint8_t>(from) | std::uint32_t{load<std::uint8_t>(from + size / 2)} << 8;
    last = load<std::uint8_t>(from + size - 1);
  }
  return reinterpret_cast<Chunk>(ChunkHalves{first, last});
}

/// Puts the bytes of load_chunk() back where they were.
inline void store_chunk(Chunk chunk, char* out, std::size_t size) noexcept {
  if (size == kChunkSize) return store(chunk, out);
  const auto halves = reinterpret_cast<ChunkHalves>(chunk);
  const std::uint64_t first = halves[0];
  const std::uint64_t last = halves[1];
  if (size >= 8) {
    store(first, out);
    store(last, out + size - 8);
  } else if (size >= 4) {
    store(static_cast<std::uint32_t>(first), out);
    store(static_cast<std::uint32_t>(last), out + size - 4);
  } else if (size != 0) {
    store(static_cast<std::uint8_t>(first), out);
    store(static_cast<std::uint8_t>(first >> 8), out + size / 2);
    store(static_cast<std::uint8_t>(last), out + size - 1);
  }
}

/// Calls `visit(offset, size)` for chunks that cover the text; of more than one the last two may overlap.
template <class Visit>
inline void for_each_chunk(std::size_t size, Visit visit) noexcept {
  if (size < kChunkSize) return visit(std::size_t{0}, size);
  for (std::size_t i = 0; i + kChunkSize < size; i += kChunkSize) visit(i, kChunkSize);
  visit(size - kChunkSize, kChunkSize);
}

/// All ones for every byte from `first` to `last`, zero for any other: shifted so that these are the greatest, by one comparison.
template <char first, char last>
inline Chunk in_range(Chunk chunk) noexcept {
  using Bytes = std::uint8_t __attribute__((vector_size(16)));
  const auto shifted = reinterpret_cast<Chunk>(reinterpret_cast<Bytes>(chunk) + static_cast<std::uint8_t>(127 - last));
  return shifted > static_cast<std::int8_t>(127 - (last - first + 1));
}

/// The high bit of each byte, the first one's the lowest; a comparison sets all bits of a byte or none.
inline std::uint32_t high_bits(Chunk chunk) noexcept {
#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
  return static_cast<std::uint32_t>(_mm_movemask_epi8(reinterpret_cast<__m128i>(chunk)));
#else
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kChunkSize; ++i) bits |= std::uint32_t{chunk[i] < 0} << i;
  return bits;
#endif
}
/// Whether the high bit of any byte is set.
inline bool has_high_bit(Chunk chunk) noexcept {
#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
  return high_bits(chunk) != 0;
#else
  const auto halves = reinterpret_cast<ChunkHalves>(chunk);
  return ((halves[0] | halves[1]) & 0x8080808080808080) != 0;
#endif
}

}  // namespace pii::base
