#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "pii/logging/ship.hpp"
#include "ship/record.hpp"

namespace pii::ship {

/// What waits, first in, first out. Not for several threads at once.
class Store {
 public:
  virtual ~Store() = default;
  /// False: no room, or the disk refuses it.
  virtual bool push(std::uint64_t sequence, const Ulid& id, std::string_view line, Steady now) = 0;
  /// The first records, of at most so many records and bytes. They are out of the store, and the next take() has others.
  virtual std::vector<Record> take(std::size_t max_records, std::size_t max_bytes) = 0;
  /// What was taken need not be kept any longer.
  virtual void settle() noexcept {}
  virtual std::size_t records() const noexcept = 0;
  virtual std::uint64_t bytes() const noexcept = 0;
  virtual std::uint64_t first_sequence() const noexcept = 0;  // of the first record; only when there is one
  virtual Steady oldest() const noexcept = 0;                 // the same
};

/// In memory, bounded by records and bytes.
class Queue final : public Store {
 public:
  explicit Queue(const QueuePolicy& policy) : policy_(policy) {}

  bool push(std::uint64_t sequence, const Ulid& id, std::string_view line, Steady now) override;
  /// Makes room for `size` bytes by forgetting the oldest records. Returns how many.
  std::uint64_t make_room(std::size_t size);
  bool has_room(std::size_t size) const noexcept;
  std::vector<Record> take(std::size_t max_records, std::size_t max_bytes) override;
  void clear() noexcept;
  template <class Do>
  void each(Do what) const {
    for (const auto& one : waiting_) what(one.record);
  }
  std::size_t records() const noexcept override { return waiting_.size(); }
  std::uint64_t bytes() const noexcept override { return bytes_; }
  std::uint64_t first_sequence() const noexcept override { return waiting_.front().record.sequence; }
  Steady oldest() const noexcept override { return waiting_.front().since; }
  /// Bytes and records that are taken and not settled still count.
  void settle() noexcept override { taken_records_ = taken_bytes_ = 0; }

 private:
  struct Waiting {
    Record record;
    Steady since;
  };
  const QueuePolicy policy_;
  std::deque<Waiting> waiting_;
  std::uint64_t bytes_ = 0;
  std::size_t taken_records_ = 0;
  std::size_t taken_bytes_ = 0;
};

}  // namespace pii::ship
