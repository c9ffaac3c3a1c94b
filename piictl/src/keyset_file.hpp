#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "pii/keyset.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// Reads a regular file of at most kMaxKeysetSize bytes straight into guarded memory.
/// Errors: file_not_found, file_unreadable, too_large; they name the path.
pii::Result<pii::SecretBytes> read_small_file(const std::string& path);

/// The same for what may be a sealed keyset, which is larger by a third.
pii::Result<pii::SecretBytes> read_sealed_file(const std::string& path);

/// Reads and parses a keyset file. Errors: those above and those of parse_keyset, with the path before them.
struct ParsedKeysetFile {
  pii::SecretBytes document;
  std::shared_ptr<const pii::Keyset> keyset;
  mode_t mode;
};
pii::Result<ParsedKeysetFile> load_keyset_file(const std::string& path);
/// `error` with the path before its message.
pii::Error at_path(const std::string& path, const pii::Error& error);

}  // namespace piictl
