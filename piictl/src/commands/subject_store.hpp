#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "commands/subject_rows.hpp"
#include "folder_writer.hpp"
#include "pii/result.hpp"
#include "pii/subject.hpp"

namespace piictl {

/// The file of --store: a subject's id, a tab and its wrapped key a line, behind a first line that names the format.
/// Mode 0600. Every change is made under the folder's lock; a crash at any moment leaves the old content or the new one,
/// and nothing keeps a copy of what was shredded.
class SubjectStore {
 public:
  /// Reads the file; one that is not there is empty when `make`. Errors: file_not_found, file_unreadable,
  /// malformed_ciphertext with the line's number.
  static pii::Result<SubjectStore> open(const std::string& path, bool make = false);
  /// The same, and holds the folder's lock from before it reads. Errors: those of FolderWriter::lock as well.
  static pii::Result<SubjectStore> open_for_change(const std::string& path, bool make = false);

  /// The wrapped key, or null.
  const std::string* find(std::string_view id) const noexcept;
  const SubjectRows& all() const noexcept { return wrapped_; }

  /// Of a store that is open for change; nothing is on disk before write().
  void put(const pii::SubjectId& id, std::string wrapped) { wrapped_.insert_or_assign(id.text(), std::move(wrapped)); }
  void remove(std::string_view id);
  /// Errors: output_failed.
  pii::Result<void> write() const;

 private:
  pii::Result<void> read(bool make);

  std::string path_;
  std::optional<FolderWriter> lock_;
  SubjectRows wrapped_;
};

}  // namespace piictl
