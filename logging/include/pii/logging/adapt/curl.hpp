#pragma once

// For programs that send requests with libcurl; header only.

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "pii/logging/span.hpp"

namespace pii::log::adapt {

/// Adds the current span's traceparent and tracestate to a list of headers for CURLOPT_HTTPHEADER; the list stays the caller's, and
/// may be null. False: no memory, and the list is as it was or has one of them.
inline bool inject(curl_slist*& headers) {
  bool all = true;
  trace::inject([&](std::string_view name, std::string_view value) {
    curl_slist* const longer = curl_slist_append(headers, (std::string(name) + ": " + std::string(value)).c_str());
    if (longer != nullptr) headers = longer;
    all = all && longer != nullptr;
  });
  return all;
}

/// Whether `header` is one that inject() adds.
inline bool is_trace_header(std::string_view header) {
  const std::string name(header.substr(0, header.find_first_of(":;")));
  return curl_strequal(name.c_str(), "traceparent") != 0 || curl_strequal(name.c_str(), "tracestate") != 0;
}

/// curl_easy_perform() in a client's span, which the request carries behind `headers`: all that it is to have, as libcurl does not tell a
/// handle's CURLOPT_HTTPHEADER (null: none). Their own traceparent and tracestate are left out; they stay the caller's and the handle's.
/// The span has `http.response.status_code`, `url.full` (masked), and an error for what failed, 4xx and 5xx. CURLE_OUT_OF_MEMORY: nothing was sent.
inline CURLcode traced_perform(const trace::Tracer& tracer, CURL* handle, curl_slist* headers, std::string_view method = "GET") {
  trace::SpanOptions options;
  options.kind = trace::Kind::client;
  trace::Span span(tracer, method, std::move(options));
  span.set("http.request.method", method);
  curl_slist* list = nullptr;
  bool all = true;
  for (const curl_slist* header = headers; header != nullptr && all; header = header->next) {
    if (is_trace_header(header->data)) continue;
    curl_slist* const longer = curl_slist_append(list, header->data);
    if (longer != nullptr) list = longer;
    all = longer != nullptr;
  }
  CURLcode code = CURLE_OUT_OF_MEMORY;  // a request without one of its headers is another request
  if (all && inject(list)) {
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
    code = curl_easy_perform(handle);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  }
  curl_slist_free_all(list);
  const char* url = nullptr;
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, &url);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (url != nullptr) span.set("url.full", url);
  if (status != 0) span.set("http.response.status_code", status);
  if (code != CURLE_OK) {
    span.set("error.type", "curl_" + std::to_string(static_cast<int>(code))).set_error(curl_easy_strerror(code));
  } else if (status >= 400) {
    span.set("error.type", std::to_string(status)).set_error();
  }
  return code;
}

}  // namespace pii::log::adapt
