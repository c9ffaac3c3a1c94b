#include "output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "process.hpp"

namespace piictl {
namespace {

pii::Error standard_output_error(int error_number) {
  const char* hint = "check free space and permissions where the output goes";
  if (error_number == EPIPE) hint = "whoever read the output ended first";
  return pii::Error(pii::ErrorCode::output_failed,
                    std::string("cannot write to standard output: ") + std::strerror(error_number), hint);
}

}  // namespace

int write_fully(int fd, std::string_view data) noexcept {
  while (!data.empty()) {
    const ssize_t written = ::write(fd, data.data(), data.size());
    if (written >= 0) {
      data.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd wait{fd, POLLOUT, 0};
      if (::poll(&wait, 1, -1) < 0 && stop_requested()) return EINTR;
    } else if (errno != EINTR || stop_requested()) {
      return errno;
    }
  }
  return 0;
}

pii::Result<void> write_to_standard_output(std::string_view data) {
  const int failure = write_fully(STDOUT_FILENO, data);
  if (failure == 0) return {};
  if (failure == EINTR) return interrupted_error();
  return standard_output_error(failure);
}

void write_to_standard_error(std::string_view text) noexcept { (void)write_fully(STDERR_FILENO, text); }

}  // namespace piictl
