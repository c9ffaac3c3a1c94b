#include "configuration/vault_variables.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "vault/address.hpp"

namespace pii::providers {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr DurationRule kRefresh{seconds(300), seconds(1), hours(24)};
constexpr DurationRule kTimeout{seconds(10), milliseconds(100), hours(1)};
constexpr DurationRule kMaxStale{seconds(0), seconds(0), hours(24 * 365)};

// Ours first, then OpenBao's, then Vault's.
struct Stand {
  std::string VaultSettings::*member;
  std::array<const char*, 3> names;
};
constexpr std::array kTexts = {
    Stand{&VaultSettings::server_namespace, {"PII_VAULT_NAMESPACE", "BAO_NAMESPACE", "VAULT_NAMESPACE"}},
    Stand{&VaultSettings::ca_certificate_path, {"PII_VAULT_CACERT_PATH", "BAO_CACERT", "VAULT_CACERT"}},
    Stand{&VaultSettings::ca_folder_path, {"PII_VAULT_CAPATH", "BAO_CAPATH", "VAULT_CAPATH"}},
    Stand{&VaultSettings::client_certificate_path,
          {"PII_VAULT_CLIENT_CERT", "BAO_CLIENT_CERT", "VAULT_CLIENT_CERT"}},
    Stand{&VaultSettings::client_key_path, {"PII_VAULT_CLIENT_KEY", "BAO_CLIENT_KEY", "VAULT_CLIENT_KEY"}},
    Stand{&VaultSettings::tls_server_name,
          {"PII_VAULT_TLS_SERVER_NAME", "BAO_TLS_SERVER_NAME", "VAULT_TLS_SERVER_NAME"}}};

Result<VaultAuth> read_auth(const EnvironmentSettings& settings) {
  const std::string value = settings.text("PII_VAULT_AUTH");
  if (value.empty() || value == "approle") return VaultAuth::approle;
  if (value == "kubernetes") return VaultAuth::kubernetes;
  if (value == "token") return VaultAuth::token;
  if (value == "token_file") return VaultAuth::token_file;
  if (value == "cert") return VaultAuth::cert;
  return Error(ErrorCode::invalid_setting, "PII_VAULT_AUTH: is no way to log in",
               "set it to approle, kubernetes, token, token_file or cert");
}

Result<void> take(Result<std::string> value, std::string& target) {
  if (!value) return std::move(value).error();
  target = *std::move(value);
  return {};
}

Result<void> read_login(const EnvironmentSettings& settings, VaultSettings& vault) {
  const auto auth = read_auth(settings);
  if (!auth) return auth.error();
  vault.auth = *auth;
  vault.auth_mount = settings.text("PII_VAULT_AUTH_MOUNT");
  vault.role = settings.text("PII_VAULT_ROLE");
  switch (vault.auth) {
    case VaultAuth::approle: {
      const auto wrapped = settings.yes_or_no("PII_VAULT_SECRET_ID_WRAPPED");
      if (!wrapped) return wrapped.error();
      vault.secret_id_wrapped = *wrapped;
      vault.secret_id_path = settings.text("PII_VAULT_SECRET_ID_PATH");
      return take(settings.required("PII_VAULT_ROLE_ID_PATH"), vault.role_id_path);
    }
    case VaultAuth::kubernetes:
      if (std::string path = settings.text("PII_VAULT_JWT_PATH"); !path.empty())
        vault.jwt_path = std::move(path);
      return take(settings.required("PII_VAULT_ROLE"), vault.role);
    case VaultAuth::token:
      vault.token_variable = settings.first_of({"PII_VAULT_TOKEN", "BAO_TOKEN", "VAULT_TOKEN"});
      if (!vault.token_variable.empty()) return {};
      return Error(ErrorCode::not_configured, "PII_VAULT_AUTH is token, and no variable holds one",
                   "set PII_VAULT_TOKEN, BAO_TOKEN or VAULT_TOKEN, or choose another PII_VAULT_AUTH");
    case VaultAuth::token_file:
      return take(settings.required("PII_VAULT_TOKEN_PATH"), vault.token_path);
    case VaultAuth::cert:
      if (vault.client_certificate_path.empty()) {
        return Error(ErrorCode::not_configured,
                     "PII_VAULT_CLIENT_CERT is not set, and PII_VAULT_AUTH is cert");
      }
      return {};
  }
  return {};
}

Result<void> read_times(const EnvironmentSettings& settings, VaultSettings& vault) {
  const char* timeout_name =
      settings.first_of({"PII_VAULT_TIMEOUT", "BAO_CLIENT_TIMEOUT", "VAULT_CLIENT_TIMEOUT"});
  for (const auto& [name, rule, target] : {std::tuple{"PII_REFRESH_SECONDS", kRefresh, &vault.refresh},
                                           {timeout_name, kTimeout, &vault.timeout},
                                           {"PII_MAX_STALE_SECONDS", kMaxStale, &vault.max_stale}}) {
    const auto value = settings.seconds(name, rule);
    if (!value) return value.error();
    *target = *value;
  }
  if (vault.max_stale.count() != 0 && vault.max_stale < vault.refresh) {
    return Error(ErrorCode::invalid_setting, "PII_MAX_STALE_SECONDS: is less than PII_REFRESH_SECONDS",
                 "set it to some refresh times, or to 0 for no limit");
  }
  const char* name = settings.first_of({"PII_VAULT_RETRIES", "BAO_MAX_RETRIES", "VAULT_MAX_RETRIES"});
  const std::string retries = settings.text(name);
  if (retries.empty()) return {};
  if (retries.size() > 1 || retries[0] < '0' || retries[0] > '9') {
    return Error(ErrorCode::invalid_setting, std::string(name) + ": is no number of retries", "from 0 to 9");
  }
  vault.retries = static_cast<unsigned>(retries[0] - '0');
  return {};
}

Result<void> read_paths(const EnvironmentSettings& settings, Access access, TokenKeyset token_keyset,
                        VaultSettings& vault) {
  auto reveal = settings.reveal_path("PII_VAULT_REVEAL_KEYSET_PATH", access);
  if (!reveal) return std::move(reveal).error();
  vault.reveal_keyset_path = *std::move(reveal);
  auto token = settings.required("PII_VAULT_TOKEN_KEYSET_PATH");
  if (token) {
    vault.token_keyset_path = *std::move(token);
  } else if (token_keyset == TokenKeyset::required) {
    return std::move(token).error();
  }
  for (const auto& [name, path] : {std::pair{"PII_VAULT_TOKEN_KEYSET_PATH", &vault.token_keyset_path},
                                   {"PII_VAULT_REVEAL_KEYSET_PATH", &vault.reveal_keyset_path},
                                   {"PII_VAULT_AUTH_MOUNT", &vault.auth_mount}}) {
    if (path->empty()) continue;
    auto plain = vault::parse_api_path(*path, name);
    if (!plain) return std::move(plain).error();
    *path = *std::move(plain);
  }
  return {};
}

}  // namespace

