#include <vector>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "keyset_change.hpp"
#include "output.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeyRecord;
using pii::KeysetRecord;
using pii::Result;

struct Difference {
  std::string kid;  // empty: the keyset as a whole
  std::string what;
  std::string a;
  std::string b;
};

class Comparison {
 public:
  std::vector<Difference> run(const KeysetRecord& a, const KeysetRecord& b) {
    compare("", "usage", std::string(to_string(a.usage)), std::string(to_string(b.usage)));
    compare("", "schema_version", std::to_string(a.schema_version), std::to_string(b.schema_version));
    compare("", "id", a.identity.id, b.identity.id);
    compare("", "name", a.identity.name, b.identity.name);
    compare("", "env", a.identity.env, b.identity.env);
    compare("", "owner", a.identity.owner, b.identity.owner);
    compare("", "revision", std::to_string(a.identity.revision), std::to_string(b.identity.revision));
    compare("", "policy", a.policy == b.policy ? "" : "one", a.policy == b.policy ? "" : "another");
    for (const KeyRecord& key : a.keys) {
      const KeyRecord* other = b.find(key.kid);
      if (other == nullptr) {
        found_.push_back({key.kid, "key", std::string(to_string(key.status)), "-"});
        continue;
      }
      // Equal check values mean equal keys.
      compare(key.kid, "key", key.check_value, other->check_value);
      compare(key.kid, "alg", std::string(to_string(key.algorithm)),
              std::string(to_string(other->algorithm)));
      compare(key.kid, "status", std::string(to_string(key.status)), std::string(to_string(other->status)));
      compare(key.kid, "params", key.params == other->params ? "" : "one",
              key.params == other->params ? "" : "another");
      compare(key.kid, "created_at", date_of(key.created_at), date_of(other->created_at));
      compare(key.kid, "compromised_at", date_of(key.compromised_at), date_of(other->compromised_at));
    }
    for (const KeyRecord& key : b.keys) {
      if (a.find(key.kid) == nullptr)
        found_.push_back({key.kid, "key", "-", std::string(to_string(key.status))});
    }
    return std::move(found_);
  }

 private:
  static std::string date_of(const std::optional<pii::Seconds>& date) {
    return date ? to_rfc3339(*date) : "";
  }
  void compare(const std::string& kid, std::string what, const std::string& a, const std::string& b) {
    if (a != b) found_.push_back({kid, std::move(what), a.empty() ? "-" : a, b.empty() ? "-" : b});
  }

  std::vector<Difference> found_;
};

class KeysetDiffCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    for (auto [name, target] : {std::pair{"A", &a_}, {"B", &b_}}) {
      options.add_file(name, *target, "", "a keyset file, or vault:PATH");
    }
  }

  Result<void> run(Session& session) override {
    const auto a = read_draft(session, a_);
    if (!a) return a.error();
    const auto b = read_draft(session, b_);
    if (!b) return b.error();
    const auto found = Comparison().run(a->record(), b->record());
    std::string out;
    Json list = Json::array();
    for (const Difference& difference : found) {
      const std::string where = difference.kid.empty() ? "keyset" : "key " + difference.kid;
      out += printable(where + ": " + difference.what + ": " + difference.a + " | " + difference.b) + "\n";
      list.push_back({{"kid", Json::or_null(difference.kid)},
                      {"what", difference.what},
                      {"a", difference.a},
                      {"b", difference.b}});
    }
    if (session.flags.json) out = to_json_line({{"differences", std::move(list)}});
    if (auto written = write_to_standard_output(out); !written) return written;
    if (found.empty()) return {};
    return Error(ErrorCode::no_match, "the keysets differ",
                 "equal check values mean equal keys; no key was shown");
  }

 private:
  std::string a_;
  std::string b_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_diff() { return std::make_unique<KeysetDiffCommand>(); }

}  // namespace piictl
