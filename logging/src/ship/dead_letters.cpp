#include "pii/logging/dead_letters.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <optional>

#include "encode/json_writer.hpp"
#include "encode/timestamp.hpp"
#include "fields/json_reader.hpp"
#include "front/pipeline.hpp"
#include "ship/dead_letter_writer.hpp"

namespace pii::ship {

namespace {

namespace fs = std::filesystem;

// One file, locked against those who write to it.
class LockedFile {
 public:
  explicit LockedFile(std::string path) : path_(std::move(path)), file_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
    if (file_ >= 0) ::flock(file_, LOCK_EX);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  ~LockedFile() {
    if (file_ >= 0) ::close(file_);
  }

  bool read(std::string& text) const {
    struct stat status = {};
    if (file_ < 0 || ::fstat(file_, &status) != 0) return false;
    text.resize(static_cast<std::size_t>(status.st_size));
    std::size_t done = 0;
    for (ssize_t got; done < text.size() && (got = ::pread(file_, text.data() + done, text.size() - done, static_cast<off_t>(done))) > 0;) {
      done += static_cast<std::size_t>(got);
    }
    text.resize(done);
    return true;
  }
  bool replace(std::string_view text) const {
    if (text.empty()) return ::unlink(path_.c_str()) == 0;
    const std::string aside = path_ + ".new";
    const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return false;
    const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    ::close(file);
    return written && ::rename(aside.c_str(), path_.c_str()) == 0;
  }

 private:
  const std::string path_;
  const int file_;
};

std::string text_of(const log::Object& members, std::string_view name) {
  const log::Value* const value = members.find(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

std::optional<DeadLetter> parse(std::string_view line) {
  const auto value = log::read_json(line);
  if (!value || value->object() == nullptr) return std::nullopt;
  const log::Object& members = *value->object();
  DeadLetter letter;
  letter.id = text_of(members, "id");
  const log::Value* const data = members.find("event_data");
  if (letter.id.empty() || data == nullptr) return std::nullopt;
  letter.failed_at = text_of(members, "failed_at");
  letter.source = text_of(members, "source");
  letter.event_type = text_of(members, "event_type");
  letter.error_message = text_of(members, "error_message");
  letter.correlation_id = text_of(members, "correlation_id");
  letter.reprocessed_at = text_of(members, "reprocessed_at");
  if (const log::Value* const count = members.find("retry_count")) {
    if (const auto* const number = std::get_if<std::int64_t>(&count->data())) letter.retry_count = static_cast<std::uint64_t>(*number);
  }
  log::write_value(*data, nullptr, letter.event_data);
  return letter;
}

Result<std::vector<std::string>> files_of(const std::string& folder) {
  std::error_code failed;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".ndjson") files.push_back(entry.path().string());
  }
  if (failed == std::errc::no_such_file_or_directory) return Error(ErrorCode::file_not_found, folder + ": no such folder");
  if (failed) return Error(ErrorCode::file_unreadable, folder + ": cannot be read");
  std::sort(files.begin(), files.end());
  return files;
}

// Rewrites every file: `edit` says what becomes of a letter, the lines it does not know stay.
template <class Edit>
Result<std::size_t> rewrite(const std::string& folder, Edit edit) {
  const auto files = files_of(folder);
  if (!files) return files.error();
  std::size_t changed = 0;
  for (const std::string& path : *files) {
    const LockedFile file(path);
    std::string text;
    if (!file.read(text)) return Error(ErrorCode::file_unreadable, path + ": cannot be read");
    std::string kept;
    const std::size_t before = changed;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
      const std::string_view line = std::string_view(text).substr(at, end - at);
      at = end;
      const auto letter = parse(line);
      if (!letter || !edit(*letter, line, kept)) {
        kept += line;
      } else {
        ++changed;
      }
    }
    if (changed != before && !file.replace(kept)) return Error(ErrorCode::output_failed, path + ": cannot be replaced");
  }
  return changed;
}

}  // namespace

Result<std::vector<DeadLetter>> DeadLetterFolder::read(std::uint64_t* damaged) const {
  const auto files = files_of(path_);
  if (!files) return files.error();
  std::vector<DeadLetter> letters;
  for (const std::string& path : *files) {
    std::string text;
    if (!LockedFile(path).read(text)) return Error(ErrorCode::file_unreadable, path + ": cannot be read");
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      if (auto letter = parse(std::string_view(text).substr(at, end - at))) {
        letters.push_back(*std::move(letter));
      } else if (damaged != nullptr) {
        ++*damaged;
      }
      at = end + 1;
    }
  }
  std::stable_sort(letters.begin(), letters.end(), [](const DeadLetter& a, const DeadLetter& b) { return a.failed_at < b.failed_at; });
  return letters;
}

Result<std::size_t> DeadLetterFolder::mark_reprocessed(const std::vector<std::string>& ids) const {
  std::string now;
  log::write_timestamp(std::chrono::system_clock::now(), 3, now);
  return rewrite(path_, [&](const DeadLetter& letter, std::string_view line, std::string& kept) {
    constexpr std::string_view kNot = R"("reprocessed_at":null)";
    const std::size_t at = line.find(kNot);
    if (at == std::string_view::npos || std::find(ids.begin(), ids.end(), letter.id) == ids.end()) return false;
    kept.append(line.substr(0, at)).append(R"("reprocessed_at":")").append(now).append("\"").append(line.substr(at + kNot.size()));
    return true;
  });
}

Result<std::size_t> DeadLetterFolder::purge(const std::function<bool(const DeadLetter&)>& which) const {
  return rewrite(path_, [&](const DeadLetter& letter, std::string_view, std::string&) { return which(letter); });
}

struct DeadLetters::State {
  explicit State(DeadLetterPolicy policy) : writer(std::move(policy), Clock::system()) {}
  std::mutex mutex;
  DeadLetterWriter writer;
};

DeadLetters::DeadLetters(DeadLetterPolicy policy) : state_(std::make_unique<State>(std::move(policy))) {}
DeadLetters::~DeadLetters() = default;

bool DeadLetters::store(std::string_view event_type, std::string_view event, std::string_view error_message,
                        std::string_view correlation_id, std::uint64_t retry_count) noexcept {
  try {
    log::Object letter;
    letter.set("source", log::Value(std::string("application")));
    letter.set("event_type", log::Value(std::string(event_type.substr(0, 255))));
    letter.set("error_message", log::Value(std::string(error_message)));
    letter.set("correlation_id", log::Value(std::string(correlation_id.substr(0, 100))));
    letter.set("retry_count", log::Value(retry_count));
    letter.set("reprocessed_at", log::Value());
    auto data = log::read_json(event);
    letter.set("event_data", data ? *std::move(data) : log::Value(std::string(event)));
    const std::string masked = log::Pipeline::current().mask_json(log::Value(std::move(letter)));
    if (masked.size() < 2 || masked.front() != '{') return false;
    const std::lock_guard lock(state_->mutex);
    return state_->writer.append(Ulid::make(Clock::system().wall()), std::string_view(masked).substr(1, masked.size() - 2));
  } catch (...) {
    return false;
  }
}

}  // namespace pii::ship
