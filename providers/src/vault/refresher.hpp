#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "pii/keyset_cell.hpp"
#include "pii/observer.hpp"
#include "pii/provider.hpp"
#include "pii/providers/vault_settings.hpp"
#include "vault/session.hpp"

namespace pii::providers::vault {

/// Reads the keysets that the settings name and puts them in force together; remembers how it went. attempt()
/// and withdraw_if_stale() need one caller at a time; the others may be called meanwhile.
class Refresher {
 public:
  Refresher(const VaultSettings& settings, Session& session, Pace& pace, KeysetCell& token,
            KeysetCell& reveal, std::shared_ptr<Observer> observer);

  /// One attempt. Blocks for at most the settings' time-out.
  void attempt();
  /// When to attempt again: after the refresh time, or after a back-off that grows with every failure.
  Pace::Clock::time_point next_attempt() const { return next_attempt_; }
  /// When the keysets become too old, if they may.
  std::optional<Pace::Clock::time_point> stale_at() const;
  void withdraw_if_stale();

  /// What load() answers: nothing when the keyset is in force, else why not. Waits until the first attempt is
  /// over.
  std::optional<Error> reason(KeysetUsage usage, Pace::Clock::time_point deadline);
  KeysetHealth health(KeysetUsage usage) const;

 private:
  struct Entry {
    KeysetUsage usage;
    std::string path;  // empty: not configured
    KeysetCell* cell = nullptr;
    std::optional<std::uint64_t> revision;
    std::optional<std::chrono::system_clock::time_point> loaded_at;
    std::shared_ptr<const Keyset> found;  // of the attempt that runs
    std::optional<std::uint64_t> found_revision;
  };

  std::optional<Failure> find_all();
  std::optional<Failure> find(Entry& entry);
  void accept();
  void fail(const Failure& failure);
  void notify(ProviderEvent::Kind kind, const Entry& entry, const Error* error) const;
  void warn_of_skipped_verification() const;

  const VaultSettings& settings_;
  Session& session_;
  Pace& pace_;
  const std::shared_ptr<Observer> observer_;
  Pace::Clock::time_point next_attempt_;
  std::optional<Pace::Clock::time_point> last_success_;
  unsigned failures_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable first_attempt_over_;
  bool attempted_ = false;
  std::array<Entry, 2> entries_;  // by KeysetUsage
  std::optional<std::chrono::system_clock::time_point> checked_at_;
  std::optional<std::chrono::system_clock::time_point> confirmed_at_;
  std::optional<Error> last_error_;
};

}  // namespace pii::providers::vault
