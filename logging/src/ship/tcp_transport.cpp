#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "ship/curl_connection.hpp"
#include "ship/http_transport.hpp"

namespace pii::ship {

namespace {

constexpr std::chrono::milliseconds kGrace(200);

class TcpTransport final : public Transport {
 public:
  TcpTransport(const http::CurlLibrary& curl, TcpTarget target) : connection_(curl), target_(std::move(target)) {
    const bool bare_ipv6 = target_.host.find(':') != std::string::npos && !target_.host.starts_with('[');
    const std::string host = bare_ipv6 ? "[" + target_.host + "]" : target_.host;
    url_ = (target_.use_tls ? "https://" : "http://") + host + ":" + std::to_string(target_.port);
  }

  Response send(std::string_view body) override {
    if (connected_ && closed_by_peer()) connected_ = false;
    if (!connected_) {
      if (const Failure failure = connect(); failure != Failure::none) return {failure, 0, {}, {}};
    }
    const auto end = std::chrono::steady_clock::now() + target_.timeout;
    while (!body.empty()) {
      std::size_t sent = 0;
      const CURLcode code = connection_.curl().easy_send(connection_.handle(), body.data(), body.size(), &sent);
      body.remove_prefix(sent);
      if (code == CURLE_OK) continue;
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      if (code == CURLE_AGAIN && left.count() > 0 && !connection_.cancelled()) {
        connection_.wait_writable(socket_, left);
        continue;
      }
      // A line may have gone half-way, so the rest must not follow on this connection.
      connected_ = false;
      return {connection_.cancelled() ? Failure::cancelled : code == CURLE_AGAIN ? Failure::timeout : Failure::broken, 0, {}, {}};
    }
    return {Failure::none, 200, {}, {}};
  }

  void cancel() noexcept override { connection_.cancel(); }

  // A socket that is closed with something unread in it, such as TLS tickets, is reset, and what the system has not sent by then is lost.
  // What it has sent a receiver reads, too, if it is given a moment before it learns of the end.
  void finish(std::chrono::milliseconds deadline) noexcept override {
    if (!connected_ || !target_.use_tls) return;
    connected_ = false;
    ::shutdown(socket_, SHUT_WR);
    const auto now = [] { return std::chrono::steady_clock::now(); };
    auto end = now() + deadline;
    int unsent = 1;
    do {
      pollfd readable = {socket_, POLLIN, 0};
      char unread[4096];
      if (::poll(&readable, 1, 5) > 0) {
        const ssize_t got = ::recv(socket_, unread, sizeof unread, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return;
      }
      if (unsent != 0 && ::ioctl(socket_, SIOCOUTQ, &unsent) == 0 && unsent == 0) end = std::min(end, now() + kGrace);
    } while (now() < end);
  }

 private:
  Failure connect() {
    const http::CurlLibrary& curl = connection_.curl();
    connection_.release();
    curl.easy_reset(connection_.handle());
    connection_.prepare(target_.tls, url_, target_.timeout);
    connection_.set(CURLOPT_CONNECT_ONLY, 1L);
    connection_.set(CURLOPT_SSL_ENABLE_ALPN, 0L);  // what is spoken there is no HTTP
    const Failure failure = connection_.run();
    if (failure != Failure::none) return failure;
    curl.easy_getinfo(connection_.handle(), CURLINFO_ACTIVESOCKET, &socket_);
    connected_ = socket_ != CURL_SOCKET_BAD;
    return connected_ ? Failure::none : Failure::no_connection;
  }

  // Receivers of lines say nothing, so what can be read is an end.
  bool closed_by_peer() const {
    char byte[64];
    std::size_t got = 0;
    const CURLcode code = connection_.curl().easy_recv(connection_.handle(), byte, sizeof byte, &got);
    return code != CURLE_AGAIN && (code != CURLE_OK || got == 0);
  }

  CurlConnection connection_;
  const TcpTarget target_;
  std::string url_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  bool connected_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_tcp_transport(const TcpTarget& target) {
  const auto curl = http::CurlLibrary::get();
  if (!curl) return make_unusable_transport();
  return std::make_unique<TcpTransport>(**curl, target);
}

}  // namespace pii::ship
