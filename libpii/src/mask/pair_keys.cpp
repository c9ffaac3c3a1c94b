#include "mask/pair_keys.hpp"

#include "mask/text.hpp"

namespace pii::mask {
void PairKeys::learn(Known& known, std::string_view key) {
  known.words = {};  // should what follows throw
  known.verdict.of_key = policy_.say(key, {}).verdict;
  known.verdict.password = known.verdict.of_key.kind == KeyVerdict::Kind::secret &&
                           (contains_folded(key, "pass") || contains_folded(key, "pwd") || contains_folded(key, "secret"));
  known.key = key;
  known.words = KeyWords(known.key);
}

}  // namespace pii::mask
