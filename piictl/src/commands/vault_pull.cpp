#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "keyset_change.hpp"
#include "report.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Result;

class VaultPullCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_text("SOURCE", source_, "", "vault:PATH of the keyset").required = true;
    options.add_file("--out", out_, "FILE", "the file to make, mode 0600; never overwritten").required = true;
  }

  Result<void> run(Session& session) override {
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto keyset = read_vault_keyset(*vault->client, source_);
    if (!keyset) return keyset.error();
    const auto writer = FolderWriter::lock(out_);
    if (!writer) return writer.error();
    if (session.flags.dry_run) {
      session.report.note("dry run: would write the keyset to " + writer->path());
      return {};
    }
    const auto created = writer->create(keyset->document);
    note_change(session, source_, {"pull", {}}, keyset->keyset->identity(), created.has_value());
    if (!created) return created;
    session.report.note("wrote the keyset to " + writer->path() + ", which now holds keys: guard it");
    return {};
  }

 private:
  std::string source_;
  std::string out_;
};

}  // namespace

std::unique_ptr<Command> make_vault_pull() { return std::make_unique<VaultPullCommand>(); }

}  // namespace piictl
