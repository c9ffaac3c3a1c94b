// Header lines of a Vault server.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/header_values.hpp"
#include "vault/http_headers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pii::providers::vault;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  HttpResponse response;
  read_header(line, response);
  if (response.retry_after && (response.retry_after->count() < 0 || response.retry_after->count() > 86'400))
    std::abort();
  if (response.date) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(response.date->time_since_epoch()).count();
    if (seconds < -62'200'000'000 || seconds > 253'500'000'000) std::abort();  // years 0 to 9999
  }
  (void)pii::http::parse_retry_after(line);
  (void)pii::http::parse_http_date(line);
  return 0;
}
