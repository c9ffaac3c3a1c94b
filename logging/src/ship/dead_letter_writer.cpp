#include "ship/dead_letter_writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "encode/json_writer.hpp"
#include "encode/timestamp.hpp"
#include "fields/json_reader.hpp"

namespace pii::ship {

namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kFileBytes = 16 << 20;

std::uint64_t folder_bytes(const std::string& folder) {
  std::uint64_t all = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto size = entry.file_size(ignored);
    if (!ignored) all += size;
  }
  return all;
}

// What a line says about the request it belongs to.
std::string correlation_of(std::string_view line) {
  const auto event = log::read_json(line);
  if (!event || event->object() == nullptr) return {};
  for (const auto& [outer, inner] : {std::pair("extra", "correlation_id"), std::pair("trace", "id")}) {
    const log::Value* const object = event->object()->find(outer);
    const log::Value* const id = object != nullptr && object->object() != nullptr ? object->object()->find(inner) : nullptr;
    if (id != nullptr && id->text() != nullptr) return *id->text();
  }
  return {};
}

}  // namespace

bool DeadLetterWriter::open_file() {
  forget();
  ::mkdir(policy_.folder.c_str(), 0700);
  const std::string path = policy_.folder + "/" + Ulid::make(clock_.wall()).text() + ".ndjson";
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  size_ = 0;
  return file_ >= 0;
}

void DeadLetterWriter::forget() noexcept {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

bool DeadLetterWriter::store(const Record& record, std::string_view source, std::string_view reason, unsigned attempts) noexcept {
  try {
    std::string members = R"("source":)";
    log::write_string(source, members);
    members += R"(,"event_type":"log_record","error_message":)";
    log::write_string(reason, members);
    members += R"(,"correlation_id":)";
    log::write_string(correlation_of(record.json()), members);
    members += R"(,"retry_count":)" + std::to_string(attempts) + R"(,"reprocessed_at":null,"event_data":)";
    members += record.json();
    return append(record.id, members);
  } catch (...) {
    return false;
  }
}

bool DeadLetterWriter::append(const Ulid& id, std::string_view members) noexcept {
  try {
    std::string line = R"({"id":")" + id.text() + R"(","failed_at":")";
    log::write_timestamp(clock_.wall(), 3, line);
    line.append("\",").append(members).append("}\n");
    if (folder_bytes(policy_.folder) + line.size() > policy_.max_bytes) return false;
    // A purge may have put another file in place of ours.
    struct stat status = {};
    const auto ours = [&] { return file_ >= 0 && ::flock(file_, LOCK_EX) == 0 && ::fstat(file_, &status) == 0 && status.st_nlink > 0; };
    if (size_ > kFileBytes) forget();
    if (!ours() && !(open_file() && ours())) return false;
    const ssize_t written = ::write(file_, line.data(), line.size());
    const bool whole = written == static_cast<ssize_t>(line.size());
    if (!whole && written > 0 && ::ftruncate(file_, status.st_size) != 0) forget();
    if (file_ >= 0) ::flock(file_, LOCK_UN);
    if (whole) size_ += line.size();
    return whole;
  } catch (...) {
    return false;
  }
}

}  // namespace pii::ship
