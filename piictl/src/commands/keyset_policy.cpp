#include <vector>

#include "commands/commands.hpp"
#include "keyset_change.hpp"
#include "new_key.hpp"
#include "output.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetDraft;
using pii::KeysetPolicy;
using pii::Result;

Error bad(const std::string& name, const char* takes) {
  return Error(ErrorCode::usage, name + " has a value that it does not take",
               std::string("it takes ") + takes);
}

Result<void> set_duration(const std::string& name, const std::string& value, pii::Seconds& out) {
  const auto parsed = pii::parse_duration(value);
  if (!parsed) return bad(name, "an ISO 8601 duration, as P30D or PT10M");
  out = *parsed;
  return {};
}

Result<void> set(KeysetPolicy& policy, const std::string& name, const std::string& value) {
  if (name == "rotate_every") return set_duration(name, value, policy.rotate_every);
  if (name == "propagation") return set_duration(name, value, policy.propagation);
  if (name == "retire_min") return set_duration(name, value, policy.retire_min);
  if (name == "destroy_hold") return set_duration(name, value, policy.destroy_hold);
  if (name == "write_version") {
    if (value != "1" && value != "2") return bad(name, "1 or 2");
    policy.write_version = value == "1" ? 1 : 2;
    return {};
  }
  if (name == "accept_versions") {
    if (value != "1" && value != "2" && value != "1,2") return bad(name, "1, 2 or 1,2");
    policy.accept_v1 = value != "2";
    policy.accept_v2 = value != "1";
    return {};
  }
  if (name == "require_record") {
    if (value != "true" && value != "false") return bad(name, "true or false");
    policy.require_record = value == "true";
    return {};
  }
  if (name == "max_messages_log2") {
    if (value.size() > 2 || value.find_first_not_of("0123456789") != std::string::npos)
      return bad(name, "1 to 64");
    policy.max_messages_log2 = std::stoi(value);
    return {};
  }
  return Error(
      ErrorCode::usage, "there is no such setting of a keyset",
      "rotate_every, propagation, retire_min, destroy_hold, write_version, accept_versions, require_record, "
      "max_messages_log2");
}

// What the document would be refused for, and what to do about it.
Result<void> check_written(const pii::KeysetRecord& keyset) {
  const KeysetPolicy& policy = keyset.policy;
  const bool token = keyset.usage == pii::KeysetUsage::token;
  if (!(policy.write_version == 1 ? policy.accept_v1 : policy.accept_v2)) {
    return Error(ErrorCode::usage, "write_version is none of accept_versions",
                 "set both: --set write_version=N --set accept_versions=N");
  }
  const pii::KeyRecord* written = written_key(keyset);
  if (policy.write_version == 2 && (written == nullptr || version_of(written->algorithm) == 1)) {
    return Error(ErrorCode::guard_refused, "write_version is 2, and no version 2 key is active",
                 std::string("piictl key stage FILE --alg ") + (token ? "PII-TOK-2" : "PII-AEAD-2") +
                     " makes one, piictl key promote FILE makes it active");
  }
  if (policy.accept_v1 && keyset.active(1, main_role_of(keyset.usage)) == nullptr) {
    return Error(ErrorCode::guard_refused, "version 1 is accepted, and no version 1 key is active",
                 std::string("piictl key stage FILE --alg ") + (token ? "HMAC-SHA-256" : "AES-256-GCM") +
                     " makes one, piictl key promote FILE makes it active");
  }
  return {};
}

// The settings as JSON; a text of one has quotes.
std::vector<std::pair<std::string_view, Json>> settings_of(const KeysetPolicy& policy) {
  Json versions = Json::array();
  if (policy.accept_v1) versions.push_back(1);
  if (policy.accept_v2) versions.push_back(2);
  return {{"write_version", policy.write_version},
          {"accept_versions", versions},
          {"rotate_every", pii::to_duration(policy.rotate_every)},
          {"propagation", pii::to_duration(policy.propagation)},
          {"retire_min", pii::to_duration(policy.retire_min)},
          {"destroy_hold", pii::to_duration(policy.destroy_hold)},
          {"max_messages_log2", policy.max_messages_log2},
          {"require_record", policy.require_record}};
}

class KeysetPolicyCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options.add_list("--set", settings_, "NAME=VALUE", "change a setting; repeatable");
  }

  Result<void> run(Session& session) override {
    if (settings_.empty()) {
      const auto draft = read_draft(session, file_);
      if (!draft) return draft.error();
      return tell(session, draft->record().policy);
    }
    KeysetPolicy policy;
    const auto changed =
        take_step(session, file_, {}, [&](KeysetDraft& draft, pii::Seconds) -> Result<StepResult> {
          for (const std::string& setting : settings_) {
            const std::size_t equals = setting.find('=');
            if (equals == std::string::npos) {
              return Error(ErrorCode::usage, "--set needs NAME=VALUE", "for example --set propagation=PT15M");
            }
            auto done = set(draft.record().policy, setting.substr(0, equals), setting.substr(equals + 1));
            if (!done) return done.error();
          }
          if (auto fits = check_written(draft.record()); !fits) return fits.error();
          return StepResult{"set policy", {}};
        });
    return changed;
  }

 private:
  static Result<void> tell(const Session& session, const KeysetPolicy& policy) {
    Json body = Json::object();
    std::string out;
    for (const auto& [name, value] : settings_of(policy)) {
      body.add(name, value);
      std::string text = value.text();
      std::erase(text, '"');  // no setting has one in it
      out += std::string(name) + "=" + text + "\n";
    }
    return write_to_standard_output(session.flags.json ? to_json_line(body) : out);
  }

  std::string file_;
  std::vector<std::string> settings_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_policy() { return std::make_unique<KeysetPolicyCommand>(); }

}  // namespace piictl
