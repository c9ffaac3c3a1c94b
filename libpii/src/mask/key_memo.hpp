#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "mask/policy_impl.hpp"

namespace pii::mask {

/// Verdicts of keys, remembered by the words in them that may say something: `email1` and `email2` are one. Bounded; of one thread.
class KeyMemo {
 public:
  explicit KeyMemo(const MaskPolicy::Impl& policy) : policy_(policy) {}

  /// As MaskPolicy::Impl::judge() has it.
  KeyVerdict judge(std::string_view key, std::string_view parent);

 private:
  static constexpr std::size_t kMost = 1024;

  const MaskPolicy::Impl& policy_;
  std::unordered_map<std::string, KeyVerdict> known_;
  std::string name_;
};

}  // namespace pii::mask
