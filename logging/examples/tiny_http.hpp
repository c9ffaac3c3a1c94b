#pragma once

// As much HTTP as the example needs: one request a connection, on loopback. Not for other use.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <strings.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace tiny {

using Headers = std::vector<std::pair<std::string, std::string>>;
struct Request {
  std::string method, target, body;
  Headers headers;
};
struct Response {
  int status = 200;
  Headers headers = {};
  std::string body = {};
};

inline sockaddr_in loopback(int port) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  place.sin_port = htons(static_cast<std::uint16_t>(port));
  return place;
}
inline void send_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}
// Everything up to the blank line, and a body of Content-Length.
inline bool receive(int socket, std::string& head, std::string& body) {
  std::string all;
  char block[4096];
  for (;;) {
    const std::size_t end = all.find("\r\n\r\n");
    if (end != std::string::npos) {
      head = all.substr(0, end + 2);
      body = all.substr(end + 4);
      std::size_t size = 0;
      for (std::size_t at = 0; (at = head.find("\r\n", at)) != std::string::npos; at += 2) {
        if (head.size() > at + 18 && ::strncasecmp(head.c_str() + at + 2, "content-length: ", 16) == 0) size = std::stoul(head.substr(at + 18));
      }
      if (body.size() >= size) return true;
    }
    const ssize_t got = ::recv(socket, block, sizeof block, 0);
    if (got <= 0) return false;
    all.append(block, static_cast<std::size_t>(got));
  }
}

/// Handles requests one after another, on a thread of its own.
class Server {
 public:
  explicit Server(std::function<Response(const Request&)> handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place = loopback(0);
    socklen_t size = sizeof place;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&place), size) != 0 || ::listen(listener_, 16) != 0) std::abort();
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size);
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  int port() const { return port_; }

 private:
  void serve() {
    for (int socket; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; ::close(socket)) {
      std::string head;
      Request request;
      if (!receive(socket, head, request.body)) continue;
      const std::size_t first = head.find(' ');
      const std::size_t second = head.find(' ', first + 1);
      request.method = head.substr(0, first);
      request.target = head.substr(first + 1, second - first - 1);
      for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const std::size_t end = head.find("\r\n", at);
        const std::size_t colon = head.find(':', at);
        if (colon < end) {
          std::string value = head.substr(colon + 1, end - colon - 1);
          value.erase(0, value.find_first_not_of(' '));
          const std::string name = head.substr(at, colon - at);
          // Several headers of one name are one list.
          bool joined = false;
          for (auto& [known, list] : request.headers) {
            if (::strcasecmp(known.c_str(), name.c_str()) == 0) list += "," + value, joined = true;
          }
          if (!joined) request.headers.emplace_back(name, std::move(value));
        }
        at = end + 2;
      }
      Response response;
      try {
        response = handler_(request);
      } catch (const std::exception&) {
        response.status = 500;
      }
      std::string text = "HTTP/1.1 " + std::to_string(response.status) + " x\r\nConnection: close\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n";
      for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
      send_all(socket, text + "\r\n" + response.body);
    }
  }

  const std::function<Response(const Request&)> handler_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

/// POSTs a form to a server of this machine; its status, 0 when there was no answer.
inline int post(int port, std::string_view target, const Headers& headers, std::string_view body) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in place = loopback(port);
  std::string head, answer;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0) {
    std::string text = "POST " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    send_all(socket, text + "\r\n" + std::string(body));
    receive(socket, head, answer);
  }
  ::close(socket);
  return head.size() > 12 ? std::atoi(head.c_str() + 9) : 0;
}

}  // namespace tiny
