#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ship/record.hpp"

namespace pii::ship {

/// Why there was no answer.
enum class Failure : std::uint8_t { none, no_host, no_connection, tls, timeout, broken, cancelled, unusable };

struct Response {
  Failure failure = Failure::none;
  long status = 0;
  std::string body = {};
  std::optional<std::chrono::milliseconds> retry_after = {};
};

/// To one receiver. send() is called by one thread at a time.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Response send(std::string_view body) = 0;
  /// Makes a send() in progress, and every later one, end within milliseconds. From any thread.
  virtual void cancel() noexcept = 0;
  /// The last call, when the process may end: a receiver that does not say what it has gets so long to read what was sent.
  virtual void finish(std::chrono::milliseconds /*deadline*/) noexcept {}
};
using TransportMaker = std::function<std::unique_ptr<Transport>()>;

/// `Retry-After`: seconds or an HTTP date.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Wall now);

}  // namespace pii::ship
