#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "output.hpp"
#include "report.hpp"
#include "text_table.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using nlohmann::ordered_json;
using pii::Error;
using pii::Result;
using pii::providers::VaultClient;

// What the metadata of one keyset tells: no right to read the keyset is used.
ordered_json describe(VaultClient& client, const char* usage, const std::string& path,
                      std::optional<Error>& error) {
  ordered_json told = {{"usage", usage},
                       {"path", path},
                       {"revision", nullptr},
                       {"primary_kid", nullptr},
                       {"kids", ordered_json::array()},
                       {"updated_at", nullptr},
                       {"state", nullptr}};
  const auto metadata = client.read_metadata(path);
  if (!metadata) {
    error = metadata.error();
    told["state"] = metadata.error().message();
    return told;
  }
  told["revision"] = metadata->version;
  told["updated_at"] = metadata->updated_at;
  told["state"] = metadata->deleted ? "deleted" : "ok";
  const auto summary = from_custom_metadata(metadata->custom);
  if (!summary || summary->revision != metadata->version) {
    told["state"] = metadata->deleted ? "deleted" : "its metadata tells of another revision, or nothing";
    return told;
  }
  told["primary_kid"] = summary->primary_kid;
  for (const KeysetSummary::Key& key : summary->keys) told["kids"].push_back(key.kid);
  return told;
}

std::string to_text(const ordered_json& status) {
  const auto& server = status["server"];
  std::string out = status["address"].get<std::string>() + ": version " +
                    server["version"].get<std::string>() + (server["sealed"].get<bool>() ? ", sealed" : "") +
                    (server["standby"].get<bool>() ? ", standby" : "") + "\n";
  std::vector<std::vector<std::string>> rows = {
      {"KEYSET", "PATH", "REVISION", "PRIMARY", "UPDATED", "STATE"}};
  const auto text_of = [](const ordered_json& value) {
    if (value.is_null()) return std::string("-");
    return printable(value.is_string() ? value.get<std::string>() : value.dump());
  };
  for (const auto& keyset : status["keysets"]) {
    rows.push_back({text_of(keyset["usage"]), text_of(keyset["path"]), text_of(keyset["revision"]),
                    text_of(keyset["primary_kid"]), text_of(keyset["updated_at"]), text_of(keyset["state"])});
  }
  return out + text_table(rows);
}

class VaultStatusCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  Result<void> run(Session& session) override {
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto server = vault->client->server();
    if (!server) return server.error();
    ordered_json status = {{"address", vault->settings.address},
                           {"server",
                            {{"version", server->version},
                             {"initialized", server->initialized},
                             {"sealed", server->sealed},
                             {"standby", server->standby}}},
                           {"keysets", ordered_json::array()}};
    std::optional<Error> error;
    for (const auto& [usage, path] :
         {std::pair{"token", &vault->settings.token_keyset_path}, {"reveal", &vault->settings.reveal_keyset_path}}) {
      if (!path->empty()) status["keysets"].push_back(describe(*vault->client, usage, *path, error));
    }
    if (auto written = write_to_standard_output(session.flags.json ? to_json_line(status) : to_text(status));
        !written)
      return written;
    if (error) return *error;
    return {};
  }
};

}  // namespace

std::unique_ptr<Command> make_vault_status() { return std::make_unique<VaultStatusCommand>(); }

}  // namespace piictl
