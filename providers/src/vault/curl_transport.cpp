#include "vault/curl_transport.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <new>
#include <utility>

#include "http/curl_headers.hpp"
#include "vault/address.hpp"
#include "pii/providers/vault_provider.hpp"
#include "vault/curl_failure.hpp"
#include "vault/http_headers.hpp"

namespace pii::providers::vault {
namespace {

using http::CurlHeaders;
using http::CurlLibrary;

constexpr std::uint64_t kCleansePlaintext = 1U << 1;  // SSL_OP_CLEANSE_PLAINTEXT
constexpr std::size_t kMaxHeaders = 64 * 1024;

// A body grows in guarded memory; what it leaves is wiped.
class Body {
 public:
  bool append(const char* data, std::size_t size) {
    if (size > kMaxBody - used_) return false;
    if (used_ + size > bytes_.size()) {
      SecretBytes larger(std::max({used_ + size, 2 * bytes_.size(), std::size_t{16} << 10}));
      if (used_ != 0) std::memcpy(larger.expose_mutable().data(), bytes_.expose().data(), used_);
      bytes_ = std::move(larger);
    }
    std::memcpy(bytes_.expose_mutable().data() + used_, data, size);
    used_ += size;
    return true;
  }
  SecretBytes take() {
    if (!bytes_.empty()) bytes_.shrink(used_);
    return std::move(bytes_);
  }

 private:
  SecretBytes bytes_;
  std::size_t used_ = 0;
};

struct Exchange {
  HttpResponse response;
  Body body;
  std::array<char, CURL_ERROR_SIZE> words{};  // libcurl's, about what failed
  std::size_t header_bytes = 0;
  bool too_large = false;
  const std::atomic<bool>* cancelled = nullptr;
};

std::size_t on_body(char* data, std::size_t one, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (exchange.body.append(data, one * size)) return one * size;
  exchange.too_large = true;
  return 0;
}

std::size_t on_header(char* data, std::size_t one, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  exchange.header_bytes += one * size;
  if (exchange.header_bytes > kMaxHeaders) {
    exchange.too_large = true;
    return 0;
  }
  read_header({data, one * size}, exchange.response);
  return one * size;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Exchange*>(user)->cancelled->load() ? 1 : 0;
}

CURLcode on_tls_context(CURL*, void* context, void* user) {
  static_cast<const CurlLibrary*>(user)->ssl_set_options(context, kCleansePlaintext);
  return CURLE_OK;
}

class CurlTransport final : public HttpTransport {
 public:
  CurlTransport(const CurlLibrary& curl, VaultSettings settings, Address address)
      : curl_(curl), settings_(std::move(settings)), address_(std::move(address)) {}
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;
  ~CurlTransport() override {
    close();
    curl_.slist_free_all(connect_to_);
  }

  Result<HttpResponse> send(const HttpRequest& request) override {
    if (handle_ == nullptr) handle_ = curl_.easy_init();
    if (handle_ == nullptr) throw std::bad_alloc();
    curl_.easy_reset(handle_);  // keeps the connection
    Exchange exchange;
    exchange.cancelled = &cancelled_;
    CurlHeaders headers(curl_);
    headers.add("X-Vault-Request: true");
    headers.add("Accept: application/json");
    if (!settings_.server_namespace.empty()) {
      headers.add(("X-Vault-Namespace: " + settings_.server_namespace).c_str());
    }
    if (request.token != nullptr) headers.add("X-Vault-Token: ", *request.token);
    if (!request.body.empty()) headers.add("Content-Type: application/json");
    headers.add("Expect:");
    prepare_connection();
    prepare_request(request, headers, exchange);
    const CURLcode code = curl_.easy_perform(handle_);
    if (exchange.too_large) {
      return Error(ErrorCode::too_large, address_.shown + ": the answer is larger than any keyset",
                   "check that PII_VAULT_ADDR is a Vault or OpenBao server");
    }
    if (code != CURLE_OK) {
      CurlFailure failure{code, 0, exchange.words.data(), !settings_.client_certificate_path.empty()};
      curl_.easy_getinfo(handle_, CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
      set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
      return to_error(failure, address_.shown);
    }
    curl_.easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &exchange.response.status);
    exchange.response.body = exchange.body.take();
    return std::move(exchange.response);
  }

  void cancel() noexcept override { cancelled_ = true; }
  void close() noexcept override {
    curl_.easy_cleanup(handle_);
    handle_ = nullptr;
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    (void)curl_.easy_setopt(handle_, option, value);
  }
  void set_path(CURLoption option, const std::string& path) {
    if (!path.empty()) set(option, path.c_str());
  }

  void prepare_connection() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, address_.plain_http ? "http" : "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PROXY, settings_.proxy.c_str());  // "" also hides those of the environment
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_HTTPAUTH, 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, settings_.skip_verify ? 0L : 1L);
    set(CURLOPT_SSL_VERIFYHOST, settings_.skip_verify ? 0L : 2L);
    set_path(CURLOPT_CAINFO, settings_.ca_certificate_path);
    if (!settings_.ca_certificate_path.empty() && settings_.ca_folder_path.empty()) {
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // that authority and no other
    }
    set_path(CURLOPT_CAPATH, settings_.ca_folder_path);
    set_path(CURLOPT_SSLCERT, settings_.client_certificate_path);
    set_path(CURLOPT_SSLKEY, settings_.client_key_path);
    if (curl_.ssl_set_options != nullptr) {
      set(CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
      set(CURLOPT_SSL_CTX_DATA, const_cast<CurlLibrary*>(&curl_));
    }
    if (!address_.connect_to.empty()) {
      if (connect_to_ == nullptr) connect_to_ = curl_.slist_append(nullptr, address_.connect_to.c_str());
      set(CURLOPT_CONNECT_TO, connect_to_);
    }
  }

  void prepare_request(const HttpRequest& request, const CurlHeaders& headers, Exchange& exchange) {
    set(CURLOPT_URL, (address_.url + "/v1/" + request.path).c_str());
    set(CURLOPT_CUSTOMREQUEST, request.method);
    // On a connection that was used before and turns out dead, libcurl sends again.
    set(CURLOPT_FRESH_CONNECT, request.once ? 1L : 0L);
    set(CURLOPT_HTTPHEADER, headers.get());
    if (!request.body.empty()) {
      set(CURLOPT_POSTFIELDS, reinterpret_cast<const char*>(request.body.expose().data()));
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    const auto timeout = std::max(request.timeout, std::chrono::milliseconds(1));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_WRITEFUNCTION, on_body);
    set(CURLOPT_WRITEDATA, &exchange);
    set(CURLOPT_HEADERFUNCTION, on_header);
    set(CURLOPT_HEADERDATA, &exchange);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, on_progress);
    set(CURLOPT_XFERINFODATA, &exchange);
    set(CURLOPT_ERRORBUFFER, exchange.words.data());
  }

  const CurlLibrary& curl_;
  const VaultSettings settings_;
  const Address address_;
  CURL* handle_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

Result<std::unique_ptr<HttpTransport>> make_curl_transport(const VaultSettings& settings) {
  const auto address = parse_address(settings);
  if (!address) return address.error();
  const auto curl = CurlLibrary::get();
  if (!curl) return curl.error();
  return std::unique_ptr<HttpTransport>(std::make_unique<CurlTransport>(**curl, settings, *address));
}

}  // namespace pii::providers::vault

namespace pii::providers {
void wipe_what_the_vault_transport_frees() noexcept { http::wipe_what_curl_frees(); }
}  // namespace pii::providers
