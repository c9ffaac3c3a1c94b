#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "mask/policy_impl.hpp"

namespace pii::mask {

/// What keys say, remembered by the words in them that may say something: `email1` and `email2` are one. Bounded; of one thread.
class KeyMemo {
 public:
  explicit KeyMemo(const MaskPolicy::Impl& policy) : policy_(policy) {}

  /// As MaskPolicy::Impl has it; `above` is the role of the enclosing object's key. Valid until the next call.
  const KeySaid& judge(std::string_view key, KeyRole above);

 private:
  static constexpr std::size_t kMost = 1024;

  const MaskPolicy::Impl& policy_;
  std::unordered_map<std::string, KeySaid> known_;
  std::string name_;
  KeySaid strange_;
};

}  // namespace pii::mask
