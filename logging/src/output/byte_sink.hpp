#pragma once

#include <atomic>
#include <string>

#include "output/short_lock.hpp"
#include "pii/logging/sink.hpp"

namespace pii::log {

/// Appends lines to a descriptor or a file through one buffer. Lines are never split between files, and never mixed.
class ByteSink final : public Sink {
 public:
  ByteSink(int descriptor, BufferPolicy buffer);
  ByteSink(std::string path, Rotation rotation, BufferPolicy buffer);
  ~ByteSink() override;

  void write(const MaskedLine& line) noexcept override;
  bool flush(std::chrono::milliseconds deadline) noexcept override;
  void flush_due() noexcept override;
  void reopen() noexcept override;
  void end(std::chrono::milliseconds left) noexcept override;
  void crashed(int dump) noexcept override;
  void before_fork() noexcept override;
  void after_fork(bool in_child) noexcept override;
  SinkCounts counts() const noexcept override;
  std::string target() const override;

 private:
  using Clock = std::chrono::steady_clock;

  void append(const MaskedLine& line) noexcept;
  void keep(std::string_view text) noexcept;
  void open_file() noexcept;
  void close_file() noexcept;
  void open_anew() noexcept;
  void rotate() noexcept;
  bool drain(std::chrono::milliseconds timeout) noexcept;
  void fail_buffered() noexcept;
  void forget(std::size_t bytes) noexcept;

  const std::string path_;  // empty: a descriptor of the caller's
  const Rotation rotation_;
  const BufferPolicy policy_;

  std::atomic<bool> fork_waits_{false};
  mutable ShortLock mutex_;
  int descriptor_ = -1;
  // A line with which the buffer has fewer bytes than that only goes behind the others. 0 while nobody calls flush_due().
  std::size_t plain_bytes_ = 0;
  bool can_stall_ = false;     // a pipe, socket or terminal
  bool ended_ = false;
  bool broken_line_ = false;   // the last line was refused half-way
  std::uint64_t size_ = 0;     // of the file
  std::string buffer_;
  Clock::time_point oldest_ = {};
  Clock::time_point stalled_until_ = {};
  std::uint64_t reopened_ = 0;
  SinkCounts counts_;
};

/// Grows with each request_reopen().
std::uint64_t reopen_requests() noexcept;

}  // namespace pii::log
