#include "stream/sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace piictl::stream {
namespace {

constexpr std::chrono::milliseconds kProgressInterval{100};

}  // namespace

void Piece::clear() noexcept {
  output.clear();
  bytes_in = rows = values = 0;
  failures.clear();
  reasons.clear();
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
  if (!report(piece) || !write(piece.output.view())) return false;
  for (const Piece::RowFailure& failed : piece.failures) {
    if (failed.continued) continue;
    if (outcome_.failed == 0) outcome_.first_failure = failed.code;
    outcome_.one_reason = outcome_.one_reason && failed.code == outcome_.first_failure;
    ++outcome_.failed;
  }
  outcome_.bytes_out += piece.output.size();
  outcome_.bytes_in += piece.bytes_in;
  outcome_.rows += piece.rows;
  outcome_.values += piece.values;
  piece.clear();
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
  while (!data.empty()) {
    const ssize_t written = ::write(options_.output, data.data(), data.size());
    if (written >= 0) {
      data.remove_prefix(static_cast<std::size_t>(written));
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
