
#include "commands/commands.hpp"
#include "output.hpp"
#include "text_table.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Result;

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all.empty() ? "-" : all;
}

class VaultLoginCheckCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  Result<void> run(Session& session) override {
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto login = vault->client->log_in();
    if (!login) return login.error();
    const auto lease = login->lease.count();
    std::vector<std::vector<std::string>> rows = {
        {"login", "ok"},
        {"lease", lease == 0 ? "no known end" : std::to_string(lease) + " s"},
        {"renewable", login->renewable ? "yes" : "no"},
        {"policies", joined(login->policies)}};
    Json may = Json::array();
    for (const std::string* path : {&vault->settings.token_keyset_path, &vault->settings.reveal_keyset_path}) {
      if (path->empty()) continue;
      const auto capabilities = vault->client->capabilities(*path).value_or(std::vector<std::string>());
      rows.push_back({*path, joined(capabilities)});
      may.push_back({{"path", *path}, {"capabilities", capabilities}});
    }
    if (!session.flags.json) return write_to_standard_output(text_table(rows));
    return write_to_standard_output(to_json_line({{"login", "ok"},
                                                  {"lease_seconds", lease},
                                                  {"renewable", login->renewable},
                                                  {"policies", login->policies},
                                                  {"may", may}}));
  }
};

}  // namespace

std::unique_ptr<Command> make_vault_login_check() { return std::make_unique<VaultLoginCheckCommand>(); }

}  // namespace piictl
