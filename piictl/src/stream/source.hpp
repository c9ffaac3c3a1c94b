#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "pii/error.hpp"
#include "stream/batch.hpp"
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
  /// `over`: once true, next() gives up.
  Source(const Options& options, std::unique_ptr<Splitter> splitter, const std::atomic<bool>& over);

  /// Fills `chunk`. False at the end, when told to stop or to give up, or when reading failed.
  bool next(Chunk& chunk);
  /// Goes on at `offset` of the input, as if all before had been handed on; `first` is the only chunk handed on so
  /// far. False when told to stop, when reading failed, or when the input ends before.
  bool skip_to(std::uint64_t offset, std::string_view first, std::unique_ptr<Splitter> splitter);
  /// Whether the last chunk was the input's last.
  bool ended() const noexcept { return input_ended_ && !has_unread(); }
  bool interrupted() const noexcept { return interrupted_; }
  bool splits_documents() const noexcept { return splitter_->splits_documents(); }
  const std::optional<pii::Error>& error() const noexcept { return error_; }
  /// What is left to read when the input is a regular file, else 0.
  std::uint64_t size() const noexcept { return size_; }

 private:
  /// Reads once behind the content of the buffer. False when told to stop or when reading failed.
  bool read_input(Buffer& buffer);
  /// Waits for bytes; false when told to stop or to give up.
  bool wait() const;
  /// Whether reading again does not wait.
  bool more_waits() const;

  bool has_unread() const noexcept { return unread_begin_ < unread_.size(); }
  void read_unread(Buffer& buffer);
  /// Puts back what a chunk does not take.
  void unread(std::string_view text);

  /// The capacity to go on with when a row is longer than `capacity`.
  std::size_t larger(std::size_t capacity) const noexcept;
  bool stopped() const noexcept { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

  int fd_;
  std::unique_ptr<Splitter> splitter_;
  std::size_t chunk_size_;
  std::size_t longest_row_;  // and a little: what a buffer grows to
  const std::function<void(std::string_view)> on_read_;
  const std::atomic<bool>* stop_;
  const std::atomic<bool>& over_;
  bool is_file_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t begin_ = 0;  // where in the file the input begins
  Buffer unread_;  // read and put back, to be read again from unread_begin_ on
  std::size_t unread_begin_ = 0;
  std::uint64_t sequence_ = 0;
  bool input_ended_ = false;
  bool interrupted_ = false;
  std::optional<pii::Error> error_;
};

}  // namespace piictl::stream
