#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "kit/scripted_server.hpp"
#include "kit/static_provider.hpp"
#include "pii/providers/vault_settings.hpp"

namespace pii::kit {

inline constexpr const char* kLoginPath = "/v1/auth/approle/login";
inline constexpr const char* kTokenPath = "/v1/secret/data/token";
inline constexpr const char* kRevealPath = "/v1/secret/data/reveal";

inline std::string quoted_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\\\"") : std::string(1, c);
  return out + "\"";
}

inline ScriptedResponse kv2(std::string_view document, int version = 1) {
  return {200, R"({"data":{"data":{"keyset":)" + quoted_json(document) + R"(},"metadata":{"version":)" +
                   std::to_string(version) + "}}}"};
}

inline ScriptedResponse login(const std::string& token = "hvs.CANARYtoken", int lease = 3600,
                              const char* more = R"(,"renewable":true)") {
  return {200, R"({"auth":{"client_token":")" + token + R"(","lease_duration":)" + std::to_string(lease) +
                   more + R"(,"policies":["p"]}})"};
}

/// Vault as a provider sees it: an AppRole login and two keysets; a test puts faults in front of it.
class ScriptedVault {
 public:
  /// nullopt: the healthy answer.
  using Fault = std::function<std::optional<ScriptedResponse>(const ScriptedRequest&)>;

  explicit ScriptedVault(Fault fault = nullptr,
                         ScriptedServer::Certificate certificate = ScriptedServer::Certificate::good)
      : fault_(std::move(fault)),
        server([this](const ScriptedRequest& request) { return answer(request); }, certificate) {
    write_file(folder_ / "role", "CANARYrole\n");
    write_file(folder_ / "secret", "CANARYsecret\n");
  }

  providers::VaultSettings settings() const {
    providers::VaultSettings settings;
    settings.address = server.address();
    settings.allow_http = true;
    settings.token_keyset_path = "secret/data/token";
    settings.role_id_path = folder_ / "role";
    settings.secret_id_path = folder_ / "secret";
    settings.ca_certificate_path = server.ca_path();
    settings.timeout = std::chrono::milliseconds(2000);
    settings.refresh = std::chrono::milliseconds(200);
    return settings;
  }
  void set_fault(Fault fault) {
    const std::lock_guard lock(mutex_);
    fault_ = std::move(fault);
  }
  void set_secret_id(std::string_view text) const { replace_file(folder_ / "secret", text); }

 private:
  ScriptedResponse answer(const ScriptedRequest& request) {
    Fault fault;
    {
      const std::lock_guard lock(mutex_);
      fault = fault_;
    }
    if (fault) {
      if (auto response = fault(request)) return *response;
    }
    if (request.path == kLoginPath) return login();
    if (request.path == kTokenPath) return kv2(kTokenDocument);
    if (request.path == kRevealPath) return kv2(kRevealDocument);
    if (request.path == "/v1/auth/token/revoke-self") return {204};
    if (request.path == "/v1/auth/token/renew-self") return login("", 3600);
    return {404, R"({"errors":[]})"};
  }

  TemporaryFolder folder_;
  std::mutex mutex_;
  Fault fault_;

 public:
  ScriptedServer server;
};

}  // namespace pii::kit
