#include "kit/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

namespace pii::kit {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "scripted server: %s\n", what);
  std::abort();
}

X509* make_certificate(EVP_PKEY* key, const char* name, const char* alternatives, long from, long to,
                       X509* issuer, EVP_PKEY* issuer_key) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  static std::atomic<long> serial{std::time(nullptr)};
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), to);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer != nullptr ? issuer : certificate));
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer != nullptr ? issuer : certificate, certificate, nullptr, nullptr, 0);
  const auto extend = [&](int kind, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints, issuer != nullptr ? "CA:FALSE" : "critical,CA:TRUE");
  if (alternatives != nullptr) extend(NID_subject_alt_name, alternatives);
  X509_sign(certificate, issuer_key, EVP_sha256());
  return certificate;
}

// Ends it with a reset instead of a goodbye.
void break_connection(int socket) {
  sockaddr nowhere{};
  nowhere.sa_family = AF_UNSPEC;
  (void)::connect(socket, &nowhere, sizeof nowhere);
}

}  // namespace

// One connection: plain or TLS, answers until it ends.
class ScriptedServer::Connection {
 public:
  Connection(ScriptedServer& server, int socket) : server_(server), socket_(socket) {}
  ~Connection() {
    if (ssl_ != nullptr) SSL_free(ssl_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void serve() {
    if (server_.tls_ != nullptr) {
      ssl_ = SSL_new(server_.tls_);
      SSL_set_fd(ssl_, socket_);
      if (SSL_accept(ssl_) != 1) return;
    }
    if (server_.speaks_ == Speaks::nothing) {
      while (read_more()) {
        if (server_.script_) wait(server_.script_({}).delay);
        const std::lock_guard lock(server_.mutex_);
        server_.received_ += std::exchange(buffer_, {});
      }
      return;
    }
    while (auto request = read_request()) {
      {
        const std::lock_guard lock(server_.mutex_);
        server_.requests_.push_back(*request);
      }
      if (!answer(server_.script_(*request))) return;
    }
  }

 private:
  std::optional<ScriptedRequest> read_request() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return std::nullopt;
      if (ssl_ == nullptr && buffer_[0] == '\x16') {  // TLS where none is spoken
        (void)write("HTTP/1.0 400 Bad Request\r\n\r\n");
        return std::nullopt;
      }
    }
    ScriptedRequest request;
    std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    const std::size_t line = head.find("\r\n");
    const std::size_t first = head.find(' ');
    const std::size_t second = head.find(' ', first + 1);
    request.method = head.substr(0, first);
    request.path = head.substr(first + 1, second - first - 1);
    for (std::size_t at = line + 2; at < head.size();) {
      const std::size_t next = head.find("\r\n", at);
      const std::size_t colon = head.find(": ", at);
      std::string name = head.substr(at, colon - at);
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      request.headers[name] = head.substr(colon + 2, next - colon - 2);
      at = next + 2;
    }
    const std::size_t size =
        request.headers.count("content-length") != 0 ? std::stoul(request.headers["content-length"]) : 0;
    while (buffer_.size() < size) {
      if (!read_more()) return std::nullopt;
    }
    request.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return request;
  }

  bool answer(const ScriptedResponse& response) {
    wait(response.delay);
    if (response.reset) {
      break_connection(socket_);
      return false;
    }
    const std::size_t size = response.filler != 0 ? response.filler : response.body.size();
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " scripted\r\n";
    for (const std::string& line : response.headers) head += line + "\r\n";
    if (response.status != 204) head += "Content-Length: " + std::to_string(size) + "\r\n";
    if (!write(head + "\r\n")) return false;
    if (response.filler != 0) {
      const std::string block(64 * 1024, 'x');
      for (std::size_t sent = 0; sent < size; sent += block.size()) {
        if (!write(block)) return false;
        server_.sent_ += block.size();
      }
      return true;
    }
    const std::string body = response.body.substr(0, response.cut_at);
    if (response.drip.count() == 0) {
      if (!write(body)) return false;
    } else {
      for (const char c : body) {
        wait(response.drip);
        if (server_.stop_ || !write(std::string(1, c))) return false;
      }
    }
    return body.size() == response.body.size();
  }

