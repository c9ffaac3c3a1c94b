#include "output/byte_sink.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <thread>

#include "output/in_handler.hpp"
#include "output/no_sigpipe.hpp"
#include "pii/logging/configuration.hpp"

namespace pii::log {

namespace {

std::atomic<std::uint64_t> requests{0};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a signal handler uses it");

// Twice as long as flush_due() takes to come.
constexpr std::chrono::milliseconds kOwnInterval{1000};
// What poll() promises to take of a pipe at once.
constexpr std::size_t kPipeChunk = 4096;

// Files and devices such as /dev/null take what they are given at once.
bool stalls(int descriptor, const struct stat& status) noexcept {
  return !S_ISREG(status.st_mode) && (!S_ISCHR(status.st_mode) || ::isatty(descriptor) == 1);
}
bool stalls(int descriptor) noexcept {
  struct stat status = {};
  return ::fstat(descriptor, &status) == 0 && stalls(descriptor, status);
}

// Intervals of a second and stalls are told by the kernel's tick, at a fifth of the price.
std::chrono::steady_clock::time_point coarse_now() noexcept {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::steady_clock::time_point(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

// Neither its size nor its age asks for anything then: flush_due() looks at the age often enough for long intervals.
std::size_t plain_bytes(const BufferPolicy& policy, const Rotation& rotation) noexcept {
  return rotation.max_bytes == 0 && policy.interval >= kOwnInterval ? std::min(policy.bytes, policy.max_bytes) : 0;
}

bool ready(int descriptor, std::chrono::milliseconds timeout) noexcept {
  pollfd wait = {descriptor, POLLOUT, 0};
  const auto ms = std::clamp<std::chrono::milliseconds::rep>(timeout.count(), 0, 3'600'000);
  return ::poll(&wait, 1, static_cast<int>(ms)) > 0;
}

}  // namespace

void request_reopen() noexcept { requests.fetch_add(1, std::memory_order_relaxed); }
std::uint64_t reopen_requests() noexcept { return requests.load(std::memory_order_relaxed); }

Sink::~Sink() = default;

ByteSink::ByteSink(int descriptor, BufferPolicy buffer)
    : policy_(buffer), descriptor_(descriptor), can_stall_(stalls(descriptor)), reopened_(reopen_requests()) {}

ByteSink::ByteSink(std::string path, Rotation rotation, BufferPolicy buffer)
    : path_(std::move(path)), rotation_(rotation), policy_(buffer), reopened_(reopen_requests()) {
  open_file();
}

ByteSink::~ByteSink() {
  flush(std::chrono::seconds(1));
  if (!path_.empty()) close_file();
}

void ByteSink::open_file() noexcept {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
  struct stat status = {};
  if (descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0) {
    size_ = static_cast<std::uint64_t>(status.st_size);
    can_stall_ = stalls(descriptor_, status);
  }
  broken_line_ = false;
}

void ByteSink::open_anew() noexcept {
  drain(policy_.write_timeout);
  close_file();
  open_file();
  if (descriptor_ < 0) ++counts_.reopen_failures;
}

void ByteSink::close_file() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

// Renames first and opens then: who follows the file by its inode misses nothing.
void ByteSink::rotate() noexcept {
  const auto numbered = [&](unsigned n) { return path_ + "." + std::to_string(n); };
  close_file();
  if (rotation_.keep == 0) {
    ::unlink(path_.c_str());
  } else {
    for (unsigned n = rotation_.keep; n > 1; --n) std::rename(numbered(n - 1).c_str(), numbered(n).c_str());
    std::rename(path_.c_str(), numbered(1).c_str());
  }
  open_file();
  ++counts_.rotations;
}

void ByteSink::forget(std::size_t bytes) noexcept {
  const bool all = bytes == buffer_.size();
  const auto lines = all ? counts_.buffered
                         : static_cast<std::uint64_t>(std::count(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(bytes), '\n'));
  counts_.written += lines;
  counts_.buffered -= lines;
  size_ += bytes;
  buffer_.erase(0, bytes);
}

void ByteSink::fail_buffered() noexcept {
  counts_.failed += counts_.buffered;
  counts_.buffered = 0;
  buffer_.clear();
}

// False: the receiver takes nothing now. What the system refuses for good is counted, and gone.
bool ByteSink::drain(std::chrono::milliseconds timeout) noexcept {
  if (buffer_.empty()) return true;
  if (descriptor_ < 0) {
    fail_buffered();
    return false;
  }
  const NoSigpipe guard(can_stall_);
  const auto deadline = Clock::now() + timeout;
  if (broken_line_ && ::write(descriptor_, "\n", 1) == 1) broken_line_ = false;
  bool line_end = true;
  std::size_t done = 0;
  bool refused = false;
  while (done < buffer_.size()) {
    std::size_t chunk = buffer_.size() - done;
    if (can_stall_) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      if (!ready(descriptor_, left)) break;
      chunk = std::min(chunk, kPipeChunk);
    }
    const ssize_t written = ::write(descriptor_, buffer_.data() + done, chunk);
    if (written > 0) {
      done += static_cast<std::size_t>(written);
    } else if (written < 0 && errno != EINTR && errno != EAGAIN) {
      refused = true;
      break;
    }
  }
  if (done > 0) line_end = buffer_[done - 1] == '\n';
  forget(done);
  if (refused) {
    broken_line_ = !line_end;
    fail_buffered();
  }
  const bool all = buffer_.empty();
  stalled_until_ = all ? Clock::time_point{} : Clock::now() + std::chrono::seconds(1);
  return all && !refused;
}

void ByteSink::write(const MaskedLine& line) noexcept {
  while (fork_waits_.load(std::memory_order_relaxed)) std::this_thread::yield();
  const std::lock_guard lock(mutex_);
  if (ended_ && !path_.empty()) open_file();
  append(line);
  if (!ended_) return;
  drain(policy_.write_timeout);
  if (!path_.empty()) close_file();
}

inline void ByteSink::keep(std::string_view text) noexcept {
  try {
    buffer_ += text;
    ++counts_.buffered;
  } catch (...) {
    ++counts_.dropped;
  }
}

void ByteSink::append(const MaskedLine& line) noexcept {
  const std::string_view text = line.text();
  ++counts_.accepted;
  if (!buffer_.empty() && buffer_.size() + text.size() < plain_bytes_ && line.level() < policy_.flush_level && reopened_ == reopen_requests()) {
    return keep(text);
  }
  const auto now = coarse_now();
  if (const std::uint64_t asked = reopen_requests(); reopened_ != asked) {
    reopened_ = asked;
    if (!path_.empty()) open_anew();
  }
  const bool stalled = now < stalled_until_;
  if (!path_.empty() && rotation_.max_bytes != 0 && size_ + buffer_.size() + text.size() > rotation_.max_bytes &&
      size_ + buffer_.size() > 0 && drain(policy_.write_timeout)) {
    rotate();
  }
  if (buffer_.size() + text.size() > policy_.max_bytes && (stalled || !drain(policy_.write_timeout)) &&
      buffer_.size() + text.size() > policy_.max_bytes) {
    ++counts_.dropped;
    return;
  }
  if (buffer_.empty()) oldest_ = now;
  keep(text);
  if (!stalled && (buffer_.size() >= policy_.bytes || line.level() >= policy_.flush_level || now - oldest_ >= policy_.interval)) {
    drain(policy_.write_timeout);
  }
}

bool ByteSink::flush(std::chrono::milliseconds deadline) noexcept {
  const std::lock_guard lock(mutex_);
  return drain(deadline);
}

void ByteSink::flush_due() noexcept {
  const std::lock_guard lock(mutex_);
  plain_bytes_ = plain_bytes(policy_, rotation_);
  const auto now = Clock::now();
  if (!buffer_.empty() && now - oldest_ >= policy_.interval && now >= stalled_until_) drain(policy_.write_timeout);
}

void ByteSink::reopen() noexcept {
  if (path_.empty()) return;
  const std::lock_guard lock(mutex_);
  open_anew();
}

void ByteSink::end(std::chrono::milliseconds) noexcept {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  if (!path_.empty()) close_file();
}

void ByteSink::crashed(int /*dump*/) noexcept {
  if (!in_handler::lock(mutex_)) return;
  drain(policy_.write_timeout);
  mutex_.unlock();
}

// The lock is not fair: threads that log without a pause would keep a fork waiting for seconds.
void ByteSink::before_fork() noexcept {
  fork_waits_.store(true, std::memory_order_relaxed);
  mutex_.lock();
  fork_waits_.store(false, std::memory_order_relaxed);
}

void ByteSink::after_fork(bool in_child) noexcept {
  if (in_child) {
    buffer_.clear();
    counts_ = {};
    plain_bytes_ = 0;
  }
  mutex_.unlock();
}

SinkCounts ByteSink::counts() const noexcept {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::string ByteSink::target() const { return path_.empty() ? "descriptor " + std::to_string(descriptor_) : path_; }

std::shared_ptr<Sink> make_descriptor_sink(int descriptor, BufferPolicy buffer) {
  return std::make_shared<ByteSink>(descriptor, buffer);
}
std::shared_ptr<Sink> make_file_sink(std::string path, Rotation rotation, BufferPolicy buffer) {
  return std::make_shared<ByteSink>(std::move(path), rotation, buffer);
}

}  // namespace pii::log
