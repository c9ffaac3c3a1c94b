#include "mask/key_memo.hpp"

namespace pii::mask {

const KeySaid& KeyMemo::judge(std::string_view key, KeyRole above) {
  static constexpr KeySaid kNothing{.verdict = {}, .role = {.any = true}};
  name_.clear();
  const KeyVocabulary::Reading reading = policy_.keys.read(key, name_);
  if (reading == KeyVocabulary::Reading::nothing) return kNothing;
  if (reading == KeyVocabulary::Reading::strange) return strange_ = policy_.say(key, above);
  name_ += static_cast<char>(above.bits());
  if (const auto found = known_.find(name_); found != known_.end()) return found->second;
  if (known_.size() >= kMost) known_.clear();
  return known_.emplace(name_, policy_.say(key, above)).first->second;
}

}  // namespace pii::mask
