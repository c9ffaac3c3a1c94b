#include "detect/regions.hpp"

#include <algorithm>
#include <iterator>

#include "detect/characters.hpp"

namespace pii::detect {

Result<Regions> Regions::make(const std::vector<std::string>& names) {
  static constexpr std::string_view kNames[] = {"KW", "SA", "AE", "BH", "QA", "OM", "US"};
  Regions made;
  for (const std::string& name : names) {
    const auto found = std::find(std::begin(kNames), std::end(kNames), name);
    if (found == std::end(kNames)) {
      return Error(ErrorCode::invalid_setting, "phone regions: only KW, SA, AE, BH, QA, OM and US are known");
    }
    const auto id = static_cast<Id>(found - std::begin(kNames));
    if (std::find(made.ids_.begin(), made.ids_.end(), id) == made.ids_.end()) made.ids_.push_back(id);
  }
  return made;
}

Result<ExtraIins> ExtraIins::make(const std::vector<std::string>& prefixes) {
  ExtraIins made;
  for (const std::string& prefix : prefixes) {
    if (prefix.size() < 4 || prefix.size() > 8 || !std::all_of(prefix.begin(), prefix.end(), is_digit)) {
      return Error(ErrorCode::invalid_setting, "card prefixes: each has 4 to 8 digits");
    }
    made.prefixes_.push_back(prefix);
  }
  std::sort(made.prefixes_.begin(), made.prefixes_.end());
  return made;
}

bool ExtraIins::contains(std::string_view digits) const noexcept {
  if (prefixes_.empty()) return false;
  for (std::size_t size = 4; size <= 8 && size <= digits.size(); ++size) {
    if (std::binary_search(prefixes_.begin(), prefixes_.end(), digits.substr(0, size))) return true;
  }
  return false;
}

}  // namespace pii::detect
