#include <ctime>
#include <optional>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "keyset_change.hpp"
#include "new_key.hpp"
#include "output.hpp"
#include "pii/keyset_document.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetDraft;
using pii::KeysetRecord;
using pii::KeysetUsage;
using pii::Result;
using pii::Seconds;
using pii::key_life::NextStep;
namespace key_life = pii::key_life;

Error readers_are_not_asked() {
  return Error(ErrorCode::guard_refused,
               "other readers of this keyset would not know the new key until they reload it",
               "--yes says that there are none");
}

std::string primary_of(const KeysetRecord& keyset) {
  const pii::KeyRecord* key = written_key(keyset);
  return key != nullptr ? key->kid : std::string();
}

std::string why_after(const KeysetRecord& before) {
  const std::string kid = primary_of(before);
  return before.usage == KeysetUsage::token
             ? "stored tokens were made with " + kid +
                  " and do not say so: look values up with tokenize --all until they are made anew"
             : "ciphertexts of " + kid + " stay readable until they are protected anew";
}

class RotateCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options.add_switch("--now", now_,
                       "stage and promote at once, for a keyset with no other readers; needs --yes");
    options.add_switch("--plan", plan_, "say what would be done, and do nothing");
    options.add_text("--kid", kid_, "KID",
                     "id of the new key (default: the primary's with its number raised)");
    options.add_file("--evidence", guards_.evidence_path, "FILE",
                  "that no use of a retiring key is left: lets the step disable be taken");
  }

  Result<void> run(Session& session) override {
    if (auto loaded = guards_.load(); !loaded) return loaded;
    const bool only_plan = plan_ || session.flags.dry_run;
    if (now_ || only_plan) {
      const auto seen = read_draft(session, file_);
      if (!seen) return seen.error();
      if (now_ || seen->record().schema_version == 1) {
        if (only_plan) return say_plan_at_once(session, seen->record());
        if (!session.flags.yes) return readers_are_not_asked();
        return rotate_at_once(session, seen->record().schema_version);
      }
      return say_plan(session, seen->record());
    }
    return rotate_in_steps(session);
  }

 private:
  // The step that may be taken now. What is not due before the next rotation is due when a person asks.
  Result<NextStep> choose_step(const KeysetRecord& keyset, Seconds now) const {
    if (keyset.schema_version == 1) {
      return Error(
          ErrorCode::guard_refused, "a keyset of schema 1 has no place for the states of keys",
          "piictl keyset upgrade FILE makes it one of schema 2, which version 1 readers still read; or --now "
          "for a keyset with no other readers");
    }
    NextStep next = key_life::next_step(keyset, now);
    if (next.step == NextStep::Step::stage) next.due = true;
    const bool moves = next.step == NextStep::Step::rewrap || next.step == NextStep::Step::retokenize ||
                       next.step == NextStep::Step::reindex || next.step == NextStep::Step::represerve;
    if (moves && guards_.evidence) next.step = NextStep::Step::disable;  // which says what it still waits for
    if (moves || next.step == NextStep::Step::disable) next.due = guards_.evidence.has_value();
    return next;
  }

  Result<void> rotate_in_steps(Session& session) {
    NextStep waits;
    const auto done =
        take_step(session, file_, guards_, [&](KeysetDraft& draft, Seconds now) -> Result<StepResult> {
          auto next = choose_step(draft.record(), now);
          if (!next) return std::move(next).error();
          if (next->due) return take(draft, *next, now);
          waits = *next;
          waiting_ = draft.record();
          return not_yet(waiting_, *next, now);
        });
    if (done || waits.step == NextStep::Step::none || !session.flags.json) return done;
    // Scripts learn from when on it is worth asking again.
    const auto told = tell_step(session, {"", waits.kid}, waiting_, std::time(nullptr));
    return told ? done : told;
  }

  Result<StepResult> take(KeysetDraft& draft, const NextStep& next, Seconds now) const {
    KeysetRecord& keyset = draft.record();
    std::string kid = next.kid;
    Result<void> done;
    switch (next.step) {
      case NextStep::Step::stage: {
        auto staged = NewKeyFlags().stage(keyset, kid_, now, next.kid);
        if (!staged) return std::move(staged).error();
        return StepResult{"stage", *std::move(staged)};
      }
      case NextStep::Step::promote:
        done = key_life::promote(keyset, kid, now);
        break;
      case NextStep::Step::disable:
        done = key_life::disable(keyset, kid, now, guards_.guards());
        break;
      default:
        done = key_life::destroy(keyset, kid, now);
        break;
    }
    if (!done) return done.error();
    return StepResult{std::string(to_string(next.step)), std::move(kid)};
  }

  static Error not_yet(const KeysetRecord& keyset, const NextStep& next, Seconds now) {
    std::string message = "nothing can be done yet: " + next.why;
    switch (next.step) {
      case NextStep::Step::rewrap:
      case NextStep::Step::retokenize:
      case NextStep::Step::reindex:
      case NextStep::Step::represerve:
      case NextStep::Step::disable: {
        // What the step itself would ask for.
        KeysetRecord copy = keyset;
        copy.policy.retire_min = 0;
        if (pii::KeyRecord* key = copy.find(next.kid)) key->retired_at = now;
        const auto asked = key_life::disable(copy, next.kid, now);
        return Error(ErrorCode::guard_refused, std::move(message),
                     asked.error().hint() + ", lets it be disabled; piictl key stage FILE begins another rotation before that");
      }
      default:
        break;
    }
    if (next.not_before)
      message += "; " + std::string(to_string(next.step)) + " not before " + to_rfc3339(*next.not_before);
    return Error(ErrorCode::guard_refused, std::move(message), "piictl keyset info FILE shows what comes next and when");
  }

  Result<void> say_plan(const Session& session, const KeysetRecord& keyset) const {
    const Seconds now = std::time(nullptr);
    const auto next = choose_step(keyset, now);
    if (!next) return next.error();
    std::string what = std::string(to_string(next->step)) + " " + next->kid;
    if (next->step == NextStep::Step::stage) {
      KeysetRecord copy = keyset;
      const auto kid = NewKeyFlags().stage(copy, kid_, now, next->kid);
      if (!kid) return kid.error();
      what = "stage " + *kid;
    }
    const std::string when = next->due          ? "now"
                             : next->not_before ? "not before " + to_rfc3339(*next->not_before)
                                                : "not yet";
    if (!session.flags.json) return write_to_standard_output(what + ", " + when + ": " + next->why + "\n");
    return tell_step(session, {"", next->kid}, keyset, now);
  }

  // What --now makes the primary: a key that is staged for that already, since somebody knows it; else a new one.
  struct AtOnce {
    std::string kid;
    bool is_staged = false;
    const char* did() const { return is_staged ? "promote" : "stage and promote"; }
  };
  Result<AtOnce> choose_at_once(const KeysetRecord& keyset) const {
    const pii::KeyRecord* primary = written_key(keyset);
    const pii::KeyRecord* staged = nullptr;
    for (const pii::KeyRecord& key : keyset.keys) {
      const bool follows = primary != nullptr && key.status == pii::KeyStatus::staged && !key.compromised_at &&
                           role_of(key.algorithm) == role_of(primary->algorithm) &&
                           version_of(key.algorithm) == version_of(primary->algorithm);
      if (!follows) continue;
      if (key.kid == kid_) return AtOnce{kid_, true};
      if (staged == nullptr || key.staged_at.value_or(0) < staged->staged_at.value_or(0)) staged = &key;
    }
    if (staged != nullptr && kid_.empty()) return AtOnce{staged->kid, true};
    if (staged != nullptr) {
      return Error(ErrorCode::guard_refused, "key " + staged->kid + " is staged to be the next primary, and --kid names another one",
                   "leave --kid out to promote " + staged->kid + ", or withdraw it: piictl key retire FILE " + staged->kid);
    }
    if (!kid_.empty()) return AtOnce{kid_};
    if (primary == nullptr) {
      return Error(ErrorCode::usage, "several keys are active, and none is the primary that another one could follow",
                   "piictl key stage FILE --alg ALGORITHM, then piictl key promote FILE KID");
    }
    auto next = key_life::next_kid(keyset, primary->kid);
    if (!next) return std::move(next).error();
    return AtOnce{*std::move(next)};
  }

  Result<void> say_plan_at_once(const Session& session, const KeysetRecord& keyset) const {
    const auto chosen = choose_at_once(keyset);
    if (!chosen) return chosen.error();
    const std::string why = "rotate --now would make " + chosen->kid + " the primary key and keep " + primary_of(keyset);
    if (!session.flags.json) return write_to_standard_output(why + "\n");
    return write_to_standard_output(
        to_json_line({{"did", nullptr},
                      {"kid", chosen->kid},
                      {"revision", nullptr},
                      {"next", {{"step", chosen->did()}, {"not_before", nullptr}, {"why", why}}}}));
  }

  // Whoever lost the race would rotate what was rotated a moment ago: there is one try.
  Result<void> rotate_at_once(Session& session, int schema) const {
    if (schema == 1) return rotate_schema_1(session);
    return take_step(
        session, file_, guards_,
        [&](KeysetDraft& draft, Seconds now) -> Result<StepResult> {
          KeysetRecord& keyset = draft.record();
          const auto chosen = choose_at_once(keyset);
          if (!chosen) return chosen.error();
          if (!chosen->is_staged) {
            const auto staged = NewKeyFlags().stage(keyset, chosen->kid, now);
            if (!staged) return staged.error();
          }
          const auto promoted = key_life::promote(keyset, chosen->kid, now, {.force = true});
          if (!promoted) return promoted.error();
          return StepResult{chosen->did(), chosen->kid};
        },
        1);
  }

  Result<void> rotate_schema_1(Session& session) const {
    std::string kid;
    KeysetRecord before;
    const auto changed = replace_keyset(
        session, file_,
        [&](const pii::SecretBytes& document, KeysetDraft& draft) -> Result<pii::SecretBytes> {
          before = draft.record();
          const auto chosen = choose_at_once(before);
          if (!chosen) return chosen.error();
          kid = chosen->kid;
          return pii::rotate_keyset_document(document, {kid, to_rfc3339(std::time(nullptr))});
        },
        1);
    note_change(session, file_, {"stage and promote", kid}, {}, changed.has_value());
    if (!changed) return changed.error();
    const std::string why = why_after(before);
    session.report.note(kid + " is the primary key now, " + primary_of(before) + " is kept");
    session.report.note(changed->where);
    session.report.note("next: " + why);
    if (!session.flags.json) return {};
    auto told = write_to_standard_output(
        to_json_line({{"did", "stage and promote"},
                      {"kid", kid},
                      {"revision", changed->vault_version},
                      {"next",
                       {{"step", before.usage == KeysetUsage::token ? "retokenize" : "rewrap"},
                        {"not_before", nullptr},
                        {"why", why}}}}));
    if (told) return told;
    return Error(told.error().code(), kid + " is the primary key now, but: " + told.error().message(),
                 told.error().hint());
  }

  std::string file_;
  std::string kid_;
  GuardFlags guards_;
  KeysetRecord waiting_;
  bool now_ = false;
  bool plan_ = false;
};

}  // namespace

std::unique_ptr<Command> make_rotate() { return std::make_unique<RotateCommand>(); }

}  // namespace piictl
