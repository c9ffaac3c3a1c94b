#include "mask/pair_keys.hpp"

#include "mask/text.hpp"

namespace pii::mask {
void PairKeys::learn(Known& known, std::string_view key) {
  known.words = {};  // should what follows throw
  const KeyVerdict of_key = policy_.say(key, {}).verdict;
  known.verdict = {.context = of_key.context, .kind = of_key.kind, .type = of_key.type};
  known.verdict.password = of_key.kind == KeyVerdict::Kind::secret &&
                           (contains_folded(key, "pass") || contains_folded(key, "pwd") || contains_folded(key, "secret"));
  known.key = key;
  known.words = KeyWords(known.key);
}

}  // namespace pii::mask
