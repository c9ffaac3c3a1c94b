#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pii/export.hpp"
#include "pii/logging/sink.hpp"
#include "pii/protector.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

/// Lines to a receiver over the network: queue, batches, retries, spool and dead letters (docs/logging.md, "Shipping").
namespace pii::ship {

/// What a full queue does with one line more. `block`: the caller waits for room, at most block_timeout and once a second.
/// `spool`: the queue is a folder on disk, which survives the process.
enum class Overflow : std::uint8_t { drop_new, drop_old, block, spool };

struct QueuePolicy {
  std::size_t max_bytes = 64 << 20;
  std::size_t max_records = 100'000;
  Overflow on_full = Overflow::drop_new;
  std::chrono::milliseconds block_timeout{100};
};
/// A batch is sent when it has so many records or bytes, or when its first record is so old.
struct BatchPolicy {
  std::size_t max_records = 2048;
  std::size_t max_bytes = 4 << 20;  // of the lines; a longer line is dropped and counted
  std::chrono::milliseconds max_age{1000};
};
/// The n-th wait is random between 0 and min(max, initial * multiplier^(n-1)); what the receiver asks for is waited at least.
struct RetryPolicy {
  unsigned max_attempts = 0;  // 0: as many as max_elapsed allows
  std::chrono::milliseconds initial{1000};
  std::chrono::milliseconds max{30'000};
  double multiplier = 2;
  std::chrono::milliseconds max_elapsed{300'000};  // after that: dead letters, or dropped; with a spool never
  bool honour_retry_after = true;
};
/// For Overflow::spool: segments in a folder that one process uses at a time; it is made, and the one above it.
struct SpoolPolicy {
  std::string folder = {};
  std::uint64_t max_bytes = 512ULL << 20;
  std::uint64_t segment_bytes = 16 << 20;
  std::chrono::milliseconds sync_interval{500};  // fsync, 0: never; what was written survives the process at once
  /// Lines lie on disk as its ciphertexts (field type `log_line`); null: as they are, masked. Without a key a line goes to memory,
  /// and what is on disk waits for one.
  std::shared_ptr<const Protector> cipher = {};
};
/// Where records go that a receiver refuses; empty: nowhere.
struct DeadLetterPolicy {
  std::string folder = {};
  std::uint64_t max_bytes = 256ULL << 20;
};
struct Tls {
  std::string ca_path = {};                  // empty: the system's authorities
  std::string client_certificate_path = {};
  std::string client_key_path = {};
};
struct Options {
  std::string name = {};  // in dead letters and statistics; empty: the kind of the receiver
  QueuePolicy queue = {};
  BatchPolicy batch = {};
  RetryPolicy retry = {};
  SpoolPolicy spool = {};
  DeadLetterPolicy dead_letters = {};
  Tls tls = {};
  bool gzip = true;
  std::chrono::milliseconds timeout{10'000};  // for one request
};

/// accepted = sent + queued + spooled + dropped_* + rejected + dead_lettered, always. Records unless it says otherwise.
struct Counts {
  std::uint64_t accepted = 0;
  std::uint64_t sent = 0;           // the receiver said that it has them
  std::uint64_t queued = 0;         // in memory
  std::uint64_t spooled = 0;        // on disk
  std::uint64_t dropped_full = 0;
  std::uint64_t dropped_oversize = 0;
  std::uint64_t dropped_exhausted = 0;  // retried for too long
  std::uint64_t dropped_ended = 0;      // not sent when the session ended, or later
  std::uint64_t dropped_corrupt = 0;    // damaged on disk
  std::uint64_t rejected = 0;           // refused by the receiver, with nowhere to put them
  std::uint64_t dead_lettered = 0;
  // Beside the sum:
  std::uint64_t recovered = 0;       // of `accepted`: found in the spool of an earlier process
  std::uint64_t duplicates = 0;      // of `sent`: the receiver had them already
  std::uint64_t requests = 0;
  std::uint64_t failed_requests = 0;
  std::uint64_t retried = 0;         // records sent once more
  std::uint64_t spool_failures = 0;  // lines that went to memory, because the disk did not take them
  std::chrono::milliseconds oldest_age{0};
  std::string last_error = {};       // what went wrong last; never a value

  std::uint64_t dropped() const noexcept {
    return dropped_full + dropped_oversize + dropped_exhausted + dropped_ended + dropped_corrupt;
  }
};

/// A sink with a queue and a thread of its own, which begins with the first line. write() never waits for the network.
class PII_EXPORT Shipper : public log::Sink {
 public:
  bool remote() const noexcept override { return true; }
  virtual Counts shipping() const = 0;
};

/// How to say who we are; the secret is kept in guarded memory.
class PII_EXPORT Credentials {
 public:
  Credentials() = default;
  static Credentials bearer(std::string_view token);
  static Credentials api_key(std::string_view key);  // Elasticsearch's, encoded
  static Credentials basic(std::string_view user, std::string_view password);

  /// The value of the header Authorization; null: none.
  const SecretBytes* authorization() const noexcept { return value_.get(); }

 private:
  explicit Credentials(std::shared_ptr<const SecretBytes> value) : value_(std::move(value)) {}
  std::shared_ptr<const SecretBytes> value_ = {};
};

}  // namespace pii::ship
