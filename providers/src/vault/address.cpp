#include "vault/address.hpp"

namespace pii::providers::vault {
namespace {

Error wrong_address(std::string what, std::string hint = "such as https://vault.example:8200") {
  return Error(ErrorCode::invalid_setting, "PII_VAULT_ADDR: " + std::move(what), std::move(hint));
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

Result<Address> parse_address(const VaultSettings& settings) {
  std::string_view rest = settings.address;
  Address address;
  address.plain_http = rest.starts_with("http://");
  if (!address.plain_http && !rest.starts_with("https://")) return wrong_address("is not a web address");
  const std::string_view scheme = address.plain_http ? "http://" : "https://";
  rest.remove_prefix(scheme.size());
  const std::size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  const std::string_view prefix = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  for (const char c : rest) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return wrong_address("is not a web address");
  }
  if (authority.find('@') != std::string_view::npos) return wrong_address("holds a user name");
  if (rest.find_first_of("?#") != std::string_view::npos) return wrong_address("holds a query or a fragment");
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return wrong_address("is not a web address");
  const std::size_t colon = authority.find(':', bracket);
  const std::string host(authority.substr(0, colon));
  const std::string port(colon == std::string_view::npos ? (address.plain_http ? "80" : "443")
                                                         : authority.substr(colon + 1));
  if (host.empty() || port.empty() || port.find_first_not_of("0123456789") != std::string::npos) {
    return wrong_address("is not a web address");
  }
  if (address.plain_http && !is_this_machine(host)) {
    return wrong_address("is plain http, which shows keys to the network", "use https://");
  }
  if (address.plain_http && !settings.allow_http) {
    return wrong_address("is plain http",
                         "use https://, or PII_VAULT_ALLOW_HTTP=1 for a server on this machine");
  }
  address.shown = host + ":" + port;
  address.url = std::string(scheme) + std::string(authority) + std::string(prefix);
  if (!settings.tls_server_name.empty()) {
    address.url = std::string(scheme) + settings.tls_server_name + ":" + port + std::string(prefix);
    address.connect_to = settings.tls_server_name + ":" + port + ":" + host + ":" + port;
  }
  return address;
}

Result<std::string> parse_api_path(std::string_view path, std::string_view setting) {
  while (path.starts_with('/')) path.remove_prefix(1);
  if (path.starts_with("v1/")) path.remove_prefix(3);
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/+=@:,";
  const bool plain = !path.empty() && path.find_first_not_of(kPlain) == std::string_view::npos;
  const std::string framed = "/" + std::string(path) + "/";
  if (!plain || framed.find("/../") != std::string::npos || framed.find("/./") != std::string::npos ||
      framed.find("//") != std::string::npos) {
    return Error(ErrorCode::invalid_setting, std::string(setting) + ": is not an API path of Vault",
                 "such as secret/data/platform/pii/token-keyset");
  }
  return std::string(path);
}

std::string metadata_path(std::string_view path) {
  const std::size_t data = path.find("/data/");
  if (data == std::string_view::npos) return {};
  return std::string(path.substr(0, data)) + "/metadata/" + std::string(path.substr(data + 6));
}

}  // namespace pii::providers::vault
