#include "help.hpp"

#include <algorithm>

namespace piictl {
namespace {

constexpr std::size_t kTextWidth = 100;

void append_padded(std::string& out, std::string_view left, std::string_view right, std::size_t column) {
  std::string row = "  " + std::string(left);
  if (row.size() + 2 > column) {
    out += row + "\n";
    row.clear();
  }
  row.resize(column, ' ');
  std::size_t width = row.size();
  while (!right.empty()) {
    const std::size_t space = right.find(' ');
    const std::string_view word = right.substr(0, space);
    if (width > column && width + 1 + word.size() > kTextWidth) {
      row += "\n" + std::string(column, ' ');
      width = column;
    }
    if (width > column) {
      row += ' ';
      ++width;
    }
    row += word;
    width += word.size();
    right = space == std::string_view::npos ? std::string_view() : right.substr(space + 1);
  }
  out += row + "\n";
}

void append_options(std::string& out, std::string_view heading, const OptionList& options) {
  constexpr std::size_t kColumn = 30;
  if (options.specs().empty()) return;
  out += "\n" + std::string(heading) + "\n";
  for (const OptionSpec& spec : options.specs()) append_padded(out, shown_name(spec), spec.help, kColumn);
}

}  // namespace

std::string shown_name(const OptionSpec& spec) {
  std::string shown(spec.is_positional() ? spec.names : spec.long_name());
  if (!spec.short_name().empty()) shown = std::string(spec.short_name()) + ", " + shown;
  if (spec.takes_value() && !spec.is_positional()) shown += " " + std::string(spec.value_name);
  return shown;
}

std::string usage_line(const CommandEntry& entry, const OptionList& own) {
  std::string line = "piictl " + std::string(entry.path);
  for (const OptionSpec& spec : own.specs()) {
    if (!spec.is_positional() && spec.required) {
      line += " " + std::string(spec.long_name()) + " " + std::string(spec.value_name);
    }
  }
  line += " [FLAGS]";
  for (const OptionSpec& spec : own.specs()) {
    if (!spec.is_positional()) continue;
    const bool many = std::holds_alternative<std::vector<std::string>*>(spec.target);
    const std::string name = std::string(spec.names) + (many ? "..." : "");
    line += spec.required ? " " + name : " [" + name + "]";
  }
  return line;
}

std::string help_of_all() {
  constexpr std::size_t kColumn = 21;
  std::string out = "piictl: tokenize, protect and reveal personal data\n\nusage: piictl COMMAND [FLAGS]\n";
  std::string_view group;
  for (const CommandEntry& entry : command_table()) {
    if (entry.group != group) {
      group = entry.group;
      out += "\n" + std::string(group) + "\n";
    }
    append_padded(out, entry.path, entry.summary, kColumn);
  }
  CommonFlags flags;
  OptionList common;
  flags.declare(common);
  append_options(out, "Flags of every command", common);
  out += "\nExit codes\n";
  for (const Topic& topic : exit_code_topics()) append_padded(out, topic.name, topic.text, kColumn);
  out += "\npiictl COMMAND --help tells more of one; piictl man prints the manual.\n";
  return out;
}

std::string help_of(const CommandEntry& entry) {
  OptionList own;
  const auto command = entry.make();
  command->declare(own);
  std::string out = "usage: " + usage_line(entry, own) + "\n\n" + std::string(entry.description) + "\n";
  append_options(out, "Flags", own);
  CommonFlags flags;
  OptionList common;
  flags.declare(common);
  append_options(out, "Flags of every command", common);
  return out;
}

}  // namespace piictl
