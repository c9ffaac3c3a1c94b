#include "file/file_reading.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "pii/keyset_seal.hpp"

namespace pii::providers {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

class OpenFile {
 public:
  // O_NONBLOCK: opening a FIFO must not wait for its writer. It means nothing to a regular file.
  explicit OpenFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  bool is_open() const { return descriptor_ >= 0; }

  std::optional<FileAttributes> attributes() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return std::nullopt;
    const auto nanoseconds = [](const timespec& time) {
      return static_cast<std::int64_t>(time.tv_sec) * kNanosecondsPerSecond + time.tv_nsec;
    };
    return FileAttributes{status.st_dev,
                          status.st_ino,
                          status.st_size,
                          nanoseconds(status.st_mtim),
                          nanoseconds(status.st_ctim),
                          status.st_mode,
                          status.st_uid};
  }

  // Reads until `out` is full or the file ends; nullopt and errno on an error.
  std::optional<std::size_t> read(std::span<std::byte> out) const {
    std::size_t used = 0;
    while (used < out.size()) {
      const ssize_t got = ::read(descriptor_, out.data() + used, out.size() - used);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return std::nullopt;
      if (got == 0) break;
      used += static_cast<std::size_t>(got);
    }
    return used;
  }

 private:
  int descriptor_;
};

Error system_error(const std::string& path, int number) {
  const bool absent = number == ENOENT || number == ENOTDIR;
  return Error(absent ? ErrorCode::file_not_found : ErrorCode::file_unreadable,
               path + ": " + std::generic_category().message(number),
               number == EACCES ? "let this process's user read the file" : "");
}

}  // namespace

Result<FileReading> read_file(const std::string& path) {
  const OpenFile file(path);
  if (!file.is_open()) return system_error(path, errno);
  const auto before = file.attributes();
  if (!before) return system_error(path, errno);
  if (!S_ISREG(before->mode)) return Error(ErrorCode::file_unreadable, path + ": is not a regular file");
  const auto size = static_cast<std::size_t>(before->size);
  if (size > kMaxSealedSize) {
    return Error(ErrorCode::too_large,
                 path + ": " + std::to_string(size) + " bytes, more than " + std::to_string(kMaxSealedSize));
  }

  SecretBytes content(size + 1);  // one byte more shows that the file grew
  const auto read = file.read(content.expose_mutable());
  if (!read) return system_error(path, errno);
  const auto after = file.attributes();
  if (!after) return system_error(path, errno);
  if (*read != size || *after != *before) {
    return Error(ErrorCode::file_unstable, path + ": changed while it was being read");
  }
  content.shrink(size);
  return FileReading{*before, std::move(content)};
}

bool is_quiet(const FileAttributes& attributes, std::chrono::nanoseconds time) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto age = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() - attributes.changed_ns;
  return age >= time.count();
}

std::string describe_foreign_writers(const FileAttributes& attributes) {
  std::string reasons;
  const auto add = [&reasons](const char* reason) {
    reasons.append(reasons.empty() ? "" : ", ").append(reason);
  };
  if (attributes.owner != 0 && attributes.owner != ::geteuid()) add("another user owns it");
  if ((attributes.mode & S_IWGRP) != 0) add("its group may write it");
  if ((attributes.mode & S_IWOTH) != 0) add("everyone may write it");
  return reasons;
}

}  // namespace pii::providers
