
#include "commands/commands.hpp"
#include "commands/mask_setup.hpp"
#include "input.hpp"
#include "output.hpp"
#include "pii/mask_explain.hpp"
#include "report.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

using pii::MaskPolicy;
using pii::PathRule;
using pii::Result;

std::string_view exempt_of(const PathRule& rule) {
  switch (rule.exempt) {
    case PathRule::Exempt::none:
      break;
    case PathRule::Exempt::keys:
      return "exempt: keys";
    case PathRule::Exempt::detectors:
      return "exempt: detectors";
    case PathRule::Exempt::all:
      return "exempt: all";
  }
  return rule.action ? "action" : "nothing";
}

class PolicyExplainCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    rules_.declare(options);
    OptionSpec& path =
        options.add_text("--path", path_, "PATH", "where the value stands: payload.items[0].email");
    path.required = true;
    input_.declare(options);
  }

  Result<void> run(Session& session) override {
    auto setup = make_scan_setup(rules_);
    if (!setup) return std::move(setup).error();
    auto input = open_input(input_);
    if (!input) return std::move(input).error();
    const MaskPolicy& policy = *setup->policy;
    auto value = read_value(*input, policy.spec().max_line_bytes);
    if (!value) return std::move(value).error();
    const auto explanation = explain_mask(policy, path_, value->expose());
    if (!explanation) return explanation.error();
    return write_to_standard_output(session.flags.json ? as_json(policy, *explanation)
                                                       : as_table(policy, *explanation));
  }

 private:
  static std::string as_json(const MaskPolicy& policy, const pii::MaskExplanation& explanation) {
    Json found = Json::array();
    for (const pii::Detector detector : explanation.found) found.push_back(to_string(detector));
    Json rules = Json::array();
    for (const std::size_t rule : explanation.rules) {
      const PathRule& matched = policy.spec().paths[rule];
      rules.push_back({{"index", rule}, {"path", matched.path}, {"does", exempt_of(matched)}});
    }
    return to_json_line({{"key", explanation.key},
                         {"key_type", to_string(explanation.key_type)},
                         {"included", explanation.included},
                         {"never_scan", explanation.never_scan},
                         {"rules", std::move(rules)},
                         {"found", std::move(found)},
                         {"masked", explanation.masked}});
  }

  static std::string as_table(const MaskPolicy& policy, const pii::MaskExplanation& explanation) {
    std::string key = explanation.key;
    if (explanation.key_type != pii::Detector::none)
      key += " (" + std::string(to_string(explanation.key_type)) + ")";
    std::string found;
    for (const pii::Detector detector : explanation.found)
      found += (found.empty() ? "" : ", ") + std::string(to_string(detector));
    std::vector<std::vector<std::string>> rows = {{"key", key}};
    if (!explanation.included) rows.push_back({"scope", "not included"});
    if (explanation.never_scan) rows.push_back({"scope", "never scanned where it looks like an identifier or a time"});
    for (const std::size_t rule : explanation.rules) {
      const PathRule& matched = policy.spec().paths[rule];
      rows.push_back({"paths[" + std::to_string(rule) + "]", std::string(exempt_of(matched))});
    }
    rows.push_back({"found", found.empty() ? "nothing" : found});
    rows.push_back({"masked", explanation.masked ? "yes" : "no"});
    return text_table(rows);
  }

  MaskFlags rules_;
  std::string path_;
  InputFlags input_;
};

}  // namespace

std::unique_ptr<Command> make_policy_explain() { return std::make_unique<PolicyExplainCommand>(); }

}  // namespace piictl
