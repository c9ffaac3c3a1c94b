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

constexpr int kStopCheckMilliseconds = 100;

}  // namespace

Source::Source(int fd, std::unique_ptr<Splitter> splitter, std::size_t chunk_size,
               const std::atomic<bool>* stop)
    : fd_(fd),
      splitter_(std::move(splitter)),
      chunk_size_(std::max<std::size_t>(chunk_size, 1)),
      stop_(stop) {
  struct stat status = {};
  is_file_ = fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
  if (!is_file_) return;
  const off_t at = lseek(fd_, 0, SEEK_CUR);
  if (at >= 0 && status.st_size > at) size_ = static_cast<std::uint64_t>(status.st_size - at);
}

bool Source::wait() const {
  pollfd waiting = {.fd = fd_, .events = POLLIN, .revents = 0};
  while (!stopped()) {
    const int ready = poll(&waiting, 1, stop_ != nullptr ? kStopCheckMilliseconds : -1);
    // A failure other than an interruption shows again, with its reason, in read().
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
  return false;
}

Source::Read Source::read_into(Buffer& buffer) {
  for (;;) {
    if (is_file_ ? stopped() : !wait()) {
      interrupted_ = true;
      return Read::stop;
    }
    const ssize_t got = read(fd_, buffer.data() + buffer.size(), buffer.capacity() - buffer.size());
    if (got == 0) return Read::end;
    if (got > 0) {
      buffer.set_size(buffer.size() + static_cast<std::size_t>(got));
      break;
    }
    if (errno == EINTR || errno == EAGAIN) continue;
    error_.emplace(pii::ErrorCode::file_unreadable,
                   "the input cannot be read: " + std::generic_category().message(errno));
    return Read::stop;
  }
  if (is_file_) return Read::more;
  pollfd waiting = {.fd = fd_, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, 0) > 0 ? Read::more : Read::pause;
}

bool Source::next(Chunk& chunk) {
  chunk.defects.clear();
  chunk.buffer.clear();
  chunk.buffer.reserve(chunk_size_);
  chunk.buffer.append(carry_.view());
  carry_.shrink(chunk_size_);
  carry_.clear();
  for (;;) {
    if (!ended_) {
      // Full without the end of a row: the row is longer than a chunk.
      if (chunk.buffer.size() == chunk.buffer.capacity()) chunk.buffer.reserve(chunk.buffer.capacity() * 2);
      const Read result = read_into(chunk.buffer);
      if (result == Read::stop) return false;
      ended_ = result == Read::end;
      if (result == Read::more && chunk.buffer.size() < chunk.buffer.capacity()) continue;
    }
    const std::string_view text = chunk.buffer.view();
    const std::size_t whole = splitter_->split(text, ended_, chunk.defects);
    if (whole > 0 || !chunk.defects.empty()) {
      chunk.text = text.substr(0, whole);
      carry_.append(text.substr(whole));
      chunk.sequence = sequence_++;
      return true;
    }
    if (ended_) return false;
  }
}

}  // namespace piictl::stream
