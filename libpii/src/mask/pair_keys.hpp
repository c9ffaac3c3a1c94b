#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mask/entry.hpp"
#include "mask/policy_impl.hpp"

namespace pii::mask {

/// Verdicts of keys of pairs, remembered by the key's bytes; a key that hashes alike takes the place of another.
class PairKeys {
 public:
  struct Verdict {
    DetectorSet context;  // as a KeyVerdict has them
    KeyVerdict::Kind kind = KeyVerdict::Kind::plain;
    Detector type = Detector::none;
    bool password = false;  // Kind::secret: what opens a door, by its name; others may be words of prose
  };

  explicit PairKeys(const MaskPolicy::Impl& policy) : policy_(policy) {}

  /// `key` is not empty, `hash` of the key's bytes, whichever; `may_read_eight` as KeyWords::are_of() has it. Valid until the next call.
  const Verdict& judge(std::string_view key, std::size_t hash, bool may_read_eight) {
    hash *= 0x9E3779B97F4A7C15U;
    Known& known = known_[hash >> (64 - kBits)];
    if (!known.words.are_of(known.key, key, may_read_eight)) [[unlikely]] learn(known, key);
    return known.verdict;
  }

 private:
  static constexpr unsigned kBits = 8;
  struct Known {
    KeyWords words;  // of key
    std::string key;
    Verdict verdict;
  };
  void learn(Known& known, std::string_view key);

  const MaskPolicy::Impl& policy_;
  std::vector<Known> known_ = std::vector<Known>(std::size_t{1} << kBits);
};

}  // namespace pii::mask
