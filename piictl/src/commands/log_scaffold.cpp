#include "commands/commands.hpp"
#include "commands/scaffold_table.hpp"
#include "output.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

class LogScaffoldCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& name = options.add_text("NAME", name_, "", "which; default: a list of them");
    for (const Scaffold& scaffold : scaffolds()) name.choices.push_back(scaffold.name);
  }

  Result<void> run(Session&) override {
    std::vector<std::vector<std::string>> rows;
    for (const Scaffold& scaffold : scaffolds()) {
      if (scaffold.name == name_) return write_to_standard_output(scaffold.text);
      rows.push_back({std::string(scaffold.name), std::string(scaffold.what)});
    }
    if (name_.empty()) return write_to_standard_output(text_table(rows));
    return Error(ErrorCode::usage, "there is no scaffold of that name", "piictl log scaffold lists them");
  }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_log_scaffold() { return std::make_unique<LogScaffoldCommand>(); }

}  // namespace piictl
