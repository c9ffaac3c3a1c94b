#include "commands/text_batch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "process.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

Error input_error(const TextInput& input, int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  return Error(missing ? ErrorCode::file_not_found : ErrorCode::file_unreadable,
               input.name + ": " + std::strerror(error_number),
               error_number == EISDIR ? "name the files in it" : "check the path and who may read it");
}

bool is_same_regular_file(const struct stat& a, int fd) {
  struct stat b = {};
  return fd >= 0 && ::fstat(fd, &b) == 0 && S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

}  // namespace

std::size_t thread_count(const CommonFlags& flags) {
  const std::size_t wished = flags.threads != 0 ? flags.threads : std::thread::hardware_concurrency();
  return std::clamp<std::size_t>(wished, 1, 256);
}

TextBatch::TextBatch(const Session& session, const std::vector<std::string>& files, int output,
                     const ShownName& shown)
    : session_(session), output_(output), progress_(session.report) {
  for (const std::string& file : files) {
    inputs_.push_back({file, file == "-" ? file : shown(file), inputs_.size(), STDIN_FILENO});
  }
  if (inputs_.empty()) inputs_.push_back({.path = "-", .name = "-"});
}

Result<void> TextBatch::look_at_inputs() {
  bool all_known = true;
  for (const TextInput& input : inputs_) {
    struct stat status = {};
    const bool standard = input.path == "-";
    if ((standard ? ::fstat(STDIN_FILENO, &status) : ::stat(input.path.c_str(), &status)) != 0) {
      return input_error(input, errno);
    }
    if (S_ISDIR(status.st_mode)) return input_error(input, EISDIR);
    if (is_same_regular_file(status, output_)) {
      return Error(ErrorCode::usage, "input and output are one file", "write to another file and rename it");
    }
    all_known = all_known && S_ISREG(status.st_mode);
    bytes_total_ += static_cast<std::uint64_t>(status.st_size);
    if (standard && ::isatty(STDIN_FILENO) == 1)
      session_.report.note("reading what is typed; Ctrl-D ends it");
  }
  if (!all_known) bytes_total_ = 0;
  return {};
}

Result<Descriptor> TextBatch::open(TextInput& input) const {
  if (input.path == "-") return Descriptor();
  Descriptor file(::open(input.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file) return input_error(input, errno);
  (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  input.fd = file.get();
  return file;
}

Result<void> TextBatch::run(const RewriteOne& rewrite_one) {
  if (auto there = look_at_inputs(); !there) return there;
  for (TextInput& input : inputs_) {
    const auto file = open(input);
    if (!file) return file.error();
    stream::Options options;
    options.input = input.fd;
    options.output = output_;
    options.stop = &stop_flag();
    options.whole_lines = true;
    if (progress_.enabled()) {
      options.on_progress = [this](const stream::Progress& done) {
        progress_.show({bytes_in_ + done.bytes_in, bytes_total_, rows_ + done.rows, 0});
      };
    }
    const stream::Outcome outcome = rewrite_one(input, options);
    bytes_in_ += outcome.bytes_in;
    rows_ += outcome.rows;
    if (auto done = conclude(input, outcome); !done) {
      progress_.clear();
      return done;
    }
  }
  progress_.clear();
  return {};
}

Result<void> TextBatch::conclude(const TextInput& input, const stream::Outcome& outcome) const {
  const std::string lines = std::to_string(rows_) + (rows_ == 1 ? " line" : " lines");
  const std::string where = inputs_.size() > 1 ? " in " + input.name : std::string();
  if (outcome.error) {
    std::string hint = outcome.error->hint();
    if (outcome.error->code() == ErrorCode::too_large) {
      hint = "jq -c . makes one JSON text a line; --format text takes each line as text";
    }
    return Error(outcome.error->code(), outcome.error->message() + where + ", after " + lines, hint);
  }
  if (outcome.interrupted) {
    return Error(ErrorCode::interrupted, "interrupted after " + lines,
                 "what was written is good: whole lines");
  }
  if (outcome.output_closed) {
    return Error(ErrorCode::output_failed, "whoever read the output went away, after " + lines,
                 "what it had read is good; read the output to its end");
  }
  return {};
}

}  // namespace piictl
