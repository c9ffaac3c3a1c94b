#include "passphrase.hpp"

#include <fcntl.h>

#include "input.hpp"

namespace piictl {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::SecretBytes;

namespace {

constexpr std::size_t kMaxPassphrase = 4096;

}  // namespace

void Passphrase::declare(OptionList& options) {
  options.add_file("--passphrase-file", file_, "FILE", "of a sealed keyset: the first line of FILE");
  options.add_number("--passphrase-fd", fd_, "N", "of a sealed keyset: the first line of descriptor N").maximum = 65535;
}

Result<const SecretBytes*> Passphrase::get() const {
  if (!known_) {
    auto typed = read();
    if (!typed) return std::move(typed).error();
    known_ = *std::move(typed);
  }
  return &*known_;
}

Result<SecretBytes> Passphrase::read() const {
  if (!file_.empty() && fd_ != kNoDescriptor) {
    return Error(ErrorCode::usage, "--passphrase-file and --passphrase-fd are both given",
                 "give one of them");
  }
  InputFlags flags{file_, fd_ == kNoDescriptor ? InputFlags::kNoDescriptor : fd_};
  Descriptor terminal;
  auto input = open_input(flags);
  if (!input) {
    return Error(input.error().code(), "the passphrase cannot be read: " + input.error().message(),
                 "check --passphrase-file or --passphrase-fd");
  }
  if (file_.empty() && fd_ == kNoDescriptor) {
    // Standard input is not asked: it may carry something else.
    terminal = Descriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal) {
      return Error(ErrorCode::usage, "nothing says what the passphrase is",
                   "--passphrase-file FILE or --passphrase-fd N");
    }
    input->fd = terminal.get();
    input->is_terminal = true;
  }
  const auto typed = read_value(*input, kMaxPassphrase);
  if (!typed) return typed.error();
  const std::string_view line = typed->expose().substr(0, typed->expose().find('\n'));
  if (line.empty()) return Error(ErrorCode::usage, "the passphrase is empty", "take several random words");
  return SecretBytes::copy_of(std::as_bytes(std::span(line)));
}

}  // namespace piictl
