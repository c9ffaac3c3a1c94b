#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace pii::mask {

/// All words of which any phrase is made that says something about a key. Most keys of most events have none of them, and that is
/// found without taking them apart properly.
class KeyVocabulary {
 public:
  /// A phrase in its form for comparing: words joined by blanks. Numbers alone are no phrase.
  void add(std::string_view phrase);
  /// Whether `key` surely says nothing: it is made of letters and digits of ASCII, `_`, `-`, `.` and blanks, none of its words
  /// that are no numbers is in any phrase, and there is one behind its last dot.
  bool says_nothing(std::string_view key) const;
  /// Appends what tells `key` from others in what it says: the words that are in some phrase as they are spelled, marks in place of the
  /// rest, and a mark of the end. False where it has other characters than those above, or very many.
  bool append_skeleton(std::string_view key, std::string& out) const;

 private:
  bool contains(std::string_view lower_word) const;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const noexcept;
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> words_;
};

}  // namespace pii::mask
