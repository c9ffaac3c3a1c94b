#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "descriptor.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// Writes a file so that a crash at any system call leaves the old content or the new one (docs/formats.md,
/// "Writing"): under an advisory lock on the folder, a temporary file of mode 0600 beside it, fsync, rename,
/// fsync of the folder. What an earlier crash left behind is removed first.
class FolderWriter {
 public:
  /// Locks the folder that `path` lies in; a symbolic link is followed to the file's own folder. Errors:
  /// output_failed; conflict when another process holds the lock for ten seconds; guard_refused for a volume
  /// that Kubernetes manages.
  static pii::Result<FolderWriter> lock(const std::string& path);

  /// Makes the file; never overwrites. Errors: already_exists, output_failed.
  pii::Result<void> create(const pii::SecretBytes& content) const;
  /// Puts `next` in the file's place and keeps `current`, which is what stands there, beside it as FILE.prev.
  /// The owner stays. Errors: output_failed; unless the message says otherwise the file is what it was.
  pii::Result<void> replace(const pii::SecretBytes& current, const pii::SecretBytes& next) const;

  /// Where the file really is, links followed.
  std::string path() const { return folder_path_ + "/" + name_; }
  std::string previous_path() const { return path() + ".prev"; }

 private:
  FolderWriter(std::string folder_path, std::string name, Descriptor folder)
      : folder_path_(std::move(folder_path)), name_(std::move(name)), folder_(std::move(folder)) {}

  pii::Result<void> take_lock() const;
  void remove_leftovers() const;
  pii::Result<std::string> write_temporary(const pii::SecretBytes& content, const struct stat* like) const;
  pii::Result<void> install(const pii::SecretBytes& content, const std::string& name,
                            const struct stat& like) const;
  pii::Result<void> publish_new(const std::string& temporary) const;
  pii::Error failure(std::string_view what, int error_number) const;

  std::string folder_path_;
  std::string name_;
  Descriptor folder_;  // holds the lock
};

}  // namespace piictl
