#include <algorithm>

#include "commands/commands.hpp"
#include "commands/doctor_checks.hpp"
#include "output.hpp"
#include "report.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

std::string_view to_string(Check::Status status) {
  switch (status) {
    case Check::Status::ok:
      return "ok";
    case Check::Status::warn:
      return "warn";
    case Check::Status::fail:
      return "fail";
  }
  return "fail";
}

std::string to_text(const std::vector<Check>& checks) {
  std::vector<std::vector<std::string>> rows;
  for (const Check& check : checks) {
    rows.push_back({std::string(to_string(check.status)), check.name, printable(check.detail)});
    if (!check.hint.empty()) rows.push_back({"", "", "-> " + printable(check.hint)});
  }
  return text_table(rows);
}

std::string to_json(const std::vector<Check>& checks) {
  Json list = Json::array();
  for (const Check& check : checks) {
    list.push_back({{"name", check.name},
                    {"status", to_string(check.status)},
                    {"detail", check.detail},
                    {"hint", check.hint}});
  }
  return to_json_line({{"checks", std::move(list)}});
}

class DoctorCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  pii::Result<void> run(Session& session) override {
    std::vector<Check> checks = check_configuration(session.flags);
    checks.push_back(check_mask(session.flags));
    std::ranges::move(check_machine(), std::back_inserter(checks));
    const std::string out = session.flags.json ? to_json(checks) : to_text(checks);
    if (auto written = write_to_standard_output(out); !written) return written;
    const auto failed = std::ranges::find(checks, Check::Status::fail, &Check::status);
    if (failed == checks.end()) return {};
    const auto count = std::ranges::count(checks, Check::Status::fail, &Check::status);
    return pii::Error(failed->code, std::to_string(count) + (count == 1 ? " check failed" : " checks failed"),
                      "each failed check says what to do");
  }
};

}  // namespace

std::unique_ptr<Command> make_doctor() { return std::make_unique<DoctorCommand>(); }

}  // namespace piictl
