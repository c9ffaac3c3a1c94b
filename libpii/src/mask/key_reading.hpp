#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "mask/phrase_tree.hpp"

namespace pii::mask {

/// A key as its words, each with the phrases that begin with it.
class KeyReading {
 public:
  static constexpr std::size_t kLongestPhrase = 6;  // words

  /// Of at most 512 bytes.
  KeyReading(const PhraseTree& tree, std::string_view key);
  KeyReading(const KeyReading&) = delete;
  KeyReading& operator=(const KeyReading&) = delete;

  /// Some words in a row.
  class Words {
   public:
    Words(const KeyReading& reading, std::size_t begin, std::size_t end) noexcept : reading_(reading), begin_(begin), size_(end - begin) {}

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    bool is_number(std::size_t i) const noexcept { return reading_.words_[begin_ + i].number; }
    /// What is said of the words [begin, end); null for nothing.
    const PhraseTree::Phrase* phrase(std::size_t begin, std::size_t end) const noexcept {
      const std::size_t size = end - begin;
      if (size == 0 || size > kLongestPhrase) return nullptr;
      const PhraseTree::Node node = reading_.words_[begin_ + begin].phrases[size - 1];
      return node == 0 ? nullptr : &reading_.tree_[node];
    }
    /// Whether some phrase of the key, maybe beyond these words, has one of these marks and begins with word `i`, ends with the one before `end`.
    bool may_begin(std::size_t i, std::uint32_t marks) const noexcept { return (reading_.words_[begin_ + i].begins & marks) != 0; }
    bool may_end(std::size_t end, std::uint32_t marks) const noexcept { return (reading_.words_[begin_ + end - 1].ends & marks) != 0; }
    bool has(std::size_t begin, std::size_t end, std::uint32_t lists) const noexcept {
      const PhraseTree::Phrase* const found = phrase(begin, end);
      return found != nullptr && (found->lists & lists) != 0;
    }
    bool is(std::size_t i, std::uint32_t lists) const noexcept { return has(i, i + 1, lists); }
    /// All lists of which a phrase ends before `end`.
    std::uint32_t lists_ending_at(std::size_t end) const noexcept {
      std::uint32_t lists = 0;
      if (begin_ == 0 && end > 0) return reading_.words_[end - 1].ends & ~std::uint32_t{kRuled | kHinting};
      for (std::size_t size = end < kLongestPhrase ? end : kLongestPhrase; size > 0; --size) {
        if (const PhraseTree::Phrase* const found = phrase(end - size, end)) lists |= found->lists;
      }
      return lists;
    }
    /// How many words the longest phrase of `list` has that ends before `end`; 0 without one.
    std::size_t ends_at(std::size_t end, PhraseList list) const noexcept {
      if (end == 0 || !may_end(end, list)) return 0;
      for (std::size_t size = end < kLongestPhrase ? end : kLongestPhrase; size > 0; --size) {
        if (has(end - size, end, list)) return size;
      }
      return 0;
    }
    /// The same of one that begins at `begin`.
    std::size_t begins_at(std::size_t begin, PhraseList list) const noexcept {
      if (begin >= size_ || !may_begin(begin, list)) return 0;
      for (std::size_t size = size_ - begin < kLongestPhrase ? size_ - begin : kLongestPhrase; size > 0; --size) {
        if (has(begin, begin + size, list)) return size;
      }
      return 0;
    }

   private:
    const KeyReading& reading_;
    std::size_t begin_, size_;
  };

  std::size_t segments() const noexcept { return segments_; }
  /// Whether any word is in some phrase.
  bool knows_any() const noexcept { return knows_any_; }
  /// Whether some phrase in it has one of these marks.
  bool knows(std::uint32_t marks) const noexcept { return (marks_ & marks) != 0; }
  /// The last one, and the one before.
  Words last() const noexcept { return {*this, last_, size_}; }
  Words enclosing() const noexcept { return {*this, enclosing_, last_}; }
  Words all() const noexcept { return {*this, 0, size_}; }
  /// Of all words, those of other segments left out, from word `i` to the end of its segment.
  std::size_t left_in_segment(std::size_t i) const noexcept { return words_[i].segment_end - i; }
  /// The last segment as it stands in the key.
  std::string_view last_segment() const noexcept { return last_segment_; }

 private:
  struct Word {
    PhraseTree::Word word;
    bool number;
    std::uint16_t segment_end;
    std::uint32_t begins, ends;  // marks of the phrases that begin and that end with it
    std::array<PhraseTree::Node, kLongestPhrase> phrases;  // of one word, two, …
  };
  void add(PhraseTree::Word word, bool number);
  void make_room();

  static constexpr std::size_t kFew = 16;
  const PhraseTree& tree_;
  std::array<Word, kFew> few_;
  std::vector<Word> many_;  // instead, of a key that has more
  Word* words_ = few_.data();
  std::size_t size_ = 0, segments_ = 0, last_ = 0, enclosing_ = 0;
  bool knows_any_ = false;
  std::uint32_t marks_ = 0;  // of all phrases
  std::string_view last_segment_;
};

}  // namespace pii::mask
