#include "keyset_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "descriptor.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::SecretBytes;

Error open_error(const std::string& path, int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  return Error(missing ? ErrorCode::file_not_found : ErrorCode::file_unreadable,
               path + ": " + std::strerror(error_number));
}

struct OpenedFile {
  Descriptor fd;
  struct stat status;
};

Result<OpenedFile> open_small_file(const std::string& path, std::size_t largest) {
  // O_NONBLOCK: a FIFO must not hang us; it is refused below.
  OpenedFile file{Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)), {}};
  if (!file.fd || ::fstat(file.fd.get(), &file.status) != 0) return open_error(path, errno);
  if (!S_ISREG(file.status.st_mode)) return Error(ErrorCode::file_unreadable, path + ": not a regular file");
  if (file.status.st_size > static_cast<off_t>(largest)) {
    return Error(ErrorCode::too_large, path + ": larger than a keyset may be (1 MiB)",
                 "is this the right file?");
  }
  return file;
}

Result<SecretBytes> read_whole(const std::string& path, const OpenedFile& file) {
  const auto size = static_cast<std::size_t>(file.status.st_size);
  SecretBytes content(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(file.fd.get(), content.expose_mutable().data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return open_error(path, errno);
    if (got == 0) return Error(ErrorCode::file_unstable, path + ": changed while it was read", "try again");
    done += static_cast<std::size_t>(got);
  }
  return content;
}

}  // namespace

Result<SecretBytes> read_small_file(const std::string& path, std::size_t largest) {
  auto file = open_small_file(path, largest);
  if (!file) return std::move(file).error();
  return read_whole(path, *file);
}

Result<KeysetFile> read_keyset_file(const Session& session, const std::string& path) {
  auto file = open_small_file(path, pii::kMaxSealedSize);
  if (!file && file.error().code() == ErrorCode::file_not_found) {
    return Error(ErrorCode::file_not_found, file.error().message(),
                 "check the path; piictl keyset create --usage token|reveal --out FILE makes a keyset, piictl keyset restore brings one back");
  }
  if (!file) return std::move(file).error();
  auto text = read_whole(path, *file);
  if (!text) return std::move(text).error();
  auto opened = open_seal(session, *std::move(text));
  if (!opened) return at_path(path, opened.error());
  return KeysetFile{*std::move(opened), file->status.st_mode};
}

Result<ParsedKeysetFile> load_keyset_file(const Session& session, const std::string& path) {
  auto file = read_keyset_file(session, path);
  if (!file) return std::move(file).error();
  auto keyset = pii::parse_keyset(file->document());
  if (!keyset) return at_path(path, keyset.error());
  return ParsedKeysetFile{*std::move(file), *std::move(keyset)};
}

Error at_path(const std::string& path, const Error& error) {
  return Error(error.code(), path + ": " + error.message(), error.hint());
}

}  // namespace piictl
