#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mask/word_map.hpp"

namespace pii::mask {

/// All words of which any phrase is made that says something about a key. Most keys of most events have none of them, and that is
/// found without taking them apart properly.
class KeyVocabulary {
 public:
  /// A phrase in its form for comparing: words joined by blanks. Numbers alone are no phrase.
  void add(std::string_view phrase);
  /// What is to be seen of a key without taking it apart properly.
  enum class Reading : std::uint8_t {
    nothing,  // it is of letters and digits of ASCII, `_`, `-`, `.` and blanks, no word is in any phrase, and one that is no number stands behind its last dot
    told,     // keys with the same skeleton say the same
    strange,  // it has other characters than those above, or very many
  };
  /// Appends the key's skeleton: the words that are in some phrase as they are spelled, marks in place of the rest, and a mark of the end.
  Reading read(std::string_view key, std::string& skeleton) const;

 private:
  bool contains(std::string_view lower_word) const;

  WordMap words_;
};

}  // namespace pii::mask
