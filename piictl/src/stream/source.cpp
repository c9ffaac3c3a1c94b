#include "stream/source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace piictl::stream {
namespace {

constexpr int kCheckMilliseconds = 100;

}  // namespace

Source::Source(const Options& options, std::unique_ptr<Splitter> splitter, const std::atomic<bool>& over)
    : fd_(options.input),
      splitter_(std::move(splitter)),
      chunk_size_(std::max<std::size_t>(options.chunk_size, 1)),
      longest_row_(options.max_line + chunk_size_),
      stop_(options.stop),
      on_read_(options.on_read),
      over_(over) {
  struct stat status = {};
  is_file_ = fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
  if (!is_file_) return;
  const off_t at = lseek(fd_, 0, SEEK_CUR);
  if (at >= 0) begin_ = static_cast<std::uint64_t>(at);
  if (at >= 0 && status.st_size > at) size_ = static_cast<std::uint64_t>(status.st_size - at);
}

bool Source::wait() const {
  pollfd waiting = {.fd = fd_, .events = POLLIN, .revents = 0};
  while (!stopped() && !over_) {
    const int ready = poll(&waiting, 1, kCheckMilliseconds);
    // A failure other than an interruption shows again, with its reason, in read().
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
  return false;
}

bool Source::read_input(Buffer& buffer) {
  while (is_file_ || wait()) {
    const ssize_t got = read(fd_, buffer.data() + buffer.size(), buffer.capacity() - buffer.size());
    if (got >= 0) {
      const std::size_t before = buffer.size();
      buffer.set_size(before + static_cast<std::size_t>(got));
      if (on_read_) on_read_(buffer.view().substr(before));
      input_ended_ = got == 0;
      return true;
    }
    if (errno != EINTR && errno != EAGAIN) {
      error_.emplace(pii::ErrorCode::file_unreadable,
                     "the input cannot be read: " + std::generic_category().message(errno));
      return false;
    }
  }
  return false;
}

void Source::read_unread(Buffer& buffer) {
  const std::string_view taken = unread_.view().substr(unread_begin_, buffer.capacity() - buffer.size());
  buffer.append(taken);
  unread_begin_ += taken.size();
}

void Source::unread(std::string_view text) {
  const Buffer before = std::exchange(unread_, {});
  unread_.append(text);
  unread_.append(before.view().substr(std::exchange(unread_begin_, 0)));
}

bool Source::skip_to(std::uint64_t offset, std::string_view first, std::unique_ptr<Splitter> splitter) {
  splitter_ = std::move(splitter);
  sequence_ = 0;
  const auto too_short = [this] {
    error_.emplace(pii::ErrorCode::guard_refused, "the input is shorter than what is already done of it",
                   "go on with the input that the earlier run had");
    return false;
  };
  if (is_file_) {
    if (offset > size_) return too_short();
    unread_.clear();
    unread_begin_ = 0;
    input_ended_ = false;
    if (lseek(fd_, static_cast<off_t>(begin_ + offset), SEEK_SET) >= 0) return true;
    error_.emplace(pii::ErrorCode::file_unreadable,
                   "the input cannot be read: " + std::generic_category().message(errno));
    return false;
  }
  if (offset <= first.size()) {
    unread(first.substr(offset));
    return true;
  }
  std::uint64_t left = offset - first.size();
  Buffer dropped;
  dropped.reserve(chunk_size_);
  while (left > 0) {
    dropped.clear();
    if (has_unread()) {
      read_unread(dropped);
    } else if (input_ended_) {
      return too_short();
    } else if (!read_input(dropped)) {
      interrupted_ = stopped() && !error_;
      return false;
    }
    const std::uint64_t taken = std::min<std::uint64_t>(left, dropped.size());
    left -= taken;
    if (left == 0) unread(dropped.view().substr(taken));
  }
  return true;
}

bool Source::more_waits() const {
  if (ended()) return false;
  if (is_file_ || has_unread()) return true;
  pollfd waiting = {.fd = fd_, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, 0) > 0;
}

std::size_t Source::larger(std::size_t capacity) const noexcept {
  return capacity < longest_row_ ? std::min(2 * capacity, longest_row_) : capacity + chunk_size_;
}

bool Source::next(Chunk& chunk) {
  Buffer& buffer = chunk.buffer;
  chunk.defects.clear();
  buffer.clear();
  buffer.reserve(chunk_size_);
  for (;;) {
    interrupted_ = !ended() && stopped();
    if (interrupted_) return false;
    // Full without the end of a row: the row is longer than a chunk.
    if (buffer.size() == buffer.capacity()) buffer.reserve(larger(buffer.capacity()));
    if (has_unread()) {
      read_unread(buffer);
    } else if (!ended() && !read_input(buffer)) {
      interrupted_ = stopped() && !error_;
      return false;
    }
    if (buffer.size() < buffer.capacity() && more_waits()) continue;
    const std::size_t whole = splitter_->split(buffer.view(), ended(), chunk.defects);
    if (whole > 0 || !chunk.defects.empty()) {
      chunk.text = buffer.view().substr(0, whole);
      unread(buffer.view().substr(whole));
      chunk.sequence = sequence_++;
      return true;
    }
    if (ended()) return false;
  }
}

}  // namespace piictl::stream
