#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "kit/temporary_folder.hpp"

namespace pii::kit {

struct ScriptedRequest {
  std::string method;
  std::string path;  // with /v1/
  std::string body;
  std::map<std::string, std::string> headers;  // names in lower case
};

/// What the server does about one request: what a healthy one would, and what no healthy one does.
struct ScriptedResponse {
  int status = 200;
  std::string body = {};
  std::vector<std::string> headers = {};   // whole lines
  std::chrono::milliseconds delay{0};      // before the answer
  std::chrono::milliseconds drip{0};       // between two bytes of the body
  std::size_t cut_at = std::string::npos;  // the connection ends after so many bytes of the body
  std::size_t filler = 0;                  // so many bytes instead of the body
  bool reset = false;                      // no answer, the connection breaks
};

/// An HTTPS server on loopback that answers as a script says, each connection on a thread of its own. Its
/// certificate is made for it by an authority of its own. One that speaks no HTTP keeps what comes, and says nothing; its script's delay is after each read.
class ScriptedServer {
 public:
  enum class Certificate { good, none, expired, not_yet_valid, wrong_name, old_tls, wants_one };
  enum class Speaks { http, nothing };
  using Script = std::function<ScriptedResponse(const ScriptedRequest&)>;

  explicit ScriptedServer(Script script, Certificate certificate = Certificate::good, Speaks speaks = Speaks::http);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  std::string address() const;
  int port() const { return port_; }
  std::string ca_path() const { return folder_ / "ca.pem"; }
  std::vector<ScriptedRequest> requests() const;
  std::size_t count(std::string_view path) const;
  /// Bytes of bodies that clients took or that were on their way when they left.
  std::size_t sent() const { return sent_; }
  /// What came to a server that speaks nothing.
  std::string received() const;
  /// Resets every connection there is.
  void break_connections();

 private:
  class Connection;
  void make_certificates(Certificate kind);
  void accept_all();

  const Script script_;
  const Speaks speaks_;
  TemporaryFolder folder_;
  SSL_CTX* tls_ = nullptr;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<std::size_t> sent_{0};
  mutable std::mutex mutex_;
  std::vector<ScriptedRequest> requests_;
  std::string received_;
  std::vector<std::thread> connections_;
  std::vector<int> sockets_;
  std::thread acceptor_;
};

}  // namespace pii::kit
