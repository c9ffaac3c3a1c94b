#include <algorithm>

#include "commands/doctor_checks.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::providers::VaultClient;
using Status = Check::Status;

constexpr std::chrono::seconds kClockLeeway{60};

Check failed(std::string name, const Error& error) {
  return {std::move(name), Status::fail, error.message(), error.hint(), error.code()};
}

Check check_state(const pii::providers::VaultServer& server) {
  const std::string name = "vault state";
  if (!server.initialized) {
    return {name, Status::fail, "the server is not initialized", "somebody must run its operator init",
            ErrorCode::provider_unavailable};
  }
  if (server.sealed) {
    return {name, Status::fail, "the server is sealed", "somebody must unseal it",
            ErrorCode::provider_unavailable};
  }
  return {name, Status::ok,
          std::string("unsealed, version ") + server.version + (server.standby ? ", a standby" : "")};
}

Check check_clock(const pii::providers::VaultServer& server) {
  const std::string name = "vault clock";
  if (!server.clock_ahead)
    return {name, Status::warn, "the server does not tell its time", "compare both clocks"};
  const auto ahead = server.clock_ahead->count();
  if (std::abs(ahead) <= kClockLeeway.count()) return {name, Status::ok, "both clocks agree within a minute"};
  return {name, Status::warn,
          "the server's clock is " + std::to_string(std::abs(ahead)) + " seconds " +
              (ahead > 0 ? "ahead" : "behind"),
          "set both by NTP: certificates and leases depend on them"};
}

Check check_verification(const pii::providers::VaultSettings& settings) {
  if (settings.skip_verify) {
    return {"vault TLS", Status::fail, "the certificate is not checked: anybody may pose as the server",
            "unset PII_VAULT_SKIP_VERIFY, and name the authority in PII_VAULT_CACERT_PATH",
            ErrorCode::invalid_setting};
  }
  if (settings.allow_http && settings.address.starts_with("http://")) {
    return {"vault TLS", Status::warn, "plain http to this machine", "use https:// for anything but a trial"};
  }
  return {"vault TLS", Status::ok, "the certificate is good"};
}

void check_path(std::vector<Check>& checks, VaultClient& client, const char* usage, const std::string& path) {
  if (path.empty()) return;
  const std::string name = std::string("vault ") + usage + " policy";
  const auto keyset = read_vault_keyset(client, path);
  if (!keyset) {
    checks.push_back(failed(name, keyset.error()));
    return;
  }
  const auto may = client.capabilities(path);
  const auto has = [&may](const char* what) { return may && std::ranges::find(*may, what) != may->end(); };
  if (has("root") || has("update") || has("delete") || has("sudo")) {
    checks.push_back({name, Status::warn, "this role may also change vault:" + path,
                      "give services the policy of piictl vault policy --role tokenize or full"});
    return;
  }
  checks.push_back({name, Status::ok, "vault:" + path + " may be read and not changed"});
}

}  // namespace

std::vector<Check> check_vault(const pii::providers::VaultSettings& settings) {
  prepare_vault(settings);
  const auto client = VaultClient::make(settings);
  if (!client) return {failed("vault address", client.error())};
  const auto server = (*client)->server();
  if (!server) return {failed("vault address", server.error())};
  std::vector<Check> checks = {{"vault address", Status::ok, settings.address + " answers"},
                               check_verification(settings),
                               check_state(*server),
                               check_clock(*server)};
  if (checks[2].status == Status::fail) return checks;
  const auto login = (*client)->log_in();
  if (!login) {
    checks.push_back(failed("vault login", login.error()));
    return checks;
  }
  checks.push_back({"vault login", Status::ok, "the role is accepted"});
  check_path(checks, **client, "token", settings.token_keyset_path);
  check_path(checks, **client, "reveal", settings.reveal_keyset_path);
  return checks;
}

}  // namespace piictl
