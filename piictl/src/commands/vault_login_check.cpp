#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "output.hpp"
#include "text_table.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using nlohmann::ordered_json;
using pii::Result;

std::string joined(const ordered_json& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word.get<std::string>();
  return all.empty() ? "-" : all;
}

std::string to_text(const ordered_json& check) {
  const auto lease = check["lease_seconds"].get<std::int64_t>();
  std::vector<std::vector<std::string>> rows = {
      {"login", "ok"},
      {"lease", lease == 0 ? "no known end" : std::to_string(lease) + " s"},
      {"renewable", check["renewable"].get<bool>() ? "yes" : "no"},
      {"policies", joined(check["policies"])}};
  for (const auto& path : check["may"]) {
    rows.push_back({path["path"].get<std::string>(), joined(path["capabilities"])});
  }
  return text_table(rows);
}

class VaultLoginCheckCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  Result<void> run(Session& session) override {
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto login = vault->client->log_in();
    if (!login) return login.error();
    ordered_json check = {{"login", "ok"},
                          {"lease_seconds", login->lease.count()},
                          {"renewable", login->renewable},
                          {"policies", login->policies},
                          {"may", ordered_json::array()}};
    for (const std::string* path : {&vault->settings.token_keyset_path, &vault->settings.reveal_keyset_path}) {
      if (path->empty()) continue;
      const auto capabilities = vault->client->capabilities(*path);
      check["may"].push_back(
          {{"path", *path},
           {"capabilities", capabilities ? ordered_json(*capabilities) : ordered_json::array()}});
    }
    return write_to_standard_output(session.flags.json ? to_json_line(check) : to_text(check));
  }
};

}  // namespace

std::unique_ptr<Command> make_vault_login_check() { return std::make_unique<VaultLoginCheckCommand>(); }

}  // namespace piictl
