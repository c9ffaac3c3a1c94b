#include <algorithm>

#include "mask/ecsctx_rules.hpp"

namespace pii::mask::ecsctx {

ExemptPath::ExemptPath(std::string_view pattern) {
  std::size_t at = 0;
  while (at < pattern.size()) {
    if (pattern.substr(at).starts_with(kArrayStep)) {
      steps_.push_back({.array = true, .any = false, .name = {}});
      at += kArrayStep.size();
      continue;
    }
    const std::size_t end = std::min(pattern.find_first_of(".[]", at), pattern.size());
    if (end == at) {
      ++at;
      continue;
    }
    const std::string_view name = pattern.substr(at, end - at);
    steps_.push_back({.array = false, .any = name == "*", .name = std::string(name)});
    at = end;
  }
}

bool ExemptPath::matches(const std::vector<std::string_view>& path) const noexcept {
  if (steps_.size() > path.size()) return false;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (!steps_[i].accepts(path[i])) return false;
  }
  return true;
}

}  // namespace pii::mask::ecsctx
