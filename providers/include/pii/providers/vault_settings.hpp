#pragma once

#include <chrono>
#include <string>

namespace pii::providers {

/// How the provider says who it is (docs/vault.md, "Logging in").
enum class VaultAuth { approle, kubernetes, token, token_file, cert };

/// Settings of the Vault provider, checked for shape only (docs/vault.md, "Variables"). Paths without "API"
/// are files.
struct VaultSettings {
  std::string address;             // without trailing slashes
  std::string token_keyset_path;   // API path; empty: no token keyset
  std::string reveal_keyset_path;  // API path; empty unless access is full
  std::string server_namespace;

  VaultAuth auth = VaultAuth::approle;
  std::string auth_mount;          // empty: the method's usual one
  std::string role;                // kubernetes and cert
  std::string role_id_path;        // approle
  std::string secret_id_path;      // approle; empty: the role binds none
  bool secret_id_wrapped = false;  // the file holds a response-wrapping token for the secret id
  std::string jwt_path = "/var/run/secrets/kubernetes.io/serviceaccount/token";
  std::string token_path;      // token_file
  std::string token_variable;  // token: the environment variable that holds it

  std::string ca_certificate_path;
  std::string ca_folder_path;
  std::string client_certificate_path;
  std::string client_key_path;
  std::string tls_server_name;  // the name the certificate must have, when it is not the address's
  bool skip_verify = false;     // no check of the certificate; warned of each time
  bool allow_http = false;      // plain http to this machine
  std::string proxy;            // those of the environment are ignored

  std::chrono::milliseconds refresh{300'000};
  std::chrono::milliseconds timeout{10'000};  // of a whole attempt, retries included
  std::chrono::milliseconds max_stale{0};     // 0: the last good keysets stay for ever
  unsigned retries = 2;                       // within an attempt
  std::string verify_key{};                   // PII_KEYSET_VERIFY_KEY; empty: signatures are not asked for
};

}  // namespace pii::providers
