#include "commands/commands.hpp"
#include "output.hpp"
#include "pii/providers/configuration.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

std::string allow(std::string_view path, std::string_view capabilities) {
  return "path \"" + std::string(path) + "\" {\n  capabilities = [" + std::string(capabilities) + "]\n}\n";
}

// What keeps a session alive and ends it; part of the server's default policy, which a role may leave out.
std::string own_token() {
  return "\n# The token's own life.\n" + allow("auth/token/renew-self", "\"update\"") +
         allow("auth/token/lookup-self", "\"read\"") + allow("auth/token/revoke-self", "\"update\"");
}

class VaultPolicyCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& role = options.add_text("--role", role_, "ROLE", "tokenize, full, rotator or status");
    role.choices = {"tokenize", "full", "rotator", "status"};
    role.required = true;
  }

  Result<void> run(Session& session) override {
    const auto token = find_path(session.flags.token_keyset, "PII_VAULT_TOKEN_KEYSET_PATH");
    const auto reveal = find_path(session.flags.reveal_keyset, "PII_VAULT_REVEAL_KEYSET_PATH");
    const bool needs_token = role_ == "tokenize";
    const bool needs_reveal = role_ == "full";
    if ((needs_token && token.empty()) || (needs_reveal && reveal.empty()) ||
        (token.empty() && reveal.empty())) {
      return Error(ErrorCode::usage, "where the keysets are is not known",
                   "--token-keyset vault:PATH and --reveal-keyset vault:PATH, or PII_VAULT_*_KEYSET_PATH");
    }
    std::string policy = "# piictl vault policy --role " + role_ + ": what it needs, and nothing else.\n";
    if (!token.empty()) policy += rules(token);
    if (!reveal.empty() && !needs_token) policy += rules(reveal);
    return write_to_standard_output(policy + own_token());
  }

 private:
  static std::string find_path(const std::string& flag, const char* variable) {
    if (!flag.empty()) return std::string(vault_path(flag));
    return pii::providers::process_environment()(variable).value_or(std::string());
  }

  std::string rules(const std::string& path) const {
    const std::string metadata = pii::providers::vault_metadata_path(path);
    if (role_ == "status") return metadata.empty() ? std::string() : allow(metadata, "\"read\"");
    if (role_ != "rotator") return allow(path, "\"read\"");
    return allow(path, "\"create\", \"read\", \"update\"") +
           (metadata.empty() ? std::string() : allow(metadata, "\"create\", \"read\", \"update\""));
  }

  std::string role_;
};

}  // namespace

std::unique_ptr<Command> make_vault_policy() { return std::make_unique<VaultPolicyCommand>(); }

}  // namespace piictl
