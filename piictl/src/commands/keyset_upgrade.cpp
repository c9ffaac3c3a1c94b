#include <ctime>

#include "commands/commands.hpp"
#include "keyset_change.hpp"
#include "output.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::KeysetDraft;
using pii::Result;

class KeysetUpgradeCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options.add_text("--name", name_, "NAME", "a name for the keyset");
    options.add_text("--owner", owner_, "TEXT", "who answers for the keyset");
  }

  Result<void> run(Session& session) override {
    const auto seen = read_draft(session, file_);
    if (!seen) return seen.error();
    if (seen->record().schema_version == 2) {
      session.report.note(file_ + " is of schema 2 already; nothing was changed");
      return tell(session, seen->record().identity.revision);
    }
    std::uint64_t revision = 0;
    const auto changed = replace_keyset(
        session, file_, [&](const pii::SecretBytes&, KeysetDraft& draft) -> Result<pii::SecretBytes> {
          const pii::Seconds now = std::time(nullptr);
          if (auto done = draft.upgrade(now); !done) return done.error();
          draft.record().identity.env = session.flags.env;
          draft.record().identity.name = name_;
          draft.record().identity.owner = owner_;
          auto next = draft.write(now);
          revision = draft.record().identity.revision;
          return next;
        });
    session.audit = {{"keyset", file_}, {"did", changed && !session.flags.dry_run ? "upgrade" : ""}};
    if (!changed) return changed.error();
    session.report.note("the same keys, in schema 2; version 1 readers read it as before");
    session.report.note(changed->where);
    return tell(session, revision);
  }

 private:
  Result<void> tell(const Session& session, std::uint64_t revision) const {
    if (!session.flags.json) return {};
    return write_to_standard_output(
        to_json_line({{"path", file_}, {"schema_version", 2}, {"revision", revision}}));
  }

  std::string file_;
  std::string name_;
  std::string owner_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_upgrade() { return std::make_unique<KeysetUpgradeCommand>(); }

}  // namespace piictl
