
#include "commands/commands.hpp"
#include "output.hpp"
#include "report.hpp"
#include "text_table.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::Result;
using pii::providers::VaultClient;

// What the metadata of one keyset tells: no right to read the keyset is used.
struct Told {
  std::string usage;
  std::string path;
  std::optional<std::uint64_t> revision = {};
  std::optional<std::string> primary_kid = {};
  std::vector<std::string> kids = {};
  std::optional<std::string> updated_at = {};
  std::string state = {};

  Json json() const {
    return {{"usage", usage}, {"path", path},           {"revision", revision}, {"primary_kid", primary_kid},
            {"kids", kids},   {"updated_at", updated_at}, {"state", state}};
  }
  std::vector<std::string> row() const {
    return {usage,
            printable(path),
            revision ? std::to_string(*revision) : "-",
            printable(primary_kid.value_or("-")),
            printable(updated_at.value_or("-")),
            printable(state)};
  }
};

Told describe(VaultClient& client, const char* usage, const std::string& path, std::optional<Error>& error) {
  Told told{usage, path};
  const auto metadata = client.read_metadata(path);
  if (!metadata) {
    error = metadata.error();
    told.state = metadata.error().message();
    return told;
  }
  told.revision = metadata->version;
  told.updated_at = metadata->updated_at;
  told.state = metadata->deleted ? "deleted" : "ok";
  const auto summary = from_custom_metadata(metadata->custom);
  if (!summary || summary->revision != metadata->version) {
    if (!metadata->deleted) told.state = "its metadata tells of another revision, or nothing";
    return told;
  }
  told.primary_kid = summary->primary_kid;
  for (const KeysetSummary::Key& key : summary->keys) told.kids.push_back(key.kid);
  return told;
}

class VaultStatusCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  Result<void> run(Session& session) override {
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto server = vault->client->server();
    if (!server) return server.error();
    Json keysets = Json::array();
    std::vector<std::vector<std::string>> rows = {
        {"KEYSET", "PATH", "REVISION", "PRIMARY", "UPDATED", "STATE"}};
    std::optional<Error> error;
    for (const auto& [usage, path] :
         {std::pair{"token", &vault->settings.token_keyset_path}, {"reveal", &vault->settings.reveal_keyset_path}}) {
      if (path->empty()) continue;
      const Told told = describe(*vault->client, usage, *path, error);
      keysets.push_back(told.json());
      rows.push_back(told.row());
    }
    const std::string text = vault->settings.address + ": version " + server->version +
                             (server->sealed ? ", sealed" : "") + (server->standby ? ", standby" : "") + "\n" +
                             text_table(rows);
    const std::string json = to_json_line({{"address", vault->settings.address},
                                           {"server",
                                            {{"version", server->version},
                                             {"initialized", server->initialized},
                                             {"sealed", server->sealed},
                                             {"standby", server->standby}}},
                                           {"keysets", keysets}});
    if (auto written = write_to_standard_output(session.flags.json ? json : text); !written) return written;
    if (error) return *error;
    return {};
  }
};

}  // namespace

std::unique_ptr<Command> make_vault_status() { return std::make_unique<VaultStatusCommand>(); }

}  // namespace piictl
