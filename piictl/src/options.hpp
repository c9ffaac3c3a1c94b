#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace piictl {

/// One flag or positional of a command: what the parser, the help, the man page and the completions all read.
struct OptionSpec {
  using Target = std::variant<bool*, std::string*, std::vector<std::string>*, std::uint64_t*>;

  std::string_view names;       // "-f,--field"; a positional has a bare name, "FILE"
  std::string_view value_name;  // "FIELD"; empty for a switch
  std::string_view help;
  Target target;
  std::vector<std::string_view> choices = {};  // the only values allowed, when there are any
  std::uint64_t minimum = 0;                   // of a number
  std::uint64_t maximum = UINT64_MAX;
  bool required = false;
  bool is_file = false;  // completion offers files

  bool is_positional() const noexcept { return !names.starts_with('-'); }
  bool takes_value() const noexcept { return !std::holds_alternative<bool*>(target); }
  /// "-f" or empty.
  std::string_view short_name() const noexcept;
  /// "--field"; for a positional its name.
  std::string_view long_name() const noexcept;
};

/// The options of one command, in the order in which help shows them. Views must outlive the list.
class OptionList {
 public:
  OptionSpec& add_switch(std::string_view names, bool& target, std::string_view help);
  OptionSpec& add_text(std::string_view names, std::string& target, std::string_view value_name,
                       std::string_view help);
  /// A text that is a file's name; of a positional (`value_name` empty) it is required.
  OptionSpec& add_file(std::string_view names, std::string& target, std::string_view value_name,
                       std::string_view help);
  /// FILE, the keyset that a command is about.
  OptionSpec& add_keyset(std::string& target);
  OptionSpec& add_list(std::string_view names, std::vector<std::string>& target, std::string_view value_name,
                       std::string_view help);
  OptionSpec& add_number(std::string_view names, std::uint64_t& target, std::string_view value_name,
                         std::string_view help);

  const std::vector<OptionSpec>& specs() const noexcept { return specs_; }
  /// The option of that long or short name, or null.
  const OptionSpec* find(std::string_view name) const noexcept;

 private:
  std::vector<OptionSpec> specs_;
};

}  // namespace piictl
