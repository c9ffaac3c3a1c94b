#include "http/curl_library.hpp"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "pii/secret.hpp"

namespace pii::http {
namespace {

std::atomic<bool> wiping{false};

// An allocator that wipes what it frees. Before each block stands its size; 16 bytes keep the alignment.
constexpr std::size_t kHead = 16;

void* allocate(std::size_t size) {
  if (size > SIZE_MAX - kHead) return nullptr;
  auto* block = static_cast<unsigned char*>(std::malloc(size + kHead));
  if (block == nullptr) return nullptr;
  std::memcpy(block, &size, sizeof size);
  return block + kHead;
}

std::size_t size_of(void* data) {
  std::size_t size = 0;
  std::memcpy(&size, static_cast<unsigned char*>(data) - kHead, sizeof size);
  return size;
}

void release(void* data) {
  if (data == nullptr) return;
  const std::size_t size = size_of(data);
  wipe(data, size);
  std::free(static_cast<unsigned char*>(data) - kHead);
}

void* reallocate(void* data, std::size_t size) {
  void* fresh = allocate(size);
  if (fresh == nullptr || data == nullptr) return fresh;
  const std::size_t old = size_of(data);
  std::memcpy(fresh, data, old < size ? old : size);
  release(data);
  return fresh;
}

char* duplicate(const char* text) {
  const std::size_t size = std::strlen(text) + 1;
  void* fresh = allocate(size);
  if (fresh != nullptr) std::memcpy(fresh, text, size);
  return static_cast<char*>(fresh);
}

void* allocate_zeroed(std::size_t count, std::size_t size) {
  if (size != 0 && count > (SIZE_MAX - kHead) / size) return nullptr;
  void* fresh = allocate(count * size);
  if (fresh != nullptr) std::memset(fresh, 0, count * size);
  return fresh;
}

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

Error unusable(std::string what) {
  return Error(ErrorCode::not_configured, std::move(what),
               "install libcurl 7.85 or newer (Debian: libcurl4)");
}

Result<CurlLibrary> load() {
  void* library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return unusable("libcurl is not installed");
  CurlLibrary curl;
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_global_init_mem) global_init_mem = nullptr;
  decltype(&curl_version_info) version_info = nullptr;
  const bool complete =
      find(library, "curl_global_init", global_init) && find(library, "curl_version_info", version_info) &&
      find(library, "curl_global_init_mem", global_init_mem) &&
      find(library, "curl_easy_init", curl.easy_init) &&
      find(library, "curl_easy_cleanup", curl.easy_cleanup) &&
      find(library, "curl_easy_reset", curl.easy_reset) &&
      find(library, "curl_easy_setopt", curl.easy_setopt) &&
      find(library, "curl_easy_perform", curl.easy_perform) &&
      find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
      find(library, "curl_easy_send", curl.easy_send) && find(library, "curl_easy_recv", curl.easy_recv) &&
      find(library, "curl_multi_init", curl.multi_init) &&
      find(library, "curl_multi_cleanup", curl.multi_cleanup) &&
      find(library, "curl_multi_add_handle", curl.multi_add_handle) &&
      find(library, "curl_multi_remove_handle", curl.multi_remove_handle) &&
      find(library, "curl_multi_perform", curl.multi_perform) &&
      find(library, "curl_multi_poll", curl.multi_poll) &&
      find(library, "curl_multi_wakeup", curl.multi_wakeup) &&
      find(library, "curl_multi_info_read", curl.multi_info_read) &&
      find(library, "curl_slist_append", curl.slist_append) &&
      find(library, "curl_slist_free_all", curl.slist_free_all) && find(library, "curl_url", curl.url) &&
      find(library, "curl_url_set", curl.url_set) && find(library, "curl_url_get", curl.url_get) &&
      find(library, "curl_url_cleanup", curl.url_cleanup) && find(library, "curl_free", curl.free);
  if (!complete) return unusable("the libcurl of this machine lacks what we need");
  const CURLcode ready =
      wiping ? global_init_mem(CURL_GLOBAL_DEFAULT, allocate, release, reallocate, duplicate, allocate_zeroed)
             : global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return unusable("libcurl does not start");
  constexpr unsigned kWithProtocolNames = 0x075500;  // 7.85.0
  const auto* version = version_info(CURLVERSION_NOW);
  if (version->version_num < kWithProtocolNames) return unusable("the libcurl of this machine is too old");
  if (version->ssl_version != nullptr && std::strstr(version->ssl_version, "OpenSSL/3") != nullptr) {
    (void)find(library, "SSL_CTX_set_options", curl.ssl_set_options);
  }
  return curl;
}

}  // namespace

Result<const CurlLibrary*> CurlLibrary::get() {
  static const Result<CurlLibrary> library = load();
  if (!library) return library.error();
  return &*library;
}

void wipe_what_curl_frees() noexcept { wiping = true; }

}  // namespace pii::http
