#include "ship/http_transport.hpp"

#include "http/curl_headers.hpp"
#include "http/header_values.hpp"
#include "ship/curl_connection.hpp"
#include "ship/gzip.hpp"

namespace pii::ship {

namespace {

constexpr std::size_t kMaxAnswer = 16 << 20;

struct Exchange {
  Response response = {};
  Wall now = {};
};

std::size_t on_body(char* data, std::size_t one, std::size_t size, void* user) {
  auto& body = static_cast<Exchange*>(user)->response.body;
  if (one * size > kMaxAnswer - body.size()) return 0;
  body.append(data, one * size);
  return one * size;
}

std::size_t on_header(char* data, std::size_t one, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const auto header = http::split_header({data, one * size});
  if (header && header->is("retry-after")) exchange.response.retry_after = parse_retry_after(header->value, exchange.now);
  return one * size;
}

class HttpTransport final : public Transport {
 public:
  HttpTransport(const http::CurlLibrary& curl, HttpTarget target) : connection_(curl), target_(std::move(target)) {}

  Response send(std::string_view body) override {
    const http::CurlLibrary& curl = connection_.curl();
    curl.easy_reset(connection_.handle());  // keeps the connection
    Exchange exchange;
    exchange.now = std::chrono::system_clock::now();
    connection_.prepare(target_.tls, target_.url, target_.timeout);
    http::CurlHeaders headers(curl);
    headers.add(("Content-Type: " + target_.content_type).c_str());
    headers.add("Expect:");
    for (const auto& [name, value] : target_.headers) headers.add((name + ": " + value).c_str());
    if (const SecretBytes* const secret = target_.credentials.authorization()) headers.add("Authorization: ", *secret);
    if (target_.gzip && gzip(body, packed_)) {
      headers.add("Content-Encoding: gzip");
      body = packed_;
    }
    connection_.set(CURLOPT_HTTPHEADER, headers.get());
    connection_.set(CURLOPT_POST, 1L);
    connection_.set(CURLOPT_POSTFIELDS, body.data());
    connection_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    connection_.set(CURLOPT_WRITEFUNCTION, on_body);
    connection_.set(CURLOPT_WRITEDATA, &exchange);
    connection_.set(CURLOPT_HEADERFUNCTION, on_header);
    connection_.set(CURLOPT_HEADERDATA, &exchange);
    exchange.response.failure = connection_.run();
    curl.easy_getinfo(connection_.handle(), CURLINFO_RESPONSE_CODE, &exchange.response.status);
    connection_.release();
    connection_.set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    return std::move(exchange.response);
  }

  void cancel() noexcept override { connection_.cancel(); }

 private:
  CurlConnection connection_;
  const HttpTarget target_;
  std::string packed_;
};

class Unusable final : public Transport {
  Response send(std::string_view) override { return {Failure::unusable, 0, {}, {}}; }
  void cancel() noexcept override {}
};

}  // namespace

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Wall now) {
  if (const auto seconds = http::parse_retry_after(value)) return std::chrono::milliseconds(*seconds);
  const auto date = http::parse_http_date(value);
  if (!date) return std::nullopt;
  constexpr std::chrono::milliseconds kDay = std::chrono::hours(24);
  return std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(*date - now), std::chrono::milliseconds(0), kDay);
}

std::unique_ptr<Transport> make_unusable_transport() { return std::make_unique<Unusable>(); }

std::unique_ptr<Transport> make_http_transport(const HttpTarget& target) {
  const auto curl = http::CurlLibrary::get();
  if (!curl) return make_unusable_transport();
  return std::make_unique<HttpTransport>(**curl, target);
}

}  // namespace pii::ship
