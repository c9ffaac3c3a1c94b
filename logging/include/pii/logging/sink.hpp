#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/logging/level.hpp"

namespace pii::log {

/// A finished line with its line end. Only the logger's masking stage makes one, so a sink cannot be handed anything else.
class MaskedLine {
 public:
  std::string_view text() const noexcept { return text_; }
  Level level() const noexcept { return level_; }
  /// It must not leave the machine (`local_only`): no remote sink, spool or dead letter sees it.
  bool local() const noexcept { return local_; }

 private:
  friend class MaskingStage;
  MaskedLine(std::string_view text, Level level, bool local) noexcept : text_(text), level_(level), local_(local) {}

  std::string_view text_;
  Level level_;
  bool local_;
};

/// Lines of one output. accepted = written + buffered + dropped + failed, always. Of a shipper: written is what its endpoint took,
/// buffered what waits in memory or on disk, failed what was refused (ship::Counts tells more).
struct SinkCounts {
  std::uint64_t accepted = 0;
  std::uint64_t written = 0;   // handed to the system whole
  std::uint64_t buffered = 0;
  std::uint64_t dropped = 0;   // no room while the receiver did not take anything, or after the end
  std::uint64_t failed = 0;    // the system refused them
  std::uint64_t rotations = 0;
  std::uint64_t reopen_failures = 0;
  std::uint64_t suppressed = 0;  // of those dropped: kept back by a limit that was asked for, so not lost
};

/// Where lines go. Called from any thread, never concurrently with its own destruction; must not log.
class PII_EXPORT Sink {
 public:
  virtual ~Sink();
  virtual void write(const MaskedLine& line) noexcept = 0;
  /// Whether lines leave this machine; such a sink is handed no line that must not.
  virtual bool remote() const noexcept { return false; }
  /// Hands everything accepted to the system. False when that did not succeed within `deadline`.
  virtual bool flush(std::chrono::milliseconds deadline) noexcept = 0;
  /// Called when the session's thread begins, and every half second then: hands over what is older than the sink wants it to get.
  virtual void flush_due() noexcept {}
  /// Closes and opens again what has a name, as log rotation by rename needs.
  virtual void reopen() noexcept {}
  /// The session is over, and what had to be handed over was: close what was opened, within `left` where that takes time. Lines of
  /// calls that began before are written at once.
  virtual void end(std::chrono::milliseconds /*left*/) noexcept {}
  /// Before and after fork(2), in the parent and the child; the child's copy of what is buffered belongs to the parent.
  virtual void before_fork() noexcept {}
  virtual void after_fork(bool /*in_child*/) noexcept {}
  /// In a crash's signal handler (write_on_crash()): hands over what is buffered with async-signal-safe calls alone, and waits for a lock
  /// some milliseconds at most. What only this process has goes to the descriptor `dump`, -1: nowhere.
  virtual void crashed(int /*dump*/) noexcept {}
  virtual SinkCounts counts() const noexcept = 0;
  /// What it writes to (a path, an address), so that init() knows an equal configuration; empty: it is like no other.
  virtual std::string target() const { return {}; }
};

/// When a sink hands its buffer over, and how much it may hold.
struct BufferPolicy {
  std::size_t bytes = 64 * 1024;              // at this size; 0: every line at once
  std::chrono::milliseconds interval{1000};   // or this old
  Level flush_level = Level::error;           // or with a line of this level
  std::size_t max_bytes = 1024 * 1024;        // beyond it lines are dropped and counted
  std::chrono::milliseconds write_timeout{100};  // how long a caller waits for a receiver that takes nothing (pipes, terminals)
};

/// Files by size: `path` becomes `path.1`, that `path.2`, up to `keep`.
struct Rotation {
  std::uint64_t max_bytes = 0;  // 0: never
  unsigned keep = 5;            // 0: the old one is removed
};

/// A sink for a descriptor that stays the caller's (1, 2).
PII_EXPORT std::shared_ptr<Sink> make_descriptor_sink(int descriptor, BufferPolicy buffer = {});
/// A sink that appends to a file, made with mode 0600. Opened at once; while it cannot be opened, lines count as failed and
/// reopen() tries again.
PII_EXPORT std::shared_ptr<Sink> make_file_sink(std::string path, Rotation rotation = {}, BufferPolicy buffer = {});

}  // namespace pii::log
