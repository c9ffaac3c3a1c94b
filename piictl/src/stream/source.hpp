#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "pii/error.hpp"
#include "stream/buffer.hpp"
#include "stream/splitter.hpp"

namespace piictl::stream {

/// A part of the input that consists of whole rows.
struct Chunk {
  std::uint64_t sequence = 0;
  std::string_view text;  ///< Lies in `buffer`.
  std::vector<Defect> defects;
  Buffer buffer;
};

/// Reads a file descriptor in chunks. What is not a regular file is handed on as soon as no more bytes are
/// waiting, so that a slow pipe or a terminal is answered row by row. Not thread-safe.
class Source {
 public:
  Source(int fd, std::unique_ptr<Splitter> splitter, std::size_t chunk_size, const std::atomic<bool>* stop);

  /// Fills `chunk`. False at the end, when told to stop, or when reading failed.
  bool next(Chunk& chunk);
  /// Whether the last chunk was the input's last.
  bool ended() const noexcept { return ended_ && carry_.size() == 0; }
  bool interrupted() const noexcept { return interrupted_; }
  const std::optional<pii::Error>& error() const noexcept { return error_; }
  /// What is left to read when the input is a regular file, else 0.
  std::uint64_t size() const noexcept { return size_; }

 private:
  enum class Read { more, pause, end, stop };
  /// Reads once behind the content of the buffer. `pause`: it read, and no more is waiting.
  Read read_into(Buffer& buffer);
  /// Waits for bytes; false when told to stop.
  bool wait() const;
  bool stopped() const noexcept { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

  int fd_;
  std::unique_ptr<Splitter> splitter_;
  std::size_t chunk_size_;
  const std::atomic<bool>* stop_;
  bool is_file_ = false;
  std::uint64_t size_ = 0;
  Buffer carry_;  // the row that the last chunk ended in
  std::uint64_t sequence_ = 0;
  bool ended_ = false;
  bool interrupted_ = false;
  std::optional<pii::Error> error_;
};

}  // namespace piictl::stream
