#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"

namespace piictl {

/// Which command an argument list names, and what remains for it.
struct Selection {
  const CommandEntry* entry = nullptr;  // null: none was named (help or version of the whole)
  std::vector<std::string> arguments;   // flags and positionals without the command's own words
  bool help = false;
  bool version = false;
};

/// Finds the command: the longest path of the table, with common flags allowed before it.
/// Errors: usage. No message repeats an argument, because it may be a value that strayed here.
pii::Result<Selection> select_command(std::span<const std::string> arguments);

/// Parses `arguments` into the targets of `options`. Errors: usage, with the same rule; only flags of
/// `options` are named.
pii::Result<void> parse_options(const CommandEntry& entry, const OptionList& options,
                                const std::vector<std::string>& arguments);

}  // namespace piictl
