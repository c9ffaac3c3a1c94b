#include "ship/spool.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace pii::ship {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kBlock = 1 << 20;
constexpr const char* kSuffix = ".seg";
constexpr std::string_view kCiphertext = "penc:";  // a line is JSON, so it never begins so

const FieldType& line_type() {
  static const FieldType type = *FieldType::make("log_line");
  return type;
}

std::string read_small(const std::string& path) {
  char text[128];
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  const ssize_t got = ::read(file, text, sizeof text);
  ::close(file);
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : std::string();
}

bool write_all(int file, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void close_file(int& file) noexcept {
  if (file >= 0) ::close(file);
  file = -1;
}

}  // namespace

Spool::Spool(const SpoolPolicy& policy, const Clock& clock) : policy_(policy), clock_(clock), since_(clock.now()) {
  if (open_folder()) recover();
}

Spool::~Spool() { close(); }

bool Spool::refuse(const char* what) {
  error_ = std::string("spool: ") + what + ": " + std::strerror(errno);
  return false;
}

bool Spool::refuse(const Error& error) {
  error_ = "spool: " + error.message();
  return false;
}

Result<std::string> Spool::sealed(std::string_view line) const {
  auto ciphertext = policy_.cipher->protect(line_type(), line.substr(0, line.size() - 1));
  if (ciphertext) *ciphertext += '\n';
  return ciphertext;
}

bool Spool::is_sealed(const Record& record) noexcept { return std::string_view(record.line).starts_with(kCiphertext); }

Result<std::optional<std::string>> Spool::opened(std::string_view stored) const {
  if (policy_.cipher == nullptr) return Error(ErrorCode::not_configured, "the folder holds ciphertexts, and no cipher is set");
  const auto line = policy_.cipher->reveal(line_type(), stored.substr(0, stored.size() - 1));
  if (line) return std::optional(std::string(line->expose()) += '\n');
  const bool for_ever = line.error().code() == ErrorCode::reveal_failed || line.error().code() == ErrorCode::malformed_ciphertext;
  if (for_ever) return std::optional<std::string>();
  return line.error();
}

bool Spool::open_folder() {
  if (policy_.folder.empty()) return errno = ENOENT, refuse("no folder is named");
  if (const std::string above = fs::path(policy_.folder).parent_path(); !above.empty()) ::mkdir(above.c_str(), 0700);
  if (::mkdir(policy_.folder.c_str(), 0700) != 0 && errno != EEXIST) return refuse("the folder cannot be made");
  lock_ = ::open((policy_.folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock_ < 0) return refuse("the folder cannot be used");
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return true;
  refuse("another process has it");
  close_file(lock_);
  return false;
}

void Spool::recover() {
  std::uint64_t settled = 0;
  const bool known = read_ledger(read_small(policy_.folder + "/ledger"), settled);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(policy_.folder, ignored)) {
    if (entry.path().extension() == kSuffix) segments_.push_back({entry.path().string(), entry.file_size(ignored), 0});
  }
  std::sort(segments_.begin(), segments_.end(), [](const Segment& a, const Segment& b) { return a.path < b.path; });
  taken_ = settled;
  next_sequence_ = settled + 1;
  std::uint64_t expected = known ? settled + 1 : 0;
  for (Segment& segment : segments_) {
    // A segment of which nothing can be read keeps its name all the same.
    next_sequence_ = std::max<std::uint64_t>(next_sequence_, std::strtoull(fs::path(segment.path).stem().c_str(), nullptr, 16) + 1);
    total_bytes_ += segment.size;
    scan(segment, settled, expected);
  }
  block_.clear();
  close_reader();
  reading_ = 0;
  offset_ = 0;
  remove_settled();
}

// Counts what is to be sent; sequences that are missing between two others were lost.
void Spool::scan(Segment& segment, std::uint64_t settled, std::uint64_t& expected) {
  close_reader();
  for (std::uint64_t at = kSegmentHead.size(); at < segment.size;) {
    std::string_view bytes = look_at(segment, at, kRecordHead);
    RecordView view = read_record(bytes);
    if (view.state == RecordView::State::cut && at + view.size <= segment.size) view = read_record(bytes = look_at(segment, at, view.size));
    if (view.state != RecordView::State::whole) {
      at += bytes.empty() ? segment.size : skip_damaged(bytes);
      continue;
    }
    at += view.size;
    segment.last = std::max(segment.last, view.sequence);
    next_sequence_ = std::max(next_sequence_, view.sequence + 1);
    if (view.sequence <= settled) continue;
    if (waiting_ == 0) next_read_ = view.sequence;
    if (expected != 0 && view.sequence > expected) corrupt_ += view.sequence - expected;
    expected = view.sequence + 1;
    ++waiting_;
    waiting_bytes_ += view.line.size();
  }
}

// Bytes of a segment from `offset` on, at least `size` where it has so many. Valid until the next call.
std::string_view Spool::look_at(const Segment& segment, std::uint64_t offset, std::size_t size) {
  if (reader_ < 0) {
    reader_ = ::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    block_.clear();
    if (reader_ < 0) return {};
  }
  if (offset < block_at_ || offset + size > block_at_ + block_.size()) {
    block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(std::max(kBlock, size), segment.size - offset)));
    const ssize_t got = ::pread(reader_, block_.data(), block_.size(), static_cast<off_t>(offset));
    block_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    block_at_ = offset;
  }
  return std::string_view(block_).substr(std::min<std::size_t>(offset - block_at_, block_.size()));
}

