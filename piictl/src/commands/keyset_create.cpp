#include <nlohmann/json.hpp>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "output.hpp"
#include "pii/keyset_document.hpp"
#include "report.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetUsage;
using pii::Result;

class KeysetCreateCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& usage = options.add_text("--usage", usage_, "USAGE", "token or reveal");
    usage.choices = {"token", "reveal"};
    usage.required = true;
    OptionSpec& out = options.add_text("--out", out_, "FILE",
                                       "the file to make, mode 0600, or vault:PATH; never overwritten");
    out.required = true;
    out.is_file = true;
    options.add_text("--kid", kid_, "KID", "id of the first key (default tk1 or rk1)");
    options.add_text("--name", name_, "NAME", "a name for the keyset; version 1 has no place for it");
    options.add_text("--schema", schema_, "1|2", "version of the document; this piictl writes 1").choices = {
        "1", "2"};
    options.add_switch("--digest", digest_, "add a digest that finds damage and torn reads");
  }

  Result<void> run(Session& session) override {
    if (schema_ == "2") {
      return Error(ErrorCode::usage, "keysets of version 2 are not in this version",
                   "leave --schema out, or say --schema 1");
    }
    const KeysetUsage usage = usage_ == "token" ? KeysetUsage::token : KeysetUsage::reveal;
    const std::string kid = !kid_.empty() ? kid_ : usage == KeysetUsage::token ? "tk1" : "rk1";
    auto document = pii::make_keyset_document(usage, {kid, to_rfc3339(std::time(nullptr))}, digest_);
    if (!document) return std::move(document).error();
    if (!name_.empty() || !session.flags.env.empty()) {
      session.report.note(
          "a version 1 keyset holds neither a name nor an environment; they were not written");
    }
    if (is_in_vault(out_)) return create_in_vault(session, *document, kid);
    auto writer = FolderWriter::lock(out_);
    if (!writer) return std::move(writer).error();
    if (session.flags.dry_run) {
      session.report.note("dry run: would make a " + usage_ + " keyset with key " + kid + " at " +
                          writer->path());
      return {};
    }
    if (auto created = writer->create(*document); !created) return created;
    return tell(session, writer->path(), kid);
  }

 private:
  // The keyset never touches a disk of this machine.
  Result<void> create_in_vault(const Session& session, const pii::SecretBytes& document,
                               const std::string& kid) const {
    if (session.flags.dry_run) {
      session.report.note("dry run: would make a " + usage_ + " keyset with key " + kid + " at " + out_);
      return {};
    }
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto version = write_vault_keyset(session, *vault->client, out_, document, 0);
    if (!version) return version.error();
    return tell(session, out_, kid);
  }

  Result<void> tell(const Session& session, const std::string& path, const std::string& kid) const {
    session.report.note("made a " + usage_ + " keyset with key " + kid + " at " + path);
    if (!session.flags.json) return {};
    return write_to_standard_output(
        to_json_line({{"path", path}, {"schema_version", 1}, {"usage", usage_}, {"primary_kid", kid}}));
  }

  std::string usage_;
  std::string out_;
  std::string kid_;
  std::string name_;
  std::string schema_;
  bool digest_ = false;
};

}  // namespace

std::unique_ptr<Command> make_keyset_create() { return std::make_unique<KeysetCreateCommand>(); }

}  // namespace piictl
