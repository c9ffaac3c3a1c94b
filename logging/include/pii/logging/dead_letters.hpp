#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/logging/ship.hpp"
#include "pii/result.hpp"

namespace pii::ship {

/// What could not be delivered or handled, masked, with why (docs/logging.md, "Dead letters").
struct DeadLetter {
  std::string id = {};             // 26 characters that sort by time
  std::string failed_at = {};      // ISO 8601, UTC
  std::string source = {};         // the shipper's name, or the handler's
  std::string event_type = {};
  std::string error_message = {};
  std::string correlation_id = {};
  std::uint64_t retry_count = 0;
  std::string reprocessed_at = {};  // empty: not yet
  std::string event_data = {};      // JSON
};

/// A folder of dead letters: NDJSON files of mode 0600, to which processes append while others read, mark and purge.
class PII_EXPORT DeadLetterFolder {
 public:
  explicit DeadLetterFolder(std::string path) : path_(std::move(path)) {}

  /// All of them, the oldest first. `damaged` counts lines that are none. Errors: file_not_found, file_unreadable.
  Result<std::vector<DeadLetter>> read(std::uint64_t* damaged = nullptr) const;
  /// Marks letters as handled now. Returns how many were found. Errors: as read(), output_failed.
  Result<std::size_t> mark_reprocessed(const std::vector<std::string>& ids) const;
  /// Removes the letters that `which` names. Returns how many. Errors: as read(), output_failed.
  Result<std::size_t> purge(const std::function<bool(const DeadLetter&)>& which) const;

 private:
  std::string path_;
};

/// Where an application puts events that its handlers could not handle. Everything but the ids is masked by the session's engine
/// before it is written. From any thread; nothing throws.
class PII_EXPORT DeadLetters {
 public:
  explicit DeadLetters(DeadLetterPolicy policy);
  DeadLetters(const DeadLetters&) = delete;
  DeadLetters& operator=(const DeadLetters&) = delete;
  ~DeadLetters();

  /// `event` is JSON; what is not is kept as text. False when the disk or the limit did not take it.
  bool store(std::string_view event_type, std::string_view event, std::string_view error_message,
             std::string_view correlation_id = {}, std::uint64_t retry_count = 0) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pii::ship
