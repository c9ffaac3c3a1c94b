#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "ship/backoff.hpp"
#include "ship/protocol.hpp"

namespace pii::ship {

/// One batch from the store to the receiver: halved where it is too large, tried again where it fails, settled record by record.
/// Knows neither threads nor the network.
class Delivery {
 public:
  Delivery(const RetryPolicy& policy, bool never_gives_up, Chance chance)
      : policy_(policy), never_gives_up_(never_gives_up), chance_(std::move(chance)) {}

  void load(std::vector<Record> batch, Steady now);
  bool empty() const noexcept { return pieces_.empty(); }
  std::size_t records() const noexcept;
  std::uint64_t first_sequence() const noexcept;
  /// What to send next; stays where it is until apply().
  std::span<const Record> piece() const noexcept { return pieces_.front(); }
  /// When to send it.
  Steady due() const noexcept { return due_; }
  /// Ends a wait early, unless the receiver asked for it.
  void hurry(Steady now) noexcept;

  struct Refused {
    Record record;
    bool exhausted = false;  // retried for too long; else the receiver will never take it
  };
  struct Outcome {
    std::uint64_t sent = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t retried = 0;
    unsigned attempts = 0;  // with this one
    std::uint64_t unnamed = 0;  // refused, nobody says which
    std::vector<Refused> refused = {};
  };
  Outcome apply(const Judgement& judgement, const Response& response, Steady now);
  void clear() noexcept { pieces_.clear(); }
  template <class Do>
  void each(Do what) const {
    for (const auto& piece : pieces_) {
      for (const Record& record : piece) what(record);
    }
  }

 private:
  void next_piece(Steady now);

  const RetryPolicy policy_;
  const bool never_gives_up_;
  const Chance chance_;
  std::deque<std::vector<Record>> pieces_;
  unsigned attempts_ = 0;  // of the first piece
  Steady started_ = {};
  Steady due_ = {};
  bool asked_ = false;
};

}  // namespace pii::ship
