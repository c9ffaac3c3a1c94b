#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ship/spool_format.hpp"
#include "ship/store.hpp"

namespace pii::ship {

/// A queue on disk: segments of records and a ledger, in a folder that one process holds at a time. What push() took survives the
/// process; a damaged record costs itself alone; a lost ledger sends again. Faults of the disk are told, never thrown.
class Spool final : public Store {
 public:
  Spool(const SpoolPolicy& policy, const Clock& clock);
  ~Spool() override;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Whether lines lie on disk as ciphertexts. This and the next two from any thread at any time; keys may take their time.
  bool seals() const noexcept { return policy_.cipher != nullptr; }
  /// The line as push() is to take it then.
  Result<std::string> sealed(std::string_view line) const;
  static bool is_sealed(const Record& record) noexcept;
  /// The line of a sealed record that take() returned. nullopt: nobody will ever read it; an Error: not now.
  Result<std::optional<std::string>> opened(std::string_view stored) const;
  bool push(std::uint64_t sequence, const Ulid& id, std::string_view line, Steady now) override;
  /// Lines as they lie on disk.
  std::vector<Record> take(std::size_t max_records, std::size_t max_bytes) override;
  /// The last ones of those taken last cannot be read now: they are first again.
  void put_back(std::span<const Record> rest) noexcept;
  void settle() noexcept override;
  std::size_t records() const noexcept override { return waiting_; }
  std::uint64_t bytes() const noexcept override { return waiting_bytes_; }
  std::uint64_t first_sequence() const noexcept override { return next_read_; }
  Steady oldest() const noexcept override { return since_; }

  bool usable() const noexcept { return lock_ >= 0; }
  /// Whether the last push() was refused for want of room, not by the disk.
  bool full() const noexcept { return full_; }
  const std::string& last_error() const noexcept { return error_; }
  /// What kept it from its work was outside of it.
  bool refuse(const Error& error);
  /// Records that the folder should have had and no longer has, found out when it was opened.
  std::uint64_t corrupt() const noexcept { return corrupt_; }
  std::uint64_t next_sequence() const noexcept { return next_sequence_; }
  /// fsync when it is time; when it is next.
  Steady sync_if_due(Steady now) noexcept;
  void close() noexcept;
  /// In a forked child: lets go of what is the parent's.
  void forget() noexcept;

 private:
  struct Segment {
    std::string path;
    std::uint64_t size = 0;
    std::uint64_t last = 0;  // sequence
  };

  bool open_folder();
  void recover();
  void scan(Segment& segment, std::uint64_t settled, std::uint64_t& expected);
  bool start_segment(std::uint64_t sequence);
  bool refuse(const char* what);
  std::string_view look_at(const Segment& segment, std::uint64_t offset, std::size_t size);
  void remove_settled() noexcept;
  void close_reader() noexcept;

  const SpoolPolicy policy_;
  const Clock& clock_;
  std::deque<Segment> segments_;  // the last one is written to when writer_ is open
  int lock_ = -1;
  int writer_ = -1;
  int reader_ = -1;
  struct Position {
    std::size_t segment;
    std::uint64_t offset;
  };
  std::vector<Position> taken_at_;  // the records that were taken last
  std::size_t reading_ = 0;     // index of the segment that is read
  std::uint64_t offset_ = 0;    // in it
  std::string block_;           // of it
  std::uint64_t block_at_ = 0;
  std::string line_;            // the record that is written

  std::size_t waiting_ = 0;
  std::uint64_t waiting_bytes_ = 0;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t next_read_ = 1;
  std::uint64_t next_sequence_ = 1;
  std::uint64_t taken_ = 0;  // last sequence that was taken
  Steady since_ = {};
  std::uint64_t corrupt_ = 0;
  bool full_ = false;
  bool dirty_ = false;
  Steady sync_at_ = {};
  std::string error_;
};

}  // namespace pii::ship
