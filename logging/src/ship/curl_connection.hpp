#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "http/curl_library.hpp"
#include "pii/logging/ship.hpp"
#include "ship/transport.hpp"

namespace pii::ship {

/// One of libcurl's handles, driven so that another thread can end it at once.
class CurlConnection {
 public:
  explicit CurlConnection(const http::CurlLibrary& curl);
  CurlConnection(const CurlConnection&) = delete;
  CurlConnection& operator=(const CurlConnection&) = delete;
  ~CurlConnection();

  const http::CurlLibrary& curl() const noexcept { return curl_; }
  CURL* handle() const noexcept { return handle_; }
  template <class Value>
  void set(CURLoption option, Value value) const {
    static_cast<void>(curl_.easy_setopt(handle_, option, value));
  }
  /// What every connection of ours has: verified TLS of 1.2 or later, no redirects, no netrc.
  void prepare(const Tls& tls, const std::string& url, std::chrono::milliseconds timeout) const;
  /// Runs the transfer. It stays in place, so that a connection can be used on, until release().
  Failure run();
  void release() noexcept;
  /// Waits until the socket can be written; false: cancelled, or too late.
  bool wait_writable(curl_socket_t socket, std::chrono::milliseconds timeout);
  void cancel() noexcept;
  bool cancelled() const noexcept { return cancelled_.load(); }

 private:
  const http::CurlLibrary& curl_;
  CURLM* multi_;
  CURL* handle_;
  bool added_ = false;
  std::atomic<bool> cancelled_{false};
};

/// What libcurl's error means.
Failure to_failure(CURLcode code) noexcept;

}  // namespace pii::ship
