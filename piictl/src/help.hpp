#pragma once

#include <string>
#include <string_view>

#include "command.hpp"

namespace piictl {

/// What `piictl --help` prints: every command with one line, and the flags that all of them take.
std::string help_of_all();
/// What `piictl COMMAND --help` prints.
std::string help_of(const CommandEntry& entry);
/// The manual page piictl(1), made of the same tables.
std::string manual_page();
/// A completion script, or empty for a shell that is not "bash", "zsh" or "fish".
std::string completion_script(std::string_view shell);

/// "-f, --field FIELD", as help and manual show an option.
std::string shown_name(const OptionSpec& spec);
/// "piictl keyset info [FLAGS] FILE".
std::string usage_line(const CommandEntry& entry, const OptionList& own);

}  // namespace piictl
