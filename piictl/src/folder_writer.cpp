#include "folder_writer.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "process.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::SecretBytes;

constexpr std::string_view kTemporaryMark = ".piictl-";
constexpr std::size_t kRandomDigits = 16;

std::string resolve(const std::string& path) {
  const std::unique_ptr<char, decltype(&::free)> resolved(::realpath(path.c_str(), nullptr), &::free);
  return resolved == nullptr ? std::string() : std::string(resolved.get());
}

// A volume that the kubelet fills: "..data" is a link to a dated folder, and what is written there is lost or
// refused.
bool is_kubernetes_volume(std::string_view path) {
  for (std::size_t at = path.find("/.."); at != std::string_view::npos; at = path.find("/..", at + 1)) {
    if (at + 3 < path.size() && path[at + 3] != '/') return true;
  }
  return false;
}

std::string temporary_prefix(const std::string& name) { return "." + name + std::string(kTemporaryMark); }

Result<std::string> random_digits() {
  std::array<unsigned char, kRandomDigits / 2> bytes;
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return Error(ErrorCode::internal, "the system gives no random bytes", "piictl doctor");
  }
  std::string digits;
  for (const unsigned char byte : bytes) {
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

bool write_bytes(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync(int fd) {
  while (::fsync(fd) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

}  // namespace

Error FolderWriter::failure(std::string_view what, int error_number) const {
  std::string hint = "the file is as it was; check the disk and the folder";
  if (error_number == ENOSPC || error_number == EDQUOT) hint = "free some space there; the file is as it was";
  if (error_number == EACCES || error_number == EPERM || error_number == EROFS) {
    hint = "the folder must be writable for this user; the file is as it was";
  }
  return Error(ErrorCode::output_failed,
               path() + ": " + std::string(what) + ": " + std::strerror(error_number), std::move(hint));
}

Result<FolderWriter> FolderWriter::lock(const std::string& path) {
  struct stat status = {};
  const bool is_link = ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
  const std::string target = is_link ? resolve(path) : path;
  if (is_link && target.empty()) {
    return Error(ErrorCode::output_failed, path + ": a symbolic link that leads to no file",
                 "name the file itself");
  }
  const std::size_t slash = target.rfind('/');
  const std::string folder_path = slash == std::string::npos ? "."
                                  : slash == 0               ? "/"
                                                             : target.substr(0, slash);
  const std::string name = slash == std::string::npos ? target : target.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") {
    return Error(ErrorCode::usage, path + ": is a folder, not a file", "name the file in it");
  }
  if (is_kubernetes_volume(target) || is_kubernetes_volume(resolve(folder_path))) {
    return Error(ErrorCode::guard_refused, path + ": lies in a volume that Kubernetes manages",
                 "change the Secret that the volume is made from");
  }
  FolderWriter writer(folder_path, name,
                      Descriptor(::open(folder_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (!writer.folder_) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return Error(ErrorCode::output_failed, path + ": there is no such folder", "make the folder first");
    }
    return writer.failure("cannot open the folder", errno);
  }
  if (auto locked = writer.take_lock(); !locked) return locked.error();
  writer.remove_leftovers();
  return writer;
}

Result<void> FolderWriter::take_lock() const {
  constexpr timespec kPause{0, 20'000'000};
  constexpr int kTries = 500;  // ten seconds
  for (int i = 0; ::flock(folder_.get(), LOCK_EX | LOCK_NB) != 0; ++i) {
    if (stop_requested()) return interrupted_error();
    if (errno != EWOULDBLOCK && errno != EINTR) return failure("cannot lock the folder", errno);
    if (i == kTries) {
      return Error(ErrorCode::conflict, path() + ": another process is changing a file in this folder",
                   "try again when it has ended");
    }
    (void)::nanosleep(&kPause, nullptr);
  }
  return {};
}

void FolderWriter::remove_leftovers() const {
  const int fd = ::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  DIR* folder = ::fdopendir(fd);
  if (folder == nullptr) {
    (void)::close(fd);
    return;
  }
  const std::string prefix = temporary_prefix(name_);
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view found(entry->d_name);
    if (found.starts_with(prefix) && found.size() == prefix.size() + kRandomDigits) {
      (void)::unlinkat(folder_.get(), entry->d_name, 0);  // harmless where it stays: 0600, never read
    }
  }
  (void)::closedir(folder);
}

Result<std::string> FolderWriter::write_temporary(const SecretBytes& content, const struct stat* like) const {
  auto digits = random_digits();
  if (!digits) return std::move(digits).error();
  const std::string name = temporary_prefix(name_) + *digits;
  const Descriptor file(
      ::openat(folder_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return failure("cannot make a file in the folder", errno);
  std::string_view step;
  if (like != nullptr && (like->st_uid != ::geteuid() || like->st_gid != ::getegid()) &&
      ::fchown(file.get(), like->st_uid, like->st_gid) != 0) {
    step = "cannot keep the file's owner";
  } else if (!write_bytes(file.get(), content.expose())) {
    step = "cannot write";
  } else if (!sync(file.get())) {
    step = "cannot sync to the disk";
  }
  if (step.empty()) return name;
  const int error_number = errno;
  (void)::unlinkat(folder_.get(), name.c_str(), 0);
  return failure(step, error_number);
}

Result<void> FolderWriter::publish_new(const std::string& temporary) const {
  const int folder = folder_.get();
  if (::renameat2(folder, temporary.c_str(), folder, name_.c_str(), RENAME_NOREPLACE) == 0) return {};
  int error_number = errno;
  if (error_number == EINVAL || error_number == ENOSYS) {  // NFS, old kernels
    error_number = ::linkat(folder, temporary.c_str(), folder, name_.c_str(), 0) == 0 ? 0 : errno;
  }
  (void)::unlinkat(folder, temporary.c_str(), 0);
  if (error_number == 0) return {};
  if (error_number == EEXIST) {
    return Error(ErrorCode::already_exists, path() + " exists already and is never overwritten",
                 "choose another path, or move it away first");
  }
  return failure("cannot give the file its name", error_number);
}

Result<void> FolderWriter::create(const SecretBytes& content) const {
  struct stat status = {};
  if (::fstatat(folder_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    return Error(ErrorCode::already_exists, path() + " exists already and is never overwritten",
                 "choose another path, or move it away first");
  }
  auto temporary = write_temporary(content, nullptr);
  if (!temporary) return std::move(temporary).error();
  if (auto published = publish_new(*temporary); !published) return published;
  if (!sync(folder_.get())) {
    const int error_number = errno;
    (void)::unlinkat(folder_.get(), name_.c_str(), 0);
    return failure("cannot sync the folder to the disk", error_number);
  }
  return {};
}

Result<void> FolderWriter::install(const SecretBytes& content, const std::string& name,
                                   const struct stat& like) const {
  auto temporary = write_temporary(content, &like);
  if (!temporary) return std::move(temporary).error();
  if (::renameat(folder_.get(), temporary->c_str(), folder_.get(), name.c_str()) == 0) return {};
  const int error_number = errno;
  (void)::unlinkat(folder_.get(), temporary->c_str(), 0);
  return failure("cannot replace", error_number);
}

Result<void> FolderWriter::replace(const SecretBytes& current, const SecretBytes& next) const {
  struct stat status = {};
  if (::fstatat(folder_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return failure("cannot look at it", errno);
  if (auto kept = install(current, name_ + ".prev", status); !kept) return kept;
  if (!sync(folder_.get())) return failure("cannot sync the folder to the disk", errno);
  if (auto replaced = install(next, name_, status); !replaced) return replaced;
  if (!sync(folder_.get())) {
    return Error(
        ErrorCode::output_failed,
        path() + ": replaced, but the folder could not be synced to the disk: " + std::strerror(errno),
        "the new file is in place; after a power failure it may be the old one, kept as .prev");
  }
  return {};
}

}  // namespace piictl
