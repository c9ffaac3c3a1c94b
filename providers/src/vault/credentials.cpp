#include "vault/credentials.hpp"

#include <cstdlib>
#include <string_view>
#include <utility>

#include "file/file_reading.hpp"
#include "vault/json_body.hpp"

namespace pii::providers::vault {
namespace {

constexpr std::size_t kMaxCredential = 64 * 1024;

// Printable ASCII: it goes into a header line or a JSON string.
bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return !text.empty() && text.size() <= kMaxCredential;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

SecretBytes secret_of(std::string_view text) {
  return SecretBytes::copy_of(std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace

Result<SecretBytes> load_credential(const std::string& path) {
  const auto reading = read_file(path);
  if (!reading) {
    const Error& error = reading.error();
    if (!error.hint().empty()) return error;
    return Error(error.code(), error.message(), "check the paths that PII_VAULT_* name");
  }
  const std::string_view text = trim(text_of(reading->content));
  if (!is_plain(text)) {
    return Error(ErrorCode::invalid_setting, path + ": holds no credential",
                 "one line of printable characters");
  }
  return secret_of(text);
}

Result<SecretBytes> token_of_environment(const VaultSettings& settings) {
  const char* value = std::getenv(settings.token_variable.c_str());
  if (value == nullptr || !is_plain(value)) {
    return Error(ErrorCode::not_configured, settings.token_variable + " holds no token",
                 "set it, or choose another PII_VAULT_AUTH");
  }
  return secret_of(value);
}

Result<Credentials> load_credentials(const VaultSettings& settings) {
  Credentials credentials;
  const auto take = [](Result<SecretBytes> loaded, SecretBytes& target) -> Result<void> {
    if (!loaded) return std::move(loaded).error();
    target = *std::move(loaded);
    return {};
  };
  Result<void> taken;
  switch (settings.auth) {
    case VaultAuth::approle:
      taken = take(load_credential(settings.role_id_path), credentials.identity);
      if (taken && !settings.secret_id_path.empty()) {
        taken = take(load_credential(settings.secret_id_path), credentials.secret);
      }
      break;
    case VaultAuth::kubernetes:
      taken = take(load_credential(settings.jwt_path), credentials.secret);
      break;
    case VaultAuth::token:
      taken = take(token_of_environment(settings), credentials.secret);
      break;
    case VaultAuth::token_file:
      taken = take(load_credential(settings.token_path), credentials.secret);
      break;
    case VaultAuth::cert:
      break;
  }
  if (!taken) return taken.error();
  return credentials;
}

}  // namespace pii::providers::vault
