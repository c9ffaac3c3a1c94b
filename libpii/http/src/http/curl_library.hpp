#pragma once

#include <curl/curl.h>

#include "pii/result.hpp"

namespace pii::http {

/// The functions of libcurl that we use, found at run time: who never asks Vault and ships no logs never loads it
/// (docs/decisions/0003-libcurl-when-needed.md).
struct CurlLibrary {
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_reset) easy_reset = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_send) easy_send = nullptr;
  decltype(&curl_easy_recv) easy_recv = nullptr;
  decltype(&curl_multi_init) multi_init = nullptr;
  decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&curl_multi_perform) multi_perform = nullptr;
  decltype(&curl_multi_poll) multi_poll = nullptr;
  decltype(&curl_multi_wakeup) multi_wakeup = nullptr;
  decltype(&curl_multi_info_read) multi_info_read = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
  decltype(&curl_url) url = nullptr;
  decltype(&curl_url_set) url_set = nullptr;
  decltype(&curl_url_get) url_get = nullptr;
  decltype(&curl_url_cleanup) url_cleanup = nullptr;
  decltype(&curl_free) free = nullptr;
  // OpenSSL's SSL_CTX_set_options, when this libcurl stands on OpenSSL 3.
  std::uint64_t (*ssl_set_options)(void* context, std::uint64_t options) = nullptr;

  /// Loaded once a process and never unloaded. Errors: not_configured when there is none, or none new enough.
  static Result<const CurlLibrary*> get();
};

/// From then on libcurl's memory is wiped when it is freed. Before the first CurlLibrary::get().
void wipe_what_curl_frees() noexcept;

}  // namespace pii::http
