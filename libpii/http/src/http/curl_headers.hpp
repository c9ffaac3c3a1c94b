#pragma once

#include <cstring>

#include "http/curl_library.hpp"
#include "pii/secret.hpp"

namespace pii::http {

/// Header lines for libcurl, which copies them; the copies are wiped with the list.
class CurlHeaders {
 public:
  explicit CurlHeaders(const CurlLibrary& curl) : curl_(curl) {}
  CurlHeaders(const CurlHeaders&) = delete;
  CurlHeaders& operator=(const CurlHeaders&) = delete;
  ~CurlHeaders() {
    for (curl_slist* line = first_; line != nullptr; line = line->next) wipe(line->data, std::strlen(line->data));
    curl_.slist_free_all(first_);
  }
  void add(const char* line) {
    if (curl_slist* longer = curl_.slist_append(first_, line)) first_ = longer;
  }
  void add(std::string_view name, const SecretBytes& value) {
    SecretBytes line(name.size() + value.size() + 1);
    auto* out = line.expose_mutable().data();
    std::memcpy(out, name.data(), name.size());
    std::memcpy(out + name.size(), value.expose().data(), value.size());
    add(reinterpret_cast<const char*>(out));
  }
  curl_slist* get() const { return first_; }

 private:
  const CurlLibrary& curl_;
  curl_slist* first_ = nullptr;
};

}  // namespace pii::http
