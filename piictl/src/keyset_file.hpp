#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "pii/keyset.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"
#include "seal.hpp"

namespace piictl {

/// Reads a regular file of at most `largest` bytes straight into guarded memory.
/// Errors: file_not_found, file_unreadable, too_large; they name the path.
pii::Result<pii::SecretBytes> read_small_file(const std::string& path, std::size_t largest = pii::kMaxKeysetSize);

/// A keyset file as it stands, opened if it is sealed. Errors: those above with the path, those of open_seal.
struct KeysetFile : OpenedKeyset {
  mode_t mode = 0;
};
pii::Result<KeysetFile> read_keyset_file(const Session& session, const std::string& path);

/// The same, parsed. Errors: also those of parse_keyset, with the path before them.
struct ParsedKeysetFile : KeysetFile {
  std::shared_ptr<const pii::Keyset> keyset;
};
pii::Result<ParsedKeysetFile> load_keyset_file(const Session& session, const std::string& path);
/// `error` with the path before its message.
pii::Error at_path(const std::string& path, const pii::Error& error);

}  // namespace piictl
