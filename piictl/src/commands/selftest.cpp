#include "pii/selftest.hpp"

#include <algorithm>

#include "commands/commands.hpp"
#include "output.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

class SelftestCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  pii::Result<void> run(Session& session) override {
    const std::vector<pii::SelfTestResult> results = pii::run_self_test();
    std::vector<std::vector<std::string>> rows;
    Json tests = Json::array();
    for (const pii::SelfTestResult& result : results) {
      const std::string status = result.passed ? "ok" : "fail";
      rows.push_back({status, result.name, result.detail});
      tests.push_back({{"name", result.name}, {"status", status}, {"detail", result.detail}});
    }
    const std::string out =
        session.flags.json ? to_json_line({{"tests", std::move(tests)}}) : text_table(rows);
    if (auto written = write_to_standard_output(out); !written) return written;
    const auto failed = std::ranges::count(results, false, &pii::SelfTestResult::passed);
    if (failed == 0) return {};
    return pii::Error(
        pii::ErrorCode::self_test_failed, std::to_string(failed) + " known-answer tests failed",
        "do not use this build on this machine; report it with the output of piictl version --json");
  }
};

}  // namespace

std::unique_ptr<Command> make_selftest() { return std::make_unique<SelftestCommand>(); }

}  // namespace piictl
