#include "commands/rejects.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

Error rejects_error(int error_number) {
  return Error(ErrorCode::output_failed,
               std::string("cannot write the file of --rejects: ") + std::strerror(error_number),
               "check free space and permissions where it goes");
}

bool is_same_file(const struct stat& a, int fd) {
  struct stat b = {};
  return ::fstat(fd, &b) == 0 && S_ISREG(b.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

Result<Descriptor> open_rejects(const std::string& path, int input, int output, std::uint64_t keep) {
  // Not truncated before it is known to be neither the input nor the output.
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
  struct stat status = {};
  if (!file || ::fstat(file.get(), &status) != 0) return rejects_error(errno);
  if (is_same_file(status, input) || is_same_file(status, output)) {
    return Error(ErrorCode::usage, "--rejects names the input or the output itself",
                 "give it a file of its own");
  }
  const auto size = static_cast<off_t>(keep);
  if (S_ISREG(status.st_mode) && (::fchmod(file.get(), 0600) != 0 || ::ftruncate(file.get(), size) != 0 ||
                                  ::lseek(file.get(), size, SEEK_SET) < 0)) {
    return rejects_error(errno);
  }
  return file;
}

}  // namespace piictl
