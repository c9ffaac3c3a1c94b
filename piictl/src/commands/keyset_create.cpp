
#include "clock.hpp"
#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "keyset_change.hpp"
#include "new_key.hpp"
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
    options.add_file("--out", out_, "FILE",
                                       "the file to make, mode 0600, or vault:PATH; never overwritten").required = true;
    options.add_text("--kid", kid_, "KID",
                     "id of the first key (default tk1 or rk1; tok1 or enc1 of version 2)");
    options.add_text("--name", name_, "NAME", "a name for the keyset");
    options.add_text("--owner", owner_, "TEXT", "who answers for the keyset");
    options.add_text("--schema", schema_, "1|2", "schema of the document (default 2)").choices = {"1", "2"};
    options.add_switch("--digest", digest_,
                       "schema 1: add a digest that finds damage; schema 2 has one always");
    options
        .add_text("--write-version", write_version_, "1|2", "version of tokens and ciphertexts (default 1)")
        .choices = {"1", "2"};
    options.add_switch("--no-version-1", only_version_2_,
                       "no key for version 1 readers, of which there are none");
    new_key_.declare(options);
  }

  Result<void> run(Session& session) override {
    const KeysetUsage usage = usage_ == "token" ? KeysetUsage::token : KeysetUsage::reveal;
    std::string kid;
    auto document = schema_ == "1" ? make_schema_1(session, usage, kid) : make_schema_2(session, usage, kid);
    if (!document) return std::move(document).error();
    const auto made = make(session, *document, kid);
    note_change(session, out_, {"create", kid}, identity_of(*document), made.has_value());
    if (!made || session.flags.dry_run) return made;
    return tell(session, kid);
  }

 private:
  // Fills in where it is.
  Result<void> make(const Session& session, const pii::SecretBytes& document, const std::string& kid) {
    if (is_in_vault(out_)) return create_in_vault(session, document, kid);
    auto writer = FolderWriter::lock(out_);
    if (!writer) return std::move(writer).error();
    if (session.flags.dry_run) {
      session.report.note("dry run: would make a " + usage_ + " keyset with key " + kid + " at " +
                          writer->path());
      return {};
    }
    path_ = writer->path();
    return writer->create(document);
  }

  Result<pii::SecretBytes> make_schema_1(const Session& session, KeysetUsage usage, std::string& kid) const {
    if (!write_version_.empty() || only_version_2_ || !new_key_.algorithm.empty()) {
      return Error(ErrorCode::usage, "a keyset of schema 1 has keys of version 1 alone",
                   "leave --schema 1 out");
    }
    kid = !kid_.empty() ? kid_ : usage == KeysetUsage::token ? "tk1" : "rk1";
    if (!name_.empty() || !owner_.empty() || !session.flags.env.empty()) {
      session.report.note(
          "a version 1 keyset holds neither a name nor an environment; they were not written");
    }
    return pii::make_keyset_document(usage, {kid, to_rfc3339(std::time(nullptr))}, digest_);
  }

  Result<pii::SecretBytes> make_schema_2(const Session& session, KeysetUsage usage, std::string& kid) const {
    NewKeyset wanted{usage, session.flags.env, name_, owner_, write_version_ == "2", !only_version_2_,
                     kid_,  new_key_};
    if (const auto algorithm = pii::parse_key_algorithm(new_key_.algorithm); algorithm && version_of(*algorithm) == 2) {
      wanted.version_2 = true;
      // A key of another role begins a keyset of its own: what it makes is of version 2 alone.
      if (role_of(*algorithm) != pii::main_role_of(usage)) wanted.version_1 = false;
    }
    return make_new_keyset(wanted, kid);
  }

  // The keyset never touches a disk of this machine.
  Result<void> create_in_vault(const Session& session, const pii::SecretBytes& document, const std::string& kid) {
    if (session.flags.dry_run) {
      session.report.note("dry run: would make a " + usage_ + " keyset with key " + kid + " at " + out_);
      return {};
    }
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto version = write_vault_keyset(session, *vault->client, out_, document, 0);
    if (!version) return version.error();
    path_ = out_;
    return {};
  }

  Result<void> tell(const Session& session, const std::string& kid) const {
    session.report.note("made a " + usage_ + " keyset with key " + kid + " at " + path_);
    if (!session.flags.json) return {};
    return write_to_standard_output(to_json_line({{"path", path_},
                                                  {"schema_version", schema_ == "1" ? 1 : 2},
                                                  {"usage", usage_},
                                                  {"primary_kid", kid}}));
  }

  std::string usage_;
  std::string out_;
  std::string path_;  // where it was made
  std::string kid_;
  std::string name_;
  std::string owner_;
  std::string schema_;
  std::string write_version_;
  NewKeyFlags new_key_;
  bool only_version_2_ = false;
  bool digest_ = false;
};

}  // namespace

std::unique_ptr<Command> make_keyset_create() { return std::make_unique<KeysetCreateCommand>(); }

}  // namespace piictl
