#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "encode/encoder.hpp"
#include "front/masking_stage.hpp"
#include "front/shared_count.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/event_name.hpp"
#include "trace/finished_span.hpp"

namespace pii::log {

/// Zero when it is over.
inline std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point end) noexcept {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

/// From an event to the bytes of every output. Immutable but for its counters. Pipelines are never destroyed, so that a call that has
/// one may go on while logging ends.
class Pipeline {
 public:
  Pipeline(Configuration configuration, std::shared_ptr<const MaskPolicy> policy, MaskerMaker maskers);

  /// The one in force: of the session, or the one for before and after it, which writes to standard error.
  static Pipeline& current() noexcept;

  /// An event as its call says it; when it was, in which context, and whether it is local is added here.
  void write(Event& event) noexcept;
  void count_encode_failure() noexcept { encode_failures_.fetch_add(1, std::memory_order_relaxed); }
  /// Masks a span and hands it to the session's exporter of spans.
  void write_span(const trace::FinishedSpan& span) noexcept;
  /// Masks one JSON text that leaves by another way than an output. Fails closed: then it is null.
  std::string mask_json(const Value& value) noexcept;

  bool flush(std::chrono::milliseconds deadline) noexcept;
  void flush_due() noexcept;
  /// Says `log_records_dropped` when lines were lost since it said so last, at most every ten seconds.
  void report_drops(std::chrono::steady_clock::time_point now) noexcept;
  /// Says `ecs_fields_not_objects` with their names when there were such since it said so last, at most every minute.
  void report_validation(std::chrono::steady_clock::time_point now) noexcept;
  void reopen() noexcept;
  void end(std::chrono::steady_clock::time_point deadline) noexcept;
  void crashed(int dump) noexcept;
  void before_fork() noexcept;
  void after_fork(bool in_child) noexcept;
  Stats stats() const;
  const Configuration& configuration() const noexcept { return configuration_; }

 private:
  struct ThreadState;
  class Busy;
  ThreadState& thread_state(std::unique_ptr<ThreadState>& fallback);
  ThreadState& other_state(std::unique_ptr<ThreadState>& fallback);
  /// Whether an event of `logger` is for this output, as far as loggers decide.
  bool is_for(const Output& output, std::string_view logger) const noexcept;
  void count(const EncodingNotes& notes) noexcept;
  /// An event of the logger's own.
  void tell(const EventName& name, std::span<const Field> fields) noexcept;
  MaskedLine encode_and_mask(const Event& event, bool flat, ThreadState& state, EncodingNotes& notes) noexcept;
  template <class Do>
  void each_sink(Do what) const;
  void write_processed(Event& event, ThreadState& state) noexcept;
  void write_lines(const Event& event, ThreadState& state) noexcept {
    if (any_ecs_) write_line(event, false, state);
    if (any_flat_) write_line(event, true, state);
  }
  void write_line(const Event& event, bool flat, ThreadState& state) noexcept;

  const Configuration configuration_;
  const std::shared_ptr<const MaskPolicy> policy_;
  const MaskerMaker maskers_;
  const Encoder encoder_;
  const bool processes_;  // has processors
  bool any_ecs_ = false;
  bool any_flat_ = false;
  bool by_logger_ = false;  // some outputs are for some loggers

  std::vector<std::uint64_t> reported_drops_ = {};  // by output; the flusher's
  std::chrono::steady_clock::time_point report_after_ = {};
  std::chrono::steady_clock::time_point validation_after_ = {};

  SharedCount accepted_;
  std::atomic<std::uint64_t> mask_failures_{0};
  std::atomic<std::uint64_t> encode_failures_{0};
  std::atomic<std::uint64_t> conflicts_{0};
  std::atomic<std::uint64_t> warnings_{0};
  std::atomic<std::uint64_t> redundant_{0};
  std::atomic<std::uint64_t> filtered_{0};
  std::atomic<std::uint32_t> flat_objects_{0};  // field sets that were none and have not been told
};

/// Whether two configurations ask for the same: equal settings, and outputs to the same places.
bool are_equal(const Configuration& a, const Configuration& b);
/// init(), with maskers of a test's own; null: the engine's.
Result<Pipeline*> start_pipeline(Configuration configuration, MaskerMaker maskers);
/// Session::shutdown().
bool end_pipeline(Pipeline& pipeline, std::chrono::milliseconds deadline) noexcept;
/// The end of one session, as its destructor. nullopt: others of the pipeline's live, or it has ended.
std::optional<bool> end_session(Pipeline& pipeline, std::chrono::milliseconds deadline) noexcept;
/// Session::release().
bool release_session(Pipeline& pipeline, std::chrono::milliseconds deadline) noexcept;
/// Whether a session of it is in force. Takes no lock.
bool is_in_force(const Pipeline* pipeline) noexcept;
/// In a signal handler: Sink::crashed() of the session's outputs.
void pipeline_crashed(int dump) noexcept;
/// The threshold of every logger, by its name.
void apply_levels(const Configuration& configuration);
/// A child must not find the loggers' names locked by a thread that it has not.
void lock_loggers() noexcept;
void unlock_loggers() noexcept;
std::uint64_t runtime_event_count() noexcept;

}  // namespace pii::log
