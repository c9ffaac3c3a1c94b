#pragma once

#include "mask/key_phrases.hpp"

namespace pii::mask {

/// The tables of key_words.hpp as a tree, made once; not sealed, for a policy to copy and add to.
const PhraseTree& built_in_phrases();

}  // namespace pii::mask
