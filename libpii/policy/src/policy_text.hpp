#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "pii/result.hpp"

namespace pii::policy {

/// What tells one state of a file from another.
struct FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  bool operator==(const FileStamp&) const = default;
};

struct PolicyText {
  std::string text;
  FileStamp stamp;
};

/// The state of a file; all zero when it cannot be seen.
FileStamp stamp_of(const std::string& path);

/// Reads a regular file of at most kMaxPolicySize bytes that only its owner may write, who is root or this
/// process's user. Errors: file_not_found, file_unreadable, file_unstable, file_permission, too_large.
Result<PolicyText> read_text_file(const std::string& path);

}  // namespace pii::policy
