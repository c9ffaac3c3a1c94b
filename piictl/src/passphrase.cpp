#include "passphrase.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "input.hpp"
#include "process.hpp"

namespace piictl {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::SecretBytes;

namespace {

constexpr std::size_t kMaxPassphrase = 4096;

// A byte at a time: what follows the line is for others who read the descriptor.
Result<SecretBytes> read_line(int descriptor) {
  SecretBytes line(kMaxPassphrase);
  std::size_t size = 0;
  for (;;) {
    std::byte next{};
    const ssize_t got = ::read(descriptor, &next, 1);
    if (got < 0 && errno == EINTR && !stop_requested()) continue;
    if (got < 0) return Error(ErrorCode::file_unreadable, "the passphrase cannot be read", "check the file or descriptor that the flag names");
    if (got == 0 || next == std::byte{'\n'}) break;
    if (size == kMaxPassphrase) return Error(ErrorCode::too_large, "the passphrase is longer than 4096 bytes", "is this the right file?");
    line.expose_mutable()[size++] = next;
  }
  line.shrink(size);
  return line;
}

Result<SecretBytes> type_line(const Input& terminal, const char* prompt) {
  const auto typed = read_value(terminal, kMaxPassphrase, prompt);
  if (!typed) return typed.error();
  const std::string_view line = typed->expose().substr(0, typed->expose().find('\n'));
  return SecretBytes::copy_of(std::as_bytes(std::span(line)));
}

}  // namespace

void Passphrase::declare(OptionList& options) {
  options.add_file("--passphrase-file", file_, "FILE", "of a sealed keyset: the first line of FILE");
  options.add_number("--passphrase-fd", fd_, "N", "of a sealed keyset: the first line of descriptor N").maximum = 65535;
}

void Passphrase::declare_new(OptionList& options) {
  flag_ = "--new-passphrase";
  options.add_file("--new-passphrase-file", file_, "FILE", "seal with another passphrase: the first line of FILE");
  options.add_number("--new-passphrase-fd", fd_, "N", "the same: the next line of descriptor N").maximum = 65535;
  options.add_switch("--new-passphrase", asked_, "the same: ask for it, twice");
}

Result<const SecretBytes*> Passphrase::get() const {
  if (!known_) {
    auto typed = read("passphrase (not shown): ");
    if (!typed) return std::move(typed).error();
    known_ = *std::move(typed);
  }
  return &*known_;
}

Result<const SecretBytes*> Passphrase::get_new() const {
  if (known_ || !is_typed()) return get();
  auto typed = read("new passphrase (not shown): ");
  if (!typed) return std::move(typed).error();
  const auto again = read("the same again: ");
  if (!again) return again.error();
  if (!(*typed == *again)) return Error(ErrorCode::usage, "the two passphrases differ", "nothing was sealed; try again");
  known_ = *std::move(typed);
  return &*known_;
}

Result<SecretBytes> Passphrase::read(const char* prompt) const {
  if (!file_.empty() && fd_ != kNoDescriptor) {
    return Error(ErrorCode::usage, std::string(flag_) + "-file and " + std::string(flag_) + "-fd are both given",
                 "give one of them");
  }
  InputFlags flags{file_, fd_ == kNoDescriptor ? InputFlags::kNoDescriptor : fd_};
  Descriptor terminal;
  auto input = open_input(flags);
  if (!input) {
    return Error(input.error().code(), "the passphrase cannot be read: " + input.error().message(),
                 "check " + where());
  }
  if (is_typed()) {
    // Standard input is not asked: it may carry something else.
    terminal = Descriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal) {
      return Error(ErrorCode::usage, "nothing says what the passphrase is",
                   where());
    }
    input->fd = terminal.get();
    input->is_terminal = true;
  }
  auto line = input->is_terminal ? type_line(*input, prompt) : read_line(input->fd);
  if (line && line->empty()) return Error(ErrorCode::usage, "the passphrase is empty", "take several random words");
  return line;
}

}  // namespace piictl
