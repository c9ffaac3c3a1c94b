#include "input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "output.hpp"
#include "process.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::SecretString;

// Keeps a terminal from showing what is typed for as long as it lives.
class HiddenTyping {
 public:
  explicit HiddenTyping(int fd) : fd_(fd), hidden_(::tcgetattr(fd, &before_) == 0) {
    if (!hidden_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    hidden_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~HiddenTyping() {
    if (hidden_) (void)::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

  bool hidden() const { return hidden_; }

 private:
  int fd_;
  termios before_ = {};
  bool hidden_;
};

// Grows without leaving the value behind in freed memory.
class GrowingSecret {
 public:
  std::span<char> room() {
    if (size_ == buffer_.size()) {
      SecretString larger(buffer_.empty() ? kFirstSize : buffer_.size() * 2);
      if (size_ != 0) std::memcpy(larger.expose_mutable().data(), buffer_.expose().data(), size_);
      buffer_ = std::move(larger);
    }
    return buffer_.expose_mutable().subspan(size_);
  }
  void add(std::size_t count) { size_ += count; }
  std::size_t size() const { return size_; }
  SecretString take() && {
    std::size_t size = size_;
    const std::string_view text = buffer_.expose().substr(0, size);
    if (text.ends_with('\n')) --size;
    if (size < size_ && text.substr(0, size).ends_with('\r')) --size;
    buffer_.narrow(0, size);
    return std::move(buffer_);
  }

 private:
  static constexpr std::size_t kFirstSize = 4096;
  SecretString buffer_;
  std::size_t size_ = 0;
};

Error input_error(int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  return Error(missing ? ErrorCode::file_not_found : ErrorCode::file_unreadable,
               std::string("cannot read the input: ") + std::strerror(error_number),
               "check --in FILE, --fd N or standard input");
}

}  // namespace

void InputFlags::declare(OptionList& options) {
  options.add_file("--in", in, "FILE", "read the values from FILE instead of standard input");
  options.add_number("--fd", fd, "N", "read the values from descriptor N").maximum = 65535;
}

Result<Input> open_input(const InputFlags& flags) {
  Input input;
  if (!flags.in.empty() && flags.fd != InputFlags::kNoDescriptor) {
    return Error(ErrorCode::usage, "--in and --fd are both given", "give one of them");
  }
  if (!flags.in.empty()) {
    input.owned = Descriptor(::open(flags.in.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!input.owned) return input_error(errno);
    input.fd = input.owned.get();
  } else if (flags.fd != InputFlags::kNoDescriptor) {
    input.fd = static_cast<int>(flags.fd);
    if (::fcntl(input.fd, F_GETFD) == -1) {
      return Error(ErrorCode::usage, "--fd names a descriptor that is not open",
                   "open it in the shell: --fd 3 3<FILE");
    }
  }
  struct stat status = {};
  if (::fstat(input.fd, &status) == 0 && S_ISDIR(status.st_mode)) return input_error(EISDIR);
  input.is_terminal = ::isatty(input.fd) == 1;
  return input;
}

Result<SecretString> read_value(const Input& input, std::size_t limit, const char* prompt) {
  std::optional<HiddenTyping> hidden;
  if (input.is_terminal) {
    if (!hidden.emplace(input.fd).hidden()) {
      return Error(ErrorCode::file_unreadable, "the terminal would show what is typed",
                   "send the value through a pipe");
    }
    // To the terminal that is asked, wherever standard error goes.
    const std::string_view asked = prompt;
    if (::write(input.fd, asked.data(), asked.size()) < 0) write_to_standard_error(asked);
  }
  GrowingSecret text;
  for (;;) {
    const auto room = text.room();
    const ssize_t got = ::read(input.fd, room.data(), room.size());
    if (stop_requested()) {
      if (input.is_terminal) write_to_standard_error("\n");
      return interrupted_error();
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return input_error(errno);
    text.add(static_cast<std::size_t>(got));
    const bool line_ended = got > 0 && room[static_cast<std::size_t>(got) - 1] == '\n';
    if (got == 0 || (input.is_terminal && line_ended)) break;
    if (text.size() > limit + 2) break;  // its line break is not counted
  }
  SecretString value = std::move(text).take();
  if (value.size() > limit) {
    return Error(ErrorCode::too_large, "the value is longer than " + std::to_string(limit) + " bytes",
                 "--max-line BYTES allows more");
  }
  return value;
}

Result<pii::SecretBytes> read_bytes(const Input& input, std::size_t limit) {
  if (input.is_terminal) {
    const auto typed = read_value(input, limit);
    if (!typed) return typed.error();
    return pii::SecretBytes::copy_of(std::as_bytes(std::span(typed->expose())));
  }
  pii::SecretBytes bytes(limit + 1);
  std::size_t size = 0;
  while (size <= limit) {
    const auto room = bytes.expose_mutable().subspan(size);
    const ssize_t got = ::read(input.fd, room.data(), room.size());
    if (stop_requested()) return interrupted_error();
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return input_error(errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit) {
    return Error(ErrorCode::too_large, "the input is longer than " + std::to_string(limit) + " bytes",
                 "is this the right file?");
  }
  bytes.shrink(size);
  return bytes;
}

Result<Descriptor> as_descriptor(const SecretString& value) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return Error(ErrorCode::internal, "the system gives no pipe");
  Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  const std::string_view text = value.expose();
  if (::write(writer.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::write(writer.get(), "\n", 1) != 1) {
    return Error(ErrorCode::too_large, "the value is too long to be typed",
                 "send it through a pipe or --in FILE");
  }
  return reader;
}

}  // namespace piictl
