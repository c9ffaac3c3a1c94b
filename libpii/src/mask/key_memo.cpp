#include "mask/key_memo.hpp"

namespace pii::mask {

KeyVerdict KeyMemo::judge(std::string_view key, std::string_view parent) {
  if (policy_.keys.says_nothing(key)) return {};
  name_.clear();
  constexpr std::size_t kLongestParent = 64;  // longer ones are rare, and would fill the memory
  if (parent.size() > kLongestParent || !policy_.keys.append_skeleton(key, name_)) return policy_.judge(key, parent);
  name_ += parent;
  if (const auto found = known_.find(name_); found != known_.end()) return found->second;
  if (known_.size() >= kMost) known_.clear();
  return known_.emplace(name_, policy_.judge(key, parent)).first->second;
}

}  // namespace pii::mask
