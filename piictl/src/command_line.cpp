#include "command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>


namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

constexpr int kMaxFiles = 1 << 20;

bool looks_like_flag(std::string_view argument) {
  return argument.size() > 1 && argument[0] == '-' && !(argument[1] >= '0' && argument[1] <= '9');
}

std::string_view without_value(std::string_view argument) { return argument.substr(0, argument.find('=')); }

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// The name that `typed` is a slip of, or empty. Only names of ours come back.
class Suggestion {
 public:
  explicit Suggestion(std::string_view typed) : typed_(typed.substr(0, kLongestName)) {}
  void consider(std::string_view name) {
    const std::size_t distance = edit_distance(typed_, name);
    if (distance < best_distance_ && distance < name.size() / 2) {
      best_distance_ = distance;
      best_ = name;
    }
  }
  std::string text(std::string_view fallback) const {
    return best_.empty() ? std::string(fallback)
                         : "did you mean " + std::string(best_) + "? " + std::string(fallback);
  }

 private:
  static constexpr std::size_t kLongestName = 32;
  std::string_view typed_;
  std::string_view best_;
  std::size_t best_distance_ = 3;
};

std::string help_hint(const CommandEntry& entry) {
  return "piictl " + std::string(entry.path) + " --help shows what it takes";
}

Error unknown_command(std::string_view typed) {
  Suggestion suggestion(typed);
  for (const CommandEntry& entry : command_table()) suggestion.consider(entry.path);
  return Error(ErrorCode::usage, "there is no such command",
               suggestion.text("piictl --help lists the commands"));
}

Error unknown_flag(const CommandEntry& entry, const OptionList& options, std::string_view typed) {
  const std::string_view name = without_value(typed);
  Suggestion suggestion(name);
  for (const OptionSpec& spec : options.specs()) {
    if (!spec.is_positional()) suggestion.consider(spec.long_name());
  }
  return Error(ErrorCode::usage, "an unknown flag", suggestion.text(help_hint(entry)));
}

Error stray_argument(const CommandEntry& entry, const OptionList& options) {
  const bool takes_values = options.find("--in") != nullptr;
  const auto& specs = options.specs();
  const bool takes_file = std::ranges::any_of(specs, [](const OptionSpec& s) { return s.is_positional(); });
  if (takes_values) {
    return Error(ErrorCode::usage, "values are not taken from the command line, where others can read them",
                 "send it on standard input, or name a file with --in FILE");
  }
  return Error(ErrorCode::usage, takes_file ? "too many arguments" : "this command takes no argument",
               help_hint(entry));
}

Result<void> store(const OptionSpec& spec, const std::vector<std::string>& given) {
  const std::string name(spec.long_name());
  if (spec.takes_value() && std::ranges::any_of(given, &std::string::empty)) {
    return Error(ErrorCode::usage, name + " is empty", "give it a value or leave it out");
  }
  const bool is_list = std::holds_alternative<std::vector<std::string>*>(spec.target);
  if (!is_list && given.size() > 1 && spec.takes_value()) {
    return Error(ErrorCode::usage, name + " is given twice", "give it once");
  }
  if (!spec.choices.empty() && std::ranges::find(spec.choices, given[0]) == spec.choices.end()) {
    std::string all;
    for (const std::string_view choice : spec.choices) all += (all.empty() ? "" : ", ") + std::string(choice);
    return Error(ErrorCode::usage, name + " has a value that it does not know", "it takes one of: " + all);
  }
  if (auto* flag = std::get_if<bool*>(&spec.target)) {
    if (given[0] != "true")
      return Error(ErrorCode::usage, name + " takes no value", "write " + name + " alone");
    **flag = true;
  } else if (auto* text = std::get_if<std::string*>(&spec.target)) {
    **text = given[0];
  } else if (auto* list = std::get_if<std::vector<std::string>*>(&spec.target)) {
    **list = given;
  } else if (auto* number = std::get_if<std::uint64_t*>(&spec.target)) {
    const char* end = given[0].data() + given[0].size();
    std::uint64_t value = 0;
    const auto [stopped, failure] = std::from_chars(given[0].data(), end, value);
    if (failure != std::errc() || stopped != end || value < spec.minimum || value > spec.maximum) {
      return Error(ErrorCode::usage, name + " is not a number that it takes",
                   "it takes a whole number from " + std::to_string(spec.minimum) + " to " +
                       std::to_string(spec.maximum));
    }
    **number = value;
  }
  return {};
}

// "--flag=" is not "--flag" and the next argument, which is how CLI11 would read it.
const OptionSpec* find_empty_assignment(const OptionList& options,
                                        const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (argument.size() > 1 && argument.ends_with('=') && argument.find('=') == argument.size() - 1) {
      if (const OptionSpec* spec = options.find(without_value(argument))) return spec;
    }
  }
  return nullptr;
}