bool Spool::start_segment(std::uint64_t sequence) {
  close_file(writer_);
  char name[32];
  std::snprintf(name, sizeof name, "/%016llx", static_cast<unsigned long long>(sequence));
  const std::string path = policy_.folder + name + kSuffix;
  writer_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (writer_ < 0) return refuse("no segment can be made");
  if (!write_all(writer_, kSegmentHead)) {
    refuse("no segment can be begun");
    ::unlink(path.c_str());
    close_file(writer_);
    return false;
  }
  segments_.push_back({path, kSegmentHead.size(), 0});
  total_bytes_ += kSegmentHead.size();
  return true;
}

bool Spool::push(std::uint64_t sequence, const Ulid& id, std::string_view line, Steady now) {
  full_ = false;
  if (!usable()) return false;
  if (total_bytes_ + kRecordHead + line.size() > policy_.max_bytes) return full_ = true, false;
  if ((writer_ < 0 || segments_.back().size >= policy_.segment_bytes) && !start_segment(sequence)) return false;
  line_.clear();
  write_record(sequence, id, line, line_);
  Segment& segment = segments_.back();
  if (!write_all(writer_, line_)) {
    refuse("the disk does not take a record");
    // What was written of it is taken back; where that fails it is a damaged record, which readers skip.
    if (::ftruncate(writer_, static_cast<off_t>(segment.size)) != 0) close_file(writer_);
    return false;
  }
  segment.size += line_.size();
  segment.last = sequence;
  total_bytes_ += line_.size();
  if (waiting_ == 0) {
    since_ = now;
    next_read_ = sequence;
  }
  ++waiting_;
  waiting_bytes_ += line.size();
  next_sequence_ = sequence + 1;
  if (!dirty_) sync_at_ = now + policy_.sync_interval;
  dirty_ = policy_.sync_interval.count() > 0;
  return true;
}

std::vector<Record> Spool::take(std::size_t max_records, std::size_t max_bytes) {
  std::vector<Record> batch;
  std::size_t size = 0;
  taken_at_.clear();
  while (batch.size() < max_records && reading_ < segments_.size()) {
    const Segment& segment = segments_[reading_];
    offset_ = std::max<std::uint64_t>(offset_, kSegmentHead.size());
    if (offset_ >= segment.size) {
      if (reading_ + 1 == segments_.size()) break;
      close_reader();
      ++reading_;
      offset_ = 0;
      continue;
    }
    std::string_view bytes = look_at(segment, offset_, kRecordHead);
    RecordView view = read_record(bytes);
    if (view.state == RecordView::State::cut && offset_ + view.size <= segment.size) {
      view = read_record(bytes = look_at(segment, offset_, view.size));
    }
    if (view.state != RecordView::State::whole) {
      offset_ += bytes.empty() ? segment.size : skip_damaged(bytes);
      continue;
    }
    if (view.sequence > taken_) {
      if (!batch.empty() && size + view.line.size() > max_bytes) break;
      taken_at_.push_back({reading_, offset_});
      batch.push_back({view.sequence, view.id, std::string(view.line)});
      taken_ = view.sequence;
      size += view.line.size();
    }
    offset_ += view.size;
  }
  // Where the segments end, what is still missing was damaged since it was counted.
  const bool ended = reading_ + 1 >= segments_.size() && (segments_.empty() || offset_ >= segments_.back().size);
  waiting_ = ended ? 0 : waiting_ - std::min(waiting_, batch.size());
  waiting_bytes_ = waiting_ == 0 ? 0 : waiting_bytes_ - std::min<std::uint64_t>(waiting_bytes_, size);
  next_read_ = taken_ + 1;
  return batch;
}

void Spool::put_back(std::span<const Record> rest) noexcept {
  const Position& first = taken_at_[taken_at_.size() - rest.size()];
  if (first.segment != reading_) close_reader();
  reading_ = first.segment;
  offset_ = first.offset;
  taken_ = rest.front().sequence - 1;
  next_read_ = rest.front().sequence;
  waiting_ += rest.size();
  for (const Record& record : rest) waiting_bytes_ += record.line.size();
}

void Spool::settle() noexcept {
  if (!usable()) return;
  try {
    const std::string path = policy_.folder + "/ledger";
    const std::string aside = path + ".new";
    int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    const bool written = file >= 0 && write_all(file, write_ledger(taken_));
    close_file(file);
    // Without a ledger the records are sent once more, later.
    if (!written || ::rename(aside.c_str(), path.c_str()) != 0) refuse("the ledger cannot be written");
    remove_settled();
  } catch (...) {
    // No memory: the ledger stays behind, and some records are sent twice.
  }
}

void Spool::remove_settled() noexcept {
  while (!segments_.empty() && segments_.front().last <= taken_ && !(segments_.size() == 1 && writer_ >= 0)) {
    if (reading_ == 0) {
      close_reader();
      offset_ = 0;
    } else {
      --reading_;
    }
    ::unlink(segments_.front().path.c_str());
    total_bytes_ -= segments_.front().size;
    segments_.pop_front();
  }
}

void Spool::close_reader() noexcept {
  close_file(reader_);
  block_.clear();
}

Steady Spool::sync_if_due(Steady now) noexcept {
  if (!dirty_) return Steady::max();
  if (now < sync_at_) return sync_at_;
  if (writer_ >= 0) ::fdatasync(writer_);
  dirty_ = false;
  return Steady::max();
}

void Spool::close() noexcept {
  if (dirty_ && writer_ >= 0) ::fdatasync(writer_);
  dirty_ = false;
  close_reader();
  close_file(writer_);
  close_file(lock_);
}

void Spool::forget() noexcept {
  close_reader();
  close_file(writer_);
  close_file(lock_);
  segments_.clear();
  reading_ = 0;
  waiting_ = 0;
  waiting_bytes_ = 0;
  corrupt_ = 0;
  dirty_ = false;
}

}  // namespace pii::ship
