#include "ship/curl_connection.hpp"

#include <new>

namespace pii::ship {

namespace {
// CURLOPT_QUICK_EXIT, since 7.87; an older libcurl refuses it. A name service that hangs does not hold us then.
constexpr auto kQuickExit = static_cast<CURLoption>(CURLOPTTYPE_LONG + 322);
}  // namespace

CurlConnection::CurlConnection(const http::CurlLibrary& curl) : curl_(curl), multi_(curl.multi_init()), handle_(curl.easy_init()) {
  if (multi_ != nullptr && handle_ != nullptr) return;
  if (handle_ != nullptr) curl_.easy_cleanup(handle_);
  if (multi_ != nullptr) curl_.multi_cleanup(multi_);
  throw std::bad_alloc();
}

CurlConnection::~CurlConnection() {
  release();
  curl_.easy_cleanup(handle_);
  curl_.multi_cleanup(multi_);
}

void CurlConnection::prepare(const Tls& tls, const std::string& url, std::chrono::milliseconds timeout) const {
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, url.starts_with("https:") ? "https" : "http");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  set(kQuickExit, 1L);
  const auto path = [this](CURLoption option, const std::string& value) {
    if (!value.empty()) set(option, value.c_str());
  };
  path(CURLOPT_CAINFO, tls.ca_path);
  if (!tls.ca_path.empty()) set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // that authority and no other
  path(CURLOPT_SSLCERT, tls.client_certificate_path);
  path(CURLOPT_SSLKEY, tls.client_key_path);
}

Failure CurlConnection::run() {
  release();
  if (curl_.multi_add_handle(multi_, handle_) != CURLM_OK) return Failure::unusable;
  added_ = true;
  for (;;) {
    int running = 0;
    if (curl_.multi_perform(multi_, &running) != CURLM_OK) return Failure::unusable;
    if (cancelled_) return Failure::cancelled;
    if (running == 0) break;
    curl_.multi_poll(multi_, nullptr, 0, 1000, nullptr);
  }
  int left = 0;
  const CURLMsg* const message = curl_.multi_info_read(multi_, &left);
  return message == nullptr ? Failure::unusable : to_failure(message->data.result);
}

void CurlConnection::release() noexcept {
  if (added_) curl_.multi_remove_handle(multi_, handle_);
  added_ = false;
}

bool CurlConnection::wait_writable(curl_socket_t socket, std::chrono::milliseconds timeout) {
  curl_waitfd wait = {socket, CURL_WAIT_POLLOUT, 0};
  int ready = 0;
  curl_.multi_poll(multi_, &wait, 1, static_cast<int>(timeout.count()), &ready);
  return !cancelled_ && wait.revents != 0;
}

void CurlConnection::cancel() noexcept {
  cancelled_ = true;
  curl_.multi_wakeup(multi_);
}

Failure to_failure(CURLcode code) noexcept {
  switch (code) {
    case CURLE_OK: return Failure::none;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return Failure::no_host;
    case CURLE_COULDNT_CONNECT: return Failure::no_connection;
    case CURLE_OPERATION_TIMEDOUT: return Failure::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER: return Failure::tls;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_OUT_OF_MEMORY: return Failure::unusable;
    default: return Failure::broken;
  }
}

}  // namespace pii::ship
