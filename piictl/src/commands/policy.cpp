
#include "commands/commands.hpp"
#include "output.hpp"
#include "pii/policy/policy_file.hpp"
#include "report.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

using pii::PolicySpec;
using pii::Result;

std::vector<std::string> detectors_of(const PolicySpec& spec) {
  std::vector<std::string> names;
  for (int i = 1; i < pii::kDetectorCount; ++i) {
    const auto detector = static_cast<pii::Detector>(i);
    if (detector != pii::Detector::custom && spec.enabled.contains(detector))
      names.emplace_back(to_string(detector));
  }
  return names;
}

std::string_view rules_of(const PolicySpec& spec) {
  switch (spec.rules) {
    case PolicySpec::Rules::ecsctx_compat:
      return "ecsctx_compat";
    case PolicySpec::Rules::ecsctx_fixed:
      return "ecsctx_fixed";
    case PolicySpec::Rules::catalogue:
      break;
  }
  return "catalogue";
}

class PolicyCheckCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_file("FILE", file_, "", "the policy file");
  }

  Result<void> run(Session& session) override {
    auto spec = pii::load_policy(file_);
    if (!spec) return std::move(spec).error();
    const auto policy = pii::MaskPolicy::compile(*std::move(spec));
    if (!policy) return policy.error();
    const PolicySpec& in_force = (*policy)->spec();
    const std::vector<std::string> detectors = detectors_of(in_force);
    if (!session.flags.json) {
      return write_to_standard_output(text_table({{"rules", std::string(rules_of(in_force))},
                                                  {"detectors", std::to_string(detectors.size())},
                                                  {"custom", std::to_string(in_force.custom.size())},
                                                  {"paths", std::to_string(in_force.paths.size())}}));
    }
    Json custom = Json::array();
    for (const pii::CustomDetector& detector : in_force.custom) custom.push_back(detector.id);
    return write_to_standard_output(to_json_line({{"valid", true},
                                                  {"rules", rules_of(in_force)},
                                                  {"detectors", detectors},
                                                  {"custom", std::move(custom)},
                                                  {"paths", in_force.paths.size()}}));
  }

 private:
  std::string file_;
};

class PolicyProfilesCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  Result<void> run(Session& session) override {
    std::vector<std::vector<std::string>> rows = {{"PROFILE", "RULES", "DETECTORS"}};
    Json list = Json::array();
    for (const std::string_view name : PolicySpec::profile_names()) {
      const auto spec = PolicySpec::profile(name);
      if (!spec) return spec.error();
      const std::vector<std::string> detectors = detectors_of(*spec);
      rows.push_back({std::string(name), std::string(rules_of(*spec)), std::to_string(detectors.size())});
      list.push_back({{"name", name}, {"rules", rules_of(*spec)}, {"detectors", detectors}});
    }
    const std::string out =
        session.flags.json ? to_json_line({{"profiles", std::move(list)}}) : text_table(rows);
    return write_to_standard_output(out);
  }
};

}  // namespace

std::unique_ptr<Command> make_policy_check() { return std::make_unique<PolicyCheckCommand>(); }
std::unique_ptr<Command> make_policy_profiles() { return std::make_unique<PolicyProfilesCommand>(); }

}  // namespace piictl
