#include "options.hpp"

namespace piictl {

std::string_view OptionSpec::short_name() const noexcept {
  return names.starts_with('-') && !names.starts_with("--") ? names.substr(0, 2) : std::string_view();
}

std::string_view OptionSpec::long_name() const noexcept {
  const std::size_t comma = names.find(',');
  return comma == std::string_view::npos ? names : names.substr(comma + 1);
}

OptionSpec& OptionList::add_switch(std::string_view names, bool& target, std::string_view help) {
  return specs_.emplace_back(OptionSpec{names, {}, help, &target});
}

OptionSpec& OptionList::add_text(std::string_view names, std::string& target, std::string_view value_name,
                                 std::string_view help) {
  return specs_.emplace_back(OptionSpec{names, value_name, help, &target});
}

OptionSpec& OptionList::add_file(std::string_view names, std::string& target, std::string_view value_name,
                                 std::string_view help) {
  OptionSpec& option = add_text(names, target, value_name, help);
  option.is_file = true;
  option.required = option.is_positional();
  return option;
}

OptionSpec& OptionList::add_keyset(std::string& target) {
  return add_file("FILE", target, "", "the keyset file, or vault:PATH");
}

OptionSpec& OptionList::add_list(std::string_view names, std::vector<std::string>& target,
                                 std::string_view value_name, std::string_view help) {
  return specs_.emplace_back(OptionSpec{names, value_name, help, &target});
}

OptionSpec& OptionList::add_number(std::string_view names, std::uint64_t& target, std::string_view value_name,
                                   std::string_view help) {
  return specs_.emplace_back(OptionSpec{names, value_name, help, &target});
}

const OptionSpec* OptionList::find(std::string_view name) const noexcept {
  for (const OptionSpec& spec : specs_) {
    if (!spec.is_positional() && (spec.long_name() == name || (!name.empty() && spec.short_name() == name))) {
      return &spec;
    }
  }
  return nullptr;
}

}  // namespace piictl
