#include "stream/sink.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace piictl::stream {
namespace {

constexpr std::chrono::milliseconds kProgressInterval{100};

}  // namespace

void Piece::clear() noexcept {
  output.clear();
  bytes_in = rows = values = 0;
  notes.clear();
  failures.clear();
  reasons.clear();
}

Sink::Sink(const Options& options, std::uint64_t bytes_total, std::atomic<bool>& over)
    : options_(options), bytes_total_(bytes_total), over_(over) {
  static_cast<Counts&>(outcome_) = options.begin;
  struct stat status = {};
  in_atomic_parts_ = options.whole_lines && fstat(options.output, &status) == 0 && S_ISFIFO(status.st_mode);
}

bool Sink::enter(std::uint64_t sequence) {
  std::unique_lock lock(mutex_);
  turn_changed_.wait(lock, [&] { return over_ || turn_ == sequence; });
  return !over_;
}

void Sink::leave() {
  {
    const std::lock_guard lock(mutex_);
    ++turn_;
  }
  turn_changed_.notify_all();
}

void Sink::end_run() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  turn_changed_.notify_all();
}

void Sink::abort(pii::Error error) {
  outcome_.error.emplace(std::move(error));
  end_run();
}

bool Sink::take(Piece& piece) {
  if (!report(piece) || !take(piece.output.view(), piece.bytes_in, piece.rows)) return false;
  if (outcome_.notes.size() < piece.notes.size()) outcome_.notes.resize(piece.notes.size());
  for (std::size_t i = 0; i < piece.notes.size(); ++i) outcome_.notes[i] += piece.notes[i];
  for (const Piece::RowFailure& failed : piece.failures) {
    if (failed.continued) continue;
    if (outcome_.failed == 0) outcome_.first_failure = failed.code;
    outcome_.one_reason = outcome_.one_reason && failed.code == outcome_.first_failure;
    ++outcome_.failed;
  }
  outcome_.values += piece.values;
  piece.clear();
  return piece.inside_row || tell_written();
}

bool Sink::tell_written() {
  if (!options_.on_written) return true;
  auto told = options_.on_written(outcome_);
  if (!told) abort(std::move(told).error());
  return told.has_value();
}

bool Sink::take(std::string_view output, std::uint64_t bytes_in, std::uint64_t rows) {
  if (!write(output)) return false;
  outcome_.bytes_out += output.size();
  outcome_.bytes_in += bytes_in;
  outcome_.rows += rows;
  if (options_.on_progress) show_progress();
  return true;
}

bool Sink::report(const Piece& piece) {
  if (!options_.on_failure) return true;
  std::string_view reasons = piece.reasons;
  for (const Piece::RowFailure& failed : piece.failures) {
    const Failure failure = {.row = outcome_.rows + failed.rows_before,
                             .code = failed.code,
                             .reason = reasons.substr(0, failed.reason_size),
                             .original = failed.original,
                             .continued = failed.continued,
                             .more = failed.more};
    reasons.remove_prefix(failed.reason_size);
    if (auto reported = options_.on_failure(failure); !reported) {
      abort(reported.error());
      return false;
    }
  }
  return true;
}

bool Sink::write(std::string_view data) {
  if (options_.output < 0) return true;
  if (!in_atomic_parts_) return write_part(data);
  while (!data.empty()) {
    std::size_t size = data.size();
    if (size > PIPE_BUF) {
      size = data.rfind('\n', PIPE_BUF - 1);
      if (size == std::string_view::npos) size = data.find('\n');
      size = size == std::string_view::npos ? data.size() : size + 1;
    }
    if (!write_part(data.substr(0, size))) return false;
    data.remove_prefix(size);
  }
  return true;
}

bool Sink::write_part(std::string_view part) {
  while (!part.empty()) {
    const ssize_t written = ::write(options_.output, part.data(), part.size());
    if (written >= 0) {
      part.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd waiting = {.fd = options_.output, .events = POLLOUT, .revents = 0};
      poll(&waiting, 1, -1);
    } else if (errno == EPIPE) {
      outcome_.output_closed = true;
      end_run();
      return false;
    } else if (errno != EINTR) {
      abort({pii::ErrorCode::output_failed,
             "the output cannot be written: " + std::generic_category().message(errno)});
      return false;
    }
  }
  return true;
}

void Sink::show_progress() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_progress_) return;
  next_progress_ = now + kProgressInterval;
  options_.on_progress({outcome_.bytes_in, bytes_total_, outcome_.rows, outcome_.failed});
}

}  // namespace piictl::stream