// CLI11's own texts repeat arguments; what() begins with the name of the option at fault, which is ours to
// name.
Error from_parse_error(const CommandEntry& entry, const OptionList& options, const CLI::ParseError& error) {
  const std::string_view text = error.what();
  const std::string_view name = text.substr(0, text.find_first_of(": "));
  if (const OptionSpec* spec = options.find(name)) {
    const std::string shown(spec->long_name());
    if (!spec->takes_value()) return Error(ErrorCode::usage, shown + " takes no value", help_hint(entry));
    return Error(ErrorCode::usage, shown + " needs a value", shown + " " + std::string(spec->value_name));
  }
  return Error(ErrorCode::usage, "the arguments do not fit together", help_hint(entry));
}

}  // namespace

Result<Selection> select_command(std::span<const std::string> arguments) {
  CommonFlags unused;
  OptionList common;
  unused.declare(common);

  Selection selection;
  std::size_t at = 0;
  // Common flags may stand before the command.
  for (; at < arguments.size() && looks_like_flag(arguments[at]); ++at) {
    const std::string& argument = arguments[at];
    if (argument == "--help" || argument == "-h") {
      selection.help = true;
      continue;
    }
    if (argument == "--version") {
      selection.version = true;
      continue;
    }
    const OptionSpec* spec = common.find(without_value(argument));
    if (spec == nullptr) {
      return Error(ErrorCode::usage, "an unknown flag before the command",
                   "the command comes first: piictl COMMAND [flags]");
    }
    selection.arguments.push_back(argument);
    if (spec->takes_value() && argument.find('=') == std::string::npos && at + 1 < arguments.size()) {
      selection.arguments.push_back(arguments[++at]);
    }
  }
  if (at < arguments.size() && arguments[at] == "help") {
    selection.help = true;
    ++at;
  }
  if (at == arguments.size()) {
    if (selection.help || selection.version) return selection;
    return Error(ErrorCode::usage, "no command was given", "piictl --help lists the commands");
  }

  std::string two_words = arguments[at];
  if (at + 1 < arguments.size()) two_words += " " + arguments[at + 1];
  for (const CommandEntry& entry : command_table()) {
    if (entry.path != arguments[at] && entry.path != two_words) continue;
    selection.entry = &entry;
    at += entry.path == arguments[at] ? 1U : 2U;
    selection.arguments.insert(selection.arguments.end(), arguments.begin() + static_cast<std::ptrdiff_t>(at),
                               arguments.end());
    return selection;
  }
  // The first word of two, as in "keyset create": then the second one is wrong.
  const std::string first = arguments[at] + " ";
  const bool group = std::ranges::any_of(command_table(), [&](const CommandEntry& entry) { return entry.path.starts_with(first); });
  return unknown_command(group ? std::string_view(two_words) : std::string_view(arguments[at]));
}

Result<void> parse_options(const CommandEntry& entry, const OptionList& options,
                           const std::vector<std::string>& arguments) {
  if (const OptionSpec* spec = find_empty_assignment(options, arguments)) {
    return Error(ErrorCode::usage, std::string(spec->long_name()) + " is empty",
                 "give it a value or leave it out");
  }
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<CLI::Option*> parsed;
  parsed.reserve(options.specs().size());
  for (const OptionSpec& spec : options.specs()) {
    const std::string names(spec.names);
    CLI::Option* option = spec.takes_value() ? app.add_option(names) : app.add_flag(names);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    const bool many = spec.is_positional() && std::holds_alternative<std::vector<std::string>*>(spec.target);
    if (spec.takes_value()) option->type_size(1)->expected(1, many ? kMaxFiles : 1)->allow_extra_args(many);
    parsed.push_back(option);
  }
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return from_parse_error(entry, options, error);
  }
  for (const std::string& extra : app.remaining()) {
    if (looks_like_flag(extra)) return unknown_flag(entry, options, extra);
  }
  if (app.remaining_size() > 0) return stray_argument(entry, options);

  for (std::size_t i = 0; i < parsed.size(); ++i) {
    if (parsed[i]->count() == 0) continue;
    if (auto stored = store(options.specs()[i], parsed[i]->results()); !stored) return stored;
  }
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    const OptionSpec& spec = options.specs()[i];
    if (spec.required && parsed[i]->count() == 0) {
      const std::string what = spec.is_positional()
                                   ? std::string(spec.names)
                                   : std::string(spec.long_name()) + " " + std::string(spec.value_name);
      return Error(ErrorCode::usage, what + " is missing", help_hint(entry));
    }
  }
  return {};
}

}  // namespace piictl
