#pragma once

#include <string>
#include <vector>

#include "pii/logging/ship.hpp"
#include "ship/transport.hpp"

namespace pii::ship {

/// Where and how bodies are posted.
struct HttpTarget {
  std::string url = {};
  std::string content_type = {};
  Credentials credentials = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  Tls tls = {};
  bool gzip = true;
  std::chrono::milliseconds timeout{10'000};
};

/// Posts bodies with libcurl, over one connection that it keeps.
std::unique_ptr<Transport> make_http_transport(const HttpTarget& target);

/// Lines over TCP, or TLS, without an answer: what the system took counts as sent.
struct TcpTarget {
  std::string host = {};
  std::uint16_t port = 0;
  bool use_tls = false;
  Tls tls = {};
  std::chrono::milliseconds timeout{10'000};
};
std::unique_ptr<Transport> make_tcp_transport(const TcpTarget& target);

/// Without a libcurl: every send() fails as unusable.
std::unique_ptr<Transport> make_unusable_transport();

}  // namespace pii::ship
