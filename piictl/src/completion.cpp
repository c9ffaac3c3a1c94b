#include <algorithm>

#include "help.hpp"

namespace piictl {
namespace {

// Every command with all its options, common ones included. The command object owns what the options point
// at.
struct Described {
  explicit Described(const CommandEntry& command_entry)
      : entry(&command_entry), command(command_entry.make()) {
    command->declare(options);
    flags->declare(options);
  }

  const CommandEntry* entry;
  std::unique_ptr<Command> command;
  std::unique_ptr<CommonFlags> flags = std::make_unique<CommonFlags>();
  OptionList options;
};

std::vector<Described> describe_all() {
  std::vector<Described> all;
  for (const CommandEntry& entry : command_table()) all.emplace_back(entry);
  return all;
}

std::string words_of(const OptionList& options) {
  std::string words;
  for (const OptionSpec& spec : options.specs()) {
    if (spec.is_positional()) continue;
    if (!spec.short_name().empty()) words += std::string(spec.short_name()) + " ";
    words += std::string(spec.long_name()) + " ";
  }
  if (!words.empty()) words.pop_back();
  return words;
}

// The words that may stand first, and those that may follow "keyset".
std::string first_words() {
  std::vector<std::string_view> words;
  for (const CommandEntry& entry : command_table()) {
    const std::string_view word = entry.path.substr(0, entry.path.find(' '));
    if (std::ranges::find(words, word) == words.end()) words.push_back(word);
  }
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

std::string second_words(std::string_view first) {
  std::string out;
  for (const CommandEntry& entry : command_table()) {
    if (entry.path.size() > first.size() && entry.path.starts_with(first) &&
        entry.path[first.size()] == ' ') {
      out += (out.empty() ? "" : " ") + std::string(entry.path.substr(first.size() + 1));
    }
  }
  return out;
}

// Text inside single quotes of a shell.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string choices_of(const OptionSpec& spec) {
  std::string out;
  for (const std::string_view choice : spec.choices) out += (out.empty() ? "" : " ") + std::string(choice);
  return out;
}

std::string bash_script() {
  std::string out =
      "# bash completion of piictl: . <(piictl completion bash)\n"
      "_piictl() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path=${COMP_WORDS[1]} words= "
      "i\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W '" +
      first_words() +
      " --help --version' -- \"$cur\"))\n"
      "    return\n"
      "  fi\n"
      "  if [ \"$path\" = keyset ]; then\n"
      "    if [ \"$COMP_CWORD\" -eq 2 ]; then\n"
      "      COMPREPLY=($(compgen -W '" +
      second_words("keyset") +
      "' -- \"$cur\"))\n"
      "      return\n"
      "    fi\n"
      "    path=\"keyset ${COMP_WORDS[2]}\"\n"
      "  fi\n"
      "  case \"$path/$prev\" in\n";
  std::string flags = "  case \"$path\" in\n";
  for (const Described& one : describe_all()) {
    const std::string path(one.entry->path);
    flags += "    " + quoted(path) + ") words='" + words_of(one.options) + "' ;;\n";
    for (const OptionSpec& spec : one.options.specs()) {
      if (spec.is_positional() && !spec.choices.empty()) {
        out += "    " + quoted(path + "/" + path) + ") COMPREPLY=($(compgen -W '" + choices_of(spec) +
               "' -- \"$cur\")); return ;;\n";
      }
      if (spec.is_positional() || !spec.takes_value()) continue;
      const std::string reply = spec.is_file ? "compgen -f" : "compgen -W '" + choices_of(spec) + "'";
      out += "    " + quoted(path + "/" + std::string(spec.long_name())) + ") COMPREPLY=($(" + reply +
             " -- \"$cur\")); return ;;\n";
    }
  }
  return out + "  esac\n" + flags +
         "  esac\n"
         "  case \"$cur\" in\n"
         "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;\n"
         "    *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _piictl piictl\n";
}

// In zsh's _arguments a colon and brackets have a meaning of their own.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionSpec& spec) {
  if (!spec.choices.empty()) return "(" + choices_of(spec) + ")";
  return spec.is_file ? "_files" : "";
}

std::string zsh_script() {
  std::string out =
      "#compdef piictl\n"
      "# zsh completion of piictl: piictl completion zsh > \"${fpath[1]}/_piictl\"\n"
      "_piictl() {\n"
      "  local path=$words[2]\n"
      "  if (( CURRENT == 2 )); then\n"
      "    compadd -- " +
      first_words() +
      "\n    return\n  fi\n"
      "  if [[ $path == keyset ]]; then\n"
      "    if (( CURRENT == 3 )); then\n"
      "      compadd -- " +
      second_words("keyset") +
      "\n      return\n    fi\n"
      "    path=\"keyset $words[3]\"\n    shift words\n    (( CURRENT-- ))\n  fi\n"
      "  shift words\n  (( CURRENT-- ))\n"
      "  case $path in\n";
  for (const Described& one : describe_all()) {
    out += "    " + quoted(one.entry->path) + ")\n      _arguments";
    for (const OptionSpec& spec : one.options.specs()) {
      const std::string value = ":" + zsh_text(spec.value_name) + ":" + zsh_action(spec);
      if (spec.is_positional()) {
        out += " \\\n        " +
               quoted((spec.required ? "1:" : "1::") + zsh_text(spec.names) + ":" + zsh_action(spec));
        continue;
      }
      const std::string repeat = std::holds_alternative<std::vector<std::string>*>(spec.target) ? "*" : "";
      for (const std::string_view name : {spec.short_name(), spec.long_name()}) {
        if (name.empty()) continue;
        out += " \\\n        " + quoted(repeat + std::string(name) + "[" + zsh_text(spec.help) + "]" +
                                        (spec.takes_value() ? value : ""));
      }
    }
    out += " ;;\n";
  }
  return out + "  esac\n}\n_piictl \"$@\"\n";
}

std::string fish_script() {
  std::string out = "# fish completion of piictl: piictl completion fish | source\ncomplete -c piictl -f\n";
  const std::string none = "-n 'not __fish_seen_subcommand_from " + first_words() + "'";
  for (const CommandEntry& entry : command_table()) {
    const std::size_t space = entry.path.find(' ');
    if (space == std::string_view::npos) {
      out += "complete -c piictl " + none + " -a " + std::string(entry.path) + " -d " +
             quoted(entry.summary) + "\n";
      continue;
    }
    const std::string first(entry.path.substr(0, space)), second(entry.path.substr(space + 1));
    out += "complete -c piictl " + none + " -a " + first + " -d 'keyset files'\n";
    out += "complete -c piictl -n '__fish_seen_subcommand_from " + first +
           "; and not __fish_seen_subcommand_from " + second_words(first) + "' -a " + second + " -d " +
           quoted(entry.summary) + "\n";
  }
  for (const Described& one : describe_all()) {
    std::string condition = "-n '";
    std::string_view path = one.entry->path;
    const std::size_t space = path.find(' ');
    condition += "__fish_seen_subcommand_from " + std::string(path.substr(0, space));
    if (space != std::string_view::npos) {
      condition += "; and __fish_seen_subcommand_from " + std::string(path.substr(space + 1));
    }
    condition += "'";
    for (const OptionSpec& spec : one.options.specs()) {
      out += "complete -c piictl " + condition;
      if (!spec.is_positional()) {
        if (!spec.short_name().empty()) out += " -s " + std::string(spec.short_name().substr(1));
        out += " -l " + std::string(spec.long_name().substr(2));
      }
      if (spec.takes_value() && !spec.is_positional()) out += spec.is_file ? " -r" : " -x";
      if (!spec.choices.empty()) out += " -a " + quoted(choices_of(spec));
      if (spec.is_file) out += " -F";
      out += " -d " + quoted(spec.help) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string completion_script(std::string_view shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  return {};
}

}  // namespace piictl
