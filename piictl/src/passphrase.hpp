#pragma once

#include <cstdint>
#include <string>

#include "options.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// Where a passphrase comes from: --passphrase-file, --passphrase-fd or a hidden prompt. Never the command
/// line.
struct PassphraseFlags {
  static constexpr std::uint64_t kNoDescriptor = UINT64_MAX;

  std::string file;
  std::uint64_t fd = kNoDescriptor;

  void declare(OptionList& options);
  /// The first line. Errors: usage when nothing says where to read it and there is no terminal; those of the
  /// file.
  pii::Result<pii::SecretBytes> read() const;
};

}  // namespace piictl
