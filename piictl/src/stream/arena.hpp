#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "stream/buffer.hpp"

namespace piictl::stream {

/// Memory for many short texts, which stay where they are until clear(). Wiped before it is freed, as Buffer
/// is.
class Arena {
 public:
  /// At least `size` bytes to write a text into and hand to keep(). Valid until the next call of any member.
  std::span<char> room(std::size_t size);
  /// Keeps `text`: in place when it lies in the room given last, else as a copy. Returns the kept text.
  std::string_view keep(std::string_view text);
  /// `size` bytes, kept.
  char* allocate(std::size_t size);
  /// Forgets all texts and keeps the memory, save for what very long texts took.
  void clear() noexcept;

 private:
  static constexpr std::size_t kBlockSize = std::size_t{64} << 10;

  std::vector<Buffer> blocks_;  // a block's size() is how much of it is kept
  std::size_t current_ = 0;
  std::span<char> room_;
};

}  // namespace piictl::stream
