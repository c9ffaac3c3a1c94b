#include "stream/rejects.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace piictl::stream {
namespace {

constexpr std::size_t kFlushSize = std::size_t{64} << 10;

}  // namespace

void RejectsWriter::append_quoted(std::string_view text) {
  for (const char c : text) {
    if (c == '"') pending_ += '"';
    pending_ += c;
  }
}

pii::Result<void> RejectsWriter::add(const Failure& failure) {
  if (is_csv_ && !begun_) pending_ += "row,reason,original\n";
  begun_ = true;
  if (!failure.continued) {
    pending_ += std::to_string(failure.row);
    pending_ += is_csv_ ? ",\"" : "\t";
    if (is_csv_) {
      append_quoted(failure.reason);
    } else {
      pending_ += failure.reason;
    }
    pending_ += is_csv_ ? "\",\"" : "\t";
  }
  if (is_csv_) {
    append_quoted(failure.original);
  } else {
    pending_ += failure.original;
  }
  row_open_ = failure.more;
  if (!row_open_) pending_ += is_csv_ ? "\"\n" : "\n";
  return pending_.size() < kFlushSize ? pii::Result<void>() : flush();
}

pii::Result<void> RejectsWriter::finish() {
  // The run ended within a row too long to be held.
  if (row_open_) pending_ += is_csv_ ? "\"\n" : "\n";
  row_open_ = false;
  return flush();
}

pii::Result<void> RejectsWriter::flush() {
  std::string_view left = pending_;
  while (!left.empty()) {
    const ssize_t written = write(fd_, left.data(), left.size());
    if (written >= 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return pii::Error(pii::ErrorCode::output_failed,
                        "the rejects cannot be written: " + std::generic_category().message(errno));
    }
  }
  pending_.clear();
  return {};
}

}  // namespace piictl::stream
