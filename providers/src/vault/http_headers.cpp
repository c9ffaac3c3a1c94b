#include "vault/http_headers.hpp"

#include "http/header_values.hpp"

namespace pii::providers::vault {

void read_header(std::string_view line, HttpResponse& response) {
  const auto header = http::split_header(line);
  if (!header) return;
  if (header->is("retry-after")) response.retry_after = http::parse_retry_after(header->value);
  if (header->is("date")) response.date = http::parse_http_date(header->value);
}

}  // namespace pii::providers::vault
