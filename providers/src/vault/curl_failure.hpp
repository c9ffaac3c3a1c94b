#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "pii/error.hpp"

namespace pii::providers::vault {

struct CurlFailure {
  CURLcode code;
  long verify_result;      // of the server's certificate: OpenSSL's X509_V_ERR_*
  std::string_view words;  // libcurl's own: searched, never shown
  bool with_certificate;   // whether we had one to show
};

/// What is wrong with the exchange with the server at `where`, and what to do about it.
Error to_error(const CurlFailure& failure, const std::string& where);

}  // namespace pii::providers::vault
