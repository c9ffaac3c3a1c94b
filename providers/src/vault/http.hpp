#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii::providers::vault {

/// Answers beyond this are cut off: a keyset of the largest size, every byte of it escaped, fits.
inline constexpr std::size_t kMaxBody = std::size_t{8} << 20;

struct HttpRequest {
  const char* method = "GET";
  std::string path;                    // below /v1/
  const SecretBytes* token = nullptr;  // X-Vault-Token
  SecretBytes body;                    // JSON, or empty
  std::chrono::milliseconds timeout{10'000};
  bool once = false;  // never sent twice by the transport itself
};

struct HttpResponse {
  long status = 0;
  SecretBytes body;
  std::optional<std::chrono::seconds> retry_after;
  std::optional<std::chrono::system_clock::time_point> date;  // the server's clock
};

/// One exchange with the server. Errors: provider_unavailable when there was no answer, no_secure_connection,
/// too_large; the message says what happened and never repeats what was sent or received.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
  /// Makes a send() in progress, and every later one, end soon. From any thread.
  virtual void cancel() noexcept = 0;
  /// Ends the connection and forgets what was sent over it; a later send() opens another. Not during a
  /// send().
  virtual void close() noexcept = 0;
};

}  // namespace pii::providers::vault