Result<VaultSettings> read_vault_settings(const EnvironmentSettings& settings, Access access,
                                          TokenKeyset token_keyset) {
  VaultSettings vault;
  vault.address = settings.text(settings.first_of({"PII_VAULT_ADDR", "BAO_ADDR", "VAULT_ADDR"}));
  if (vault.address.empty()) return Error(ErrorCode::not_configured, "PII_VAULT_ADDR is not set");
  while (vault.address.ends_with('/')) vault.address.pop_back();
  for (const auto& [member, names] : kTexts) {
    vault.*member = settings.text(settings.first_of({names[0], names[1], names[2]}));
  }
  for (const auto& [name, target] : {std::pair{"PII_VAULT_SKIP_VERIFY", &vault.skip_verify},
                                     {"PII_VAULT_ALLOW_HTTP", &vault.allow_http}}) {
    const auto value = settings.yes_or_no(name);
    if (!value) return value.error();
    *target = *value;
  }
  vault.proxy = settings.text("PII_VAULT_PROXY");
  if (auto read = read_login(settings, vault); !read) return read.error();
  if (auto read = read_paths(settings, access, token_keyset, vault); !read) return read.error();
  if (auto read = read_times(settings, vault); !read) return read.error();
  if (const auto address = vault::parse_address(vault); !address) return address.error();
  return vault;
}

}  // namespace pii::providers
