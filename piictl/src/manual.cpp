#include "help.hpp"
#include "pii/version.hpp"

namespace piictl {
namespace {

// Escapes what roff would read as its own.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '-') {
      out += "\\-";
    } else if (c == '\\') {
      out += "\\e";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

void append_options(std::string& out, const OptionList& options) {
  for (const OptionSpec& spec : options.specs()) {
    out += ".TP\n.B " + roff(shown_name(spec)) + "\n" + roff(spec.help) + "\n";
  }
}

void append_topics(std::string& out, std::string_view heading, std::span<const Topic> topics) {
  out += ".SH " + std::string(heading) + "\n";
  for (const Topic& topic : topics) out += ".TP\n.B " + roff(topic.name) + "\n" + roff(topic.text) + "\n";
}

}  // namespace

std::string manual_page() {
  std::string out =
      ".TH PIICTL 1 \"\" \"piictl " PII_VERSION
      "\" \"User Commands\"\n"
      ".SH NAME\npiictl \\- tokenize, protect and reveal personal data\n"
      ".SH SYNOPSIS\n.B piictl\n.I COMMAND\n[\\fIFLAGS\\fR]\n"
      ".SH DESCRIPTION\n"
      "Values never come from the command line: they are read from standard input (a hidden prompt on a "
      "terminal), from a file with \\fB\\-\\-in\\fR, or from a descriptor with \\fB\\-\\-fd\\fR. Standard "
      "output carries data only; notes, progress and errors go to standard error. Settings are taken from "
      "flags, then from PII_* variables, then from the home that \\fBpiictl init\\fR makes.\n"
      ".SH COMMANDS\n";
  for (const CommandEntry& entry : command_table()) {
    OptionList own;
    const auto command = entry.make();
    command->declare(own);
    out += ".SS " + roff(usage_line(entry, own)) + "\n" + roff(entry.description) + "\n";
    append_options(out, own);
  }
  out += ".SH FLAGS OF EVERY COMMAND\n";
  CommonFlags flags;
  OptionList common;
  flags.declare(common);
  append_options(out, common);
  append_topics(out, "ENVIRONMENT AND FILES", environment_topics());
  append_topics(out, "EXIT STATUS", exit_code_topics());
  return out;
}

}  // namespace piictl
