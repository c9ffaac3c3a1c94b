#include "policy_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "pii/policy/policy_file.hpp"

namespace pii::policy {
namespace {

class OpenFile {
 public:
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  explicit OpenFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

FileStamp stamp(const struct stat& status) {
  const auto nanoseconds = [](const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
  };
  return {status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim)};
}

Error system_error(const std::string& path, int number) {
  const bool absent = number == ENOENT || number == ENOTDIR;
  return Error(absent ? ErrorCode::file_not_found : ErrorCode::file_unreadable,
               path + ": " + std::generic_category().message(number));
}

Result<void> check(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return Error(ErrorCode::file_unreadable, path + ": is not a regular file");
  if (status.st_size > static_cast<off_t>(kMaxPolicySize))
    return Error(ErrorCode::too_large, path + ": is larger than 1 MiB");
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return Error(ErrorCode::file_permission, path + ": belongs to another user",
                 "a policy belongs to root or to the user whose program it governs");
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error(ErrorCode::file_permission, path + ": others may write it", "chmod go-w");
  }
  return {};
}

}  // namespace

FileStamp stamp_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? stamp(status) : FileStamp{};
}

Result<PolicyText> read_text_file(const std::string& path) {
  const OpenFile file(path);
  if (file.descriptor() < 0) return system_error(path, errno);
  struct stat before {};
  if (::fstat(file.descriptor(), &before) != 0) return system_error(path, errno);
  if (auto good = check(path, before); !good) return good.error();

  std::string text(static_cast<std::size_t>(before.st_size) + 1, '\0');  // one byte more shows that it grew
  std::size_t used = 0;
  while (used < text.size()) {
    const ssize_t got = ::read(file.descriptor(), text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path, errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  struct stat after {};
  if (::fstat(file.descriptor(), &after) != 0) return system_error(path, errno);
  if (used + 1 != text.size() || stamp(after) != stamp(before)) {
    return Error(ErrorCode::file_unstable, path + ": changed while it was being read");
  }
  text.resize(used);
  return PolicyText{std::move(text), stamp(before)};
}

}  // namespace pii::policy
