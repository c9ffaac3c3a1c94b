#pragma once

#include <cstdint>
#include <string>

#include "descriptor.hpp"
#include "options.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// Where values come from: standard input, --in FILE or --fd N. Never the command line.
struct InputFlags {
  static constexpr std::uint64_t kNoDescriptor = UINT64_MAX;

  std::string in;
  std::uint64_t fd = kNoDescriptor;

  void declare(OptionList& options);
};

/// An open input. A terminal is asked for one value with a hidden prompt instead of being read.
struct Input {
  Descriptor owned;  // of --in
  int fd = 0;
  bool is_terminal = false;
};

/// Errors: file_not_found, file_unreadable, usage. They name the flag and not what was given to it.
pii::Result<Input> open_input(const InputFlags& flags);

/// Everything up to the end of the input, without one final line break. A terminal is asked by a hidden
/// prompt. Errors: too_large beyond `limit` bytes, file_unreadable, interrupted.
pii::Result<pii::SecretString> read_value(const Input& input, std::size_t limit,
                                             const char* prompt = "value (not shown): ");

/// Everything up to the end of the input as it is, straight into guarded memory. Errors: the same.
pii::Result<pii::SecretBytes> read_bytes(const Input& input, std::size_t limit);

/// A descriptor that reads a typed `value` as one line and then ends. Errors: too_large beyond what a pipe
/// holds.
pii::Result<Descriptor> as_descriptor(const pii::SecretString& value);

}  // namespace piictl