  void wait(std::chrono::milliseconds time) const {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!server_.stop_ && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::min(time, std::chrono::milliseconds(10)));
    }
  }
  bool read_more() {
    char block[8192];
    const auto got = ssl_ != nullptr ? static_cast<ssize_t>(SSL_read(ssl_, block, sizeof block))
                                     : ::recv(socket_, block, sizeof block, 0);
    if (got > 0) buffer_.append(block, static_cast<std::size_t>(got));
    return got > 0;
  }
  bool write(const std::string& data) {
    if (data.empty()) return true;
    if (ssl_ != nullptr) return SSL_write(ssl_, data.data(), static_cast<int>(data.size())) > 0;
    return ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(data.size());
  }

  ScriptedServer& server_;
  const int socket_;
  SSL* ssl_ = nullptr;
  std::string buffer_;
};

ScriptedServer::ScriptedServer(Script script, Certificate certificate, Speaks speaks)
    : script_(std::move(script)), speaks_(speaks) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  if (certificate != Certificate::none) make_certificates(certificate);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&place), size) != 0 || ::listen(listener_, 1024) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size) != 0) {
    give_up("no port");
  }
  port_ = ntohs(place.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  stop_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  for (std::thread& connection : connections_) connection.join();
  for (const int socket : sockets_) ::close(socket);
  ::close(listener_);
  SSL_CTX_free(tls_);
}

std::string ScriptedServer::address() const {
  return (tls_ != nullptr ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

std::vector<ScriptedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::string ScriptedServer::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::size_t ScriptedServer::count(std::string_view path) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      requests_.begin(), requests_.end(), [path](const auto& request) { return request.path == path; }));
}

void ScriptedServer::break_connections() {
  const std::lock_guard lock(mutex_);
  for (const int socket : sockets_) break_connection(socket);
}

void ScriptedServer::make_certificates(Certificate kind) {
  EVP_PKEY* authority_key = EVP_EC_gen("P-256");
  EVP_PKEY* key = EVP_EC_gen("P-256");
  constexpr long kDay = 86'400;
  X509* authority =
      make_certificate(authority_key, "test authority", nullptr, -kDay, kDay, nullptr, authority_key);
  const long shift =
      kind == Certificate::expired ? -2 * kDay : (kind == Certificate::not_yet_valid ? 2 * kDay : 0);
  X509* certificate = make_certificate(key, "scripted server",
                                       kind == Certificate::wrong_name ? "DNS:other.example" : "IP:127.0.0.1",
                                       shift - kDay, shift + kDay, authority, authority_key);
  std::FILE* file = std::fopen(ca_path().c_str(), "w");
  if (file == nullptr || PEM_write_X509(file, authority) != 1) give_up("no certificate");
  std::fclose(file);
  tls_ = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate(tls_, certificate) != 1 || SSL_CTX_use_PrivateKey(tls_, key) != 1)
    give_up("no TLS");
  if (kind == Certificate::old_tls) {
    SSL_CTX_set_security_level(tls_, 0);
    SSL_CTX_set_max_proto_version(tls_, TLS1_1_VERSION);
  }
  if (kind == Certificate::wants_one) {
    SSL_CTX_set_verify(tls_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  X509_free(certificate);
  X509_free(authority);
  EVP_PKEY_free(key);
  EVP_PKEY_free(authority_key);
}

void ScriptedServer::accept_all() {
  while (!stop_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    {
      const std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
    }
    connections_.emplace_back([this, socket] {
      Connection(*this, socket).serve();
      ::shutdown(socket, SHUT_RDWR);
    });
  }
}

}  // namespace pii::kit
