#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "file/file_reading.hpp"
#include "pii/keyset.hpp"
#include "pii/keyset_cell.hpp"
#include "pii/observer.hpp"
#include "pii/provider.hpp"
#include "pii/providers/file_provider.hpp"
#include "pii/result.hpp"

namespace pii::providers {

/// Two equal readings at least this far apart make a change believable (docs/decisions/0002-quiet-file.md).
inline constexpr std::chrono::milliseconds kSettleTime{50};

/// One keyset file: reads it, decides whether what was read may be believed, keeps the cell and the observer
/// informed. look() needs one caller at a time; health() may be called meanwhile.
class KeysetFile {
 public:
  using Clock = std::chrono::steady_clock;

  enum class Look {
    settled,    // nothing changed, or a change was judged
    unsettled,  // something changed: look again after kSettleTime
  };

  /// `options` say which signature is needed, what opens a sealed file, and who is told; it outlives this.
  KeysetFile(KeysetUsage usage, std::string path, const FileProviderOptions& options, KeysetCell& cell);

  /// Reads the file once. Blocks on I/O only.
  Look look(Clock::time_point now);

  bool in_force() const { return cell_.share() != nullptr; }
  KeysetHealth health() const;
  /// Why the last judged look failed, if it did.
  std::optional<Error> last_error() const;

 private:
  // What was read, and what it means. A reading that failed has no content.
  struct Candidate {
    Clock::time_point since;
    std::optional<FileReading> reading;
    std::shared_ptr<const Keyset> keyset;
    std::optional<Error> error;  // when there is no keyset
    bool sealed;
  };

  Candidate make_candidate(Result<FileReading> reading, Clock::time_point now) const;
  Result<std::shared_ptr<const Keyset>> read_keyset(const Candidate& candidate) const;
  static bool is_same(const Candidate& candidate, const Result<FileReading>& reading);
  bool is_believable(const Candidate& candidate, Clock::time_point now) const;
  Look wait(Clock::time_point now);
  void accept(std::shared_ptr<const Keyset> keyset);
  void fail(const Error& error);
  void check_permissions(const FileAttributes& attributes);
  void notify(ProviderEvent::Kind kind, const Error* error) const;

  const KeysetUsage usage_;
  const std::string path_;
  KeysetCell& cell_;
  const FileProviderOptions& options_;

  std::optional<Candidate> candidate_;
  std::optional<Clock::time_point> unsettled_since_;

  mutable std::mutex mutex_;  // guards what follows
  std::optional<std::chrono::system_clock::time_point> loaded_at_;
  std::optional<std::chrono::system_clock::time_point> checked_at_;
  std::optional<Error> last_error_;
  std::string warning_;
};

}  // namespace pii::providers
