#include <unistd.h>

#include <cstdlib>
#include <new>

#include "audit_log.hpp"
#include "command_line.hpp"
#include "help.hpp"
#include "output.hpp"
#include "pii/provider.hpp"
#include "process.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Result;

bool wants_color(bool no_color) {
  const char* variable = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return !no_color && (variable == nullptr || *variable == '\0') && !dumb && ::isatty(STDERR_FILENO) == 1;
}

// Before the arguments are understood, an error must already know how it is to look.
bool has_argument(const std::vector<std::string>& arguments, std::string_view wanted) {
  for (const std::string& argument : arguments) {
    if (argument == "--") return false;
    if (argument == wanted) return true;
  }
  return false;
}

// "tk1 tokens 5, rk1 seals 3": what keys were used for, and ciphertexts that they did not open. Empty: nothing.
std::string key_use_of(const Session& session) {
  std::string text;
  const auto add = [&text](const std::string& kid, const char* what, std::uint64_t count) {
    if (count != 0) text += (text.empty() ? "" : ", ") + kid + " " + what + " " + std::to_string(count);
  };
  for (const auto& provider : *session.keysets) {
    for (const pii::KeysetUsage usage : {pii::KeysetUsage::token, pii::KeysetUsage::reveal}) {
      const auto keyset = provider->cell(usage).share();
      if (keyset == nullptr) continue;
      for (const pii::KeyUse& use : keyset->key_use()) {
        add(use.kid, "tokens", use.tokens);
        add(use.kid, "seals", use.seals);
        add(use.kid, "failures", use.failures);
      }
    }
  }
  return text;
}

Result<void> run_command(const CommandEntry& entry, const std::vector<std::string>& arguments) {
  CommonFlags flags;
  OptionList options;
  const auto command = entry.make();
  command->declare(options);
  flags.declare(options);
  if (has_argument(arguments, "--help") || has_argument(arguments, "-h"))
    return write_to_standard_output(help_of(entry));
  if (auto parsed = parse_options(entry, options, arguments); !parsed) return parsed;
  const Report report(flags.json, flags.quiet, wants_color(flags.no_color));
  Session session{.flags = flags, .report = report, .command = entry.path};
  if (flags.audit_log.empty()) return command->run(session);
  // First of all: what cannot be audited is not done.
  auto audit = AuditLog::open(flags.audit_log);
  if (!audit) return std::move(audit).error();
  session.keysets = std::make_shared<std::vector<std::shared_ptr<pii::KeysetProvider>>>();
  const Result<void> done = command->run(session);
  if (std::string used = key_use_of(session); !used.empty()) session.audit.emplace_back("keys", std::move(used));
  AuditLog::Members members = {{"command", std::string(entry.path)}};
  members.insert(members.end(), session.audit.begin(), session.audit.end());
  if (flags.dry_run) members.emplace_back("dry_run", "true");
  members.emplace_back("result", done ? "ok" : std::string(pii::to_string(done.error().code())));
  if (!done) members.emplace_back("code", std::to_string(static_cast<int>(done.error().code())));
  const auto written = audit->append(members);
  return done ? written : done;
}

Result<void> run(const std::vector<std::string>& arguments) {
  auto selection = select_command(arguments);
  if (!selection) return std::move(selection).error();
  if (selection->entry == nullptr) {
    if (selection->help) return write_to_standard_output(help_of_all());
    return run({"version"});
  }
  if (selection->help) return write_to_standard_output(help_of(*selection->entry));
  return run_command(*selection->entry, selection->arguments);
}

int main_of(const std::vector<std::string>& arguments) {
  const Result<void> done = run(arguments);
  if (done) return 0;
  const Report report(has_argument(arguments, "--json"), false,
                      wants_color(has_argument(arguments, "--no-color")));
  report.error(done.error());
  return pii::error_class(done.error().code());
}

}  // namespace
}  // namespace piictl

int main(int argc, char** argv) {
  piictl::harden_process();
  try {
    return piictl::main_of(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (const std::bad_alloc&) {
    piictl::write_to_standard_error("error: out of memory\nhint: free some, or work on smaller pieces\n");
    return pii::error_class(pii::ErrorCode::internal);
  }
}
