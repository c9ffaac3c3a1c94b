#pragma once

#include "mask/key_phrases.hpp"

namespace pii::mask {

/// The tables of key_words.hpp as a tree, made once; a policy that adds to them has a copy.
const PhraseTree& built_in_phrases();

}  // namespace pii::mask
