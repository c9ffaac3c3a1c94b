#include <string>
#include <vector>

#include "commands/commands.hpp"
#include "keyset_change.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeyRecord;
using pii::KeysetDraft;
using pii::KeysetRecord;
using pii::KeyStatus;
using pii::Result;
using pii::Seconds;
namespace key_life = pii::key_life;

// The one key that a step can be about, when its id is not given.
Result<std::string> only_key(const KeysetRecord& keyset, const std::vector<KeyStatus>& statuses, const char* how) {
  std::string kid;
  for (const KeyRecord& key : keyset.keys) {
    bool fits = false;
    for (const KeyStatus status : statuses) fits = fits || key.status == status;
    if (!fits) continue;
    if (!kid.empty()) {
      return Error(ErrorCode::usage, "several keys could be meant: " + kid + " and " + key.kid,
                   "name one behind FILE; piictl keyset info FILE shows them");
    }
    kid = key.kid;
  }
  if (!kid.empty()) return kid;
  return Error(ErrorCode::guard_refused, "the keyset has no key in a state for this step", how);
}

// A step on one key of a keyset: `piictl key STEP FILE [KID]`.
class KeyStepCommand : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options.add_text("KID", kid_, "", "the key's id; may be left out when only one key can be meant");
    declare_guards(options);
  }

  Result<void> run(Session& session) override {
    if (auto loaded = guards_.load(); !loaded) return loaded;
    return take_step(session, file_, guards_, [this](KeysetDraft& draft, Seconds now) -> Result<StepResult> {
      std::string kid = kid_;
      // A keyset of schema 1 is refused by the step itself, which says what to do.
      if (kid.empty() && draft.record().schema_version == 2) {
        auto found = only_key(draft.record(), statuses(), how_to_get_there());
        if (!found) return std::move(found).error();
        kid = *std::move(found);
      }
      auto did = step(draft.record(), kid, now);
      if (!did) return std::move(did).error();
      return StepResult{*std::move(did), kid};
    });
  }

 protected:
  virtual void declare_guards(OptionList&) {}
  virtual std::vector<KeyStatus> statuses() const = 0;
  /// What brings a key into one of these.
  virtual const char* how_to_get_there() const = 0;
  /// Takes the step; returns what to call it.
  virtual Result<std::string> step(KeysetRecord& keyset, const std::string& kid, Seconds now) = 0;

  static Result<std::string> did(const Result<void>& done, const char* name) {
    if (!done) return done.error();
    return std::string(name);
  }

  GuardFlags guards_;

 private:
  std::string file_;
  std::string kid_;
};

class KeyPromoteCommand final : public KeyStepCommand {
  void declare_guards(OptionList& options) override { guards_.declare(options, false); }
  std::vector<KeyStatus> statuses() const override { return {KeyStatus::staged}; }
  const char* how_to_get_there() const override {
    return "piictl key stage FILE makes a key to promote";
  }
  Result<std::string> step(KeysetRecord& keyset, const std::string& kid, Seconds now) override {
    return did(key_life::promote(keyset, kid, now, guards_.guards()), "promote");
  }
};

class KeyRetireCommand final : public KeyStepCommand {
  void declare_guards(OptionList& options) override {
    options.add_switch("--compromised", compromised_,
                       "only mark the key as known to others; its successor is due");
  }
  std::vector<KeyStatus> statuses() const override { return {KeyStatus::staged}; }
  const char* how_to_get_there() const override {
    return "without a staged key, name the one to retire: piictl keyset info FILE shows them";
  }
  Result<std::string> step(KeysetRecord& keyset, const std::string& kid, Seconds now) override {
    if (compromised_) return did(key_life::mark_compromised(keyset, kid, now), "mark compromised");
    return did(key_life::retire(keyset, kid, now), "retire");
  }
  bool compromised_ = false;
};

class KeyEnableCommand final : public KeyStepCommand {
  std::vector<KeyStatus> statuses() const override { return {KeyStatus::disabled}; }
  const char* how_to_get_there() const override {
    return "only disabled keys are enabled: piictl keyset info FILE shows the states";
  }
  Result<std::string> step(KeysetRecord& keyset, const std::string& kid, Seconds now) override {
    return did(key_life::enable(keyset, kid, now), "enable");
  }
};

class KeyDisableCommand final : public KeyStepCommand {
  void declare_guards(OptionList& options) override { guards_.declare(options, true); }
  std::vector<KeyStatus> statuses() const override { return {KeyStatus::retiring}; }
  const char* how_to_get_there() const override {
    return "only a retiring key is disabled: piictl key promote FILE puts another one in its place first";
  }
  Result<std::string> step(KeysetRecord& keyset, const std::string& kid, Seconds now) override {
    return did(key_life::disable(keyset, kid, now, guards_.guards()), "disable");
  }
};

// Called twice: it sets the date, and once that has passed it destroys.
class KeyDestroyCommand final : public KeyStepCommand {
  void declare_guards(OptionList& options) override { guards_.declare(options, true); }
  std::vector<KeyStatus> statuses() const override {
    return {KeyStatus::disabled, KeyStatus::destroy_scheduled};
  }
  const char* how_to_get_there() const override {
    return "only a disabled key is destroyed: piictl key disable FILE KID first";
  }
  Result<std::string> step(KeysetRecord& keyset, const std::string& kid, Seconds now) override {
    const KeyRecord* key = keyset.find(kid);
    if (key != nullptr && key->status == KeyStatus::destroy_scheduled) {
      return did(key_life::destroy(keyset, kid, now, guards_.guards()), "destroy");
    }
    return did(key_life::schedule_destroy(keyset, kid, now, guards_.guards()), "schedule destroy");
  }
};

class KeyCancelDestroyCommand final : public KeyStepCommand {
  std::vector<KeyStatus> statuses() const override { return {KeyStatus::destroy_scheduled}; }
  const char* how_to_get_there() const override {
    return "piictl keyset info FILE shows which keys are to be destroyed";
  }
  Result<std::string> step(KeysetRecord& keyset, const std::string& kid, Seconds) override {
    return did(key_life::cancel_destroy(keyset, kid), "cancel destroy");
  }
};

}  // namespace

std::unique_ptr<Command> make_key_promote() { return std::make_unique<KeyPromoteCommand>(); }
std::unique_ptr<Command> make_key_retire() { return std::make_unique<KeyRetireCommand>(); }
std::unique_ptr<Command> make_key_enable() { return std::make_unique<KeyEnableCommand>(); }
std::unique_ptr<Command> make_key_disable() { return std::make_unique<KeyDisableCommand>(); }
std::unique_ptr<Command> make_key_destroy() { return std::make_unique<KeyDestroyCommand>(); }
std::unique_ptr<Command> make_key_cancel_destroy() { return std::make_unique<KeyCancelDestroyCommand>(); }

}  // namespace piictl
