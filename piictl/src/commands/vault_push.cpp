
#include "commands/commands.hpp"
#include "keyset_change.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "report.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Keyset;
using pii::Result;

// The first key that `now` has and `next` lacks, or empty.
std::string lost_key(const Keyset& now, const Keyset& next) {
  for (const pii::KeyInfo& key : now.keys()) {
    bool kept = false;
    for (const pii::KeyInfo& other : next.keys()) {
      kept = kept || (other.kid == key.kid && other.check_value == key.check_value);
    }
    if (!kept) return key.kid;
  }
  return {};
}

class VaultPushCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_file("FILE", file_, "", "the keyset file");
    options.add_text("TARGET", target_, "", "vault:PATH where it goes").required = true;
    options.add_switch("--replace", replace_, "put it in the place of the keyset that is there");
  }

  Result<void> run(Session& session) override {
    const auto file = load_keyset_file(session, file_);
    if (!file) return file.error();
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    const auto expected =
        replace_ ? version_to_replace(session, *vault->client, *file->keyset) : Result<std::uint64_t>(0);
    if (!expected) return expected.error();
    const std::string target = "vault:" + std::string(vault_path(target_));
    if (session.flags.dry_run) {
      session.report.note("dry run: would write the keyset to " + target);
      return {};
    }
    const auto version = write_vault_keyset(session, *vault->client, target, file->document(), *expected);
    note_change(session, target, {"push", {}}, file->keyset->identity(), version.has_value());
    if (!version) return version.error();
    session.report.note("wrote the keyset to " + target + " as version " + std::to_string(*version));
    session.report.note("the file still holds the keys: " + file_);
    if (!session.flags.json) return {};
    return write_to_standard_output(to_json_line({{"path", target}, {"revision", *version}}));
  }

 private:
  Result<std::uint64_t> version_to_replace(const Session& session, pii::providers::VaultClient& client,
                                           const Keyset& next) const {
    const auto now = read_vault_keyset(client, target_);
    if (!now) return now.error();
    if (now->keyset->usage() != next.usage()) {
      return Error(
          ErrorCode::guard_refused,
          "a " + std::string(pii::to_string(now->keyset->usage())) + " keyset is there, and the file is none",
          "check the path");
    }
    const std::string lost = lost_key(*now->keyset, next);
    if (!lost.empty() && !session.flags.yes) {
      return Error(
          ErrorCode::guard_refused,
          "key " + lost + " is there and not in the file: what was made with it could not be read again",
          "--yes says that this is meant");
    }
    return now->version.value_or(0);
  }

  std::string file_;
  std::string target_;
  bool replace_ = false;
};

}  // namespace

std::unique_ptr<Command> make_vault_push() { return std::make_unique<VaultPushCommand>(); }

}  // namespace piictl
