#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "options.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// The passphrase of sealed keysets: from --passphrase-file, --passphrase-fd or a hidden prompt, never from the
/// command line. One thread at a time.
class Passphrase {
 public:
  void declare(OptionList& options);
  /// For one that takes the place of another: --new-passphrase-file, --new-passphrase-fd, or --new-passphrase, typed twice.
  void declare_new(OptionList& options);
  /// Whether a flag says where it is.
  bool is_given() const noexcept { return asked_ || !is_typed(); }
  /// The first line, which is read when it is asked for first. Errors: usage when nothing says where to read it
  /// and there is no terminal; those of the file.
  pii::Result<const pii::SecretBytes*> get() const;
  /// The same for what is sealed for the first time: at a terminal it is typed twice, for nobody could open what a
  /// slip has sealed. Errors: also usage when the two differ.
  pii::Result<const pii::SecretBytes*> get_new() const;

 private:
  static constexpr std::uint64_t kNoDescriptor = UINT64_MAX;

  pii::Result<pii::SecretBytes> read(const char* prompt) const;
  std::string where() const { return std::string(flag_) + "-file FILE or " + std::string(flag_) + "-fd N"; }
  bool is_typed() const noexcept { return file_.empty() && fd_ == kNoDescriptor; }

  std::string_view flag_ = "--passphrase";
  bool asked_ = false;
  std::string file_;
  std::uint64_t fd_ = kNoDescriptor;
  mutable std::optional<pii::SecretBytes> known_;
};

}  // namespace piictl
