#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "stream/buffer.hpp"

namespace piictl::stream {

/// Memory for many short texts that stay where they are until clear(). What clear() keeps is reused, what it
/// frees and what the destructor frees is wiped: the texts are personal data.
class Arena {
 public:
  /// `size` bytes. The room given before keeps only what commit() took of it.
  std::span<char> room(std::size_t size);
  /// Keeps `text` alive: in place when it begins in the room given last, else as a copy. Returns the kept
  /// text.
  std::string_view keep(std::string_view text);
  /// `size` bytes that are kept whole.
  char* allocate(std::size_t size);
  void clear() noexcept;

 private:
  static constexpr std::size_t kBlockSize = std::size_t{64} << 10;

  std::vector<Buffer> blocks_;
  std::size_t current_ = 0;  // index of the block in use, blocks_.size() when there is none
  std::size_t used_ = 0;     // bytes of it that are kept
  std::span<char> room_;
};

}  // namespace piictl::stream
