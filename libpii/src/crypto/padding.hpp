#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>

// ISO/IEC 7816-4: one byte 0x80 and as many zeros as fill a block.
namespace pii::crypto {

/// Size of a padded text of `size` bytes; 0 as block size means no padding.
constexpr std::size_t padded_size(std::size_t size, std::size_t block) noexcept {
  return block == 0 ? size : (size / block + 1) * block;
}

/// Writes the padding behind the first `size` bytes of `text`, which has padded_size() bytes.
inline void pad(std::span<std::byte> text, std::size_t size) noexcept {
  if (text.size() == size) return;
  text[size] = std::byte{0x80};
  std::memset(text.data() + size + 1, 0, text.size() - size - 1);
}

/// Size of the text without its padding, or nothing when it is not padded right. For what was authenticated:
/// its time depends on the content of the last block.
inline std::optional<std::size_t> unpadded_size(std::span<const std::byte> text, std::size_t block) noexcept {
  if (block == 0) return text.size();
  if (text.empty() || text.size() % block != 0) return std::nullopt;
  std::size_t end = text.size();
  while (end > text.size() - block && text[end - 1] == std::byte{0}) --end;
  if (end == text.size() - block || text[end - 1] != std::byte{0x80}) return std::nullopt;
  return end - 1;
}

}  // namespace pii::crypto
