#include "commands/commands.hpp"
#include "help.hpp"
#include "output.hpp"

namespace piictl {
namespace {

class ManCommand final : public Command {
 public:
  void declare(OptionList&) override {}
  pii::Result<void> run(Session&) override { return write_to_standard_output(manual_page()); }
};

class CompletionCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& shell = options.add_text("SHELL", shell_, "", "bash, zsh or fish");
    shell.choices = {"bash", "zsh", "fish"};
    shell.required = true;
  }
  pii::Result<void> run(Session&) override { return write_to_standard_output(completion_script(shell_)); }

 private:
  std::string shell_;
};

}  // namespace

std::unique_ptr<Command> make_man() { return std::make_unique<ManCommand>(); }
std::unique_ptr<Command> make_completion() { return std::make_unique<CompletionCommand>(); }

}  // namespace piictl
