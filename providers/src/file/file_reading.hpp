#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii::providers {

/// What tells one state of a file from another without its content.
struct FileAttributes {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;  // mtime and ctime, since the epoch
  std::int64_t changed_ns = 0;
  mode_t mode = 0;
  uid_t owner = 0;

  bool operator==(const FileAttributes&) const = default;
};

/// A file as it was at one moment: the attributes were the same before and after the content was read.
struct FileReading {
  FileAttributes attributes;
  SecretBytes content;
};

/// Reads a regular file of at most kMaxSealedSize bytes straight into guarded memory; symlinks are followed.
/// Errors: file_not_found, file_unreadable, file_unstable when it changed meanwhile, too_large (and then
/// nothing is read).
Result<FileReading> read_file(const std::string& path);

/// Whether the file has not changed for `time` by its own clock: its ctime is older than that and not in the
/// future.
bool is_quiet(const FileAttributes& attributes, std::chrono::nanoseconds time);

/// Why others could change the file's content, e.g. "its group may write it"; empty when only its owner may,
/// and the owner is root or this process.
std::string describe_foreign_writers(const FileAttributes& attributes);

}  // namespace pii::providers
