#include <ctime>

#include "commands/commands.hpp"
#include "keyset_change.hpp"
#include "output.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetDraft;
using pii::KeysetIdentity;
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
    KeysetIdentity identity = seen->record().identity;
    const bool upgrades = seen->record().schema_version == 1;
    if (!upgrades) {
      const auto named = name_anew(session, identity);
      if (!named) return named.error();
      if (!*named) {
        session.report.note(file_ + " is of schema 2 already; nothing was changed");
        return tell(session, identity.revision);
      }
    }
    const auto changed = replace_keyset(
        session, file_, [&](const pii::SecretBytes&, KeysetDraft& draft) -> Result<pii::SecretBytes> {
          const pii::Seconds now = std::time(nullptr);
          if (draft.record().schema_version == 1) {
            if (auto done = draft.upgrade(now); !done) return done.error();
          }
          if (const auto named = name_anew(session, draft.record().identity); !named) return named.error();
          auto next = draft.write(now);
          identity = draft.record().identity;
          return next;
        });
    note_change(session, file_, {upgrades ? "upgrade" : "name", {}}, identity, changed.has_value());
    if (!changed) return changed.error();
    const std::string what = upgrades ? "the same keys, in schema 2; version 1 readers read it as before"
                                      : file_ + " is of schema 2 already, and says now what the flags say";
    session.report.note((session.flags.dry_run ? "dry run, it would be: " : "") + what);
    session.report.note(changed->where);
    return tell(session, session.flags.dry_run ? 0 : identity.revision);
  }

 private:
  // Whether there is something to write. What was made in one environment opens in no other.
  Result<bool> name_anew(const Session& session, KeysetIdentity& identity) const {
    const std::string& env = session.flags.env;
    if (!env.empty() && !identity.env.empty() && identity.env != env) {
      return Error(ErrorCode::guard_refused, file_ + ": is a keyset of the environment " + identity.env,
                   "piictl keyset create --env NAME makes one for another environment");
    }
    const KeysetIdentity before = identity;
    if (!env.empty()) identity.env = env;
    if (!name_.empty()) identity.name = name_;
    if (!owner_.empty()) identity.owner = owner_;
    return identity.env != before.env || identity.name != before.name || identity.owner != before.owner;
  }

  Result<void> tell(const Session& session, std::uint64_t revision) const {
    if (!session.flags.json) return {};
    return write_to_standard_output(to_json_line(
        {{"path", file_}, {"schema_version", 2}, {"revision", revision == 0 ? Json() : Json(revision)}}));
  }

  std::string file_;
  std::string name_;
  std::string owner_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_upgrade() { return std::make_unique<KeysetUpgradeCommand>(); }

}  // namespace piictl
