#include "private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "descriptor.hpp"
#include "output.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

Error failure(std::string_view flag, int error_number) {
  return Error(ErrorCode::output_failed,
               "cannot write the file of " + std::string(flag) + ": " + std::strerror(error_number),
               "check free space and permissions where it goes");
}

}  // namespace

Result<void> write_private_file(std::string_view flag, const std::string& path, std::string_view content) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    const int failed = file ? write_fully(file.get(), content) : errno;
    if (failed != 0) return failure(flag, failed);
    return {};
  }
  std::string target = path;  // a symbolic link stays one
  if (char resolved[PATH_MAX]; ::realpath(path.c_str(), resolved) != nullptr) target = resolved;
  std::string temporary = target + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) return failure(flag, errno);
  int failed = write_fully(file.get(), content);
  if (failed == 0 && (::fchmod(file.get(), 0600) != 0 || ::fsync(file.get()) != 0)) failed = errno;
  if (failed == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) failed = errno;
  if (failed == 0) return {};
  (void)::unlink(temporary.c_str());
  return failure(flag, failed);
}

}  // namespace piictl
