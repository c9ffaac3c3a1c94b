#include "mask/key_reading.hpp"

#include <algorithm>

namespace pii::mask {

[[gnu::noinline]] void KeyReading::make_room() {
  if (many_.empty()) many_.assign(few_.begin(), few_.end());
  many_.emplace_back();
  words_ = many_.data();
}

inline void KeyReading::add(PhraseTree::Word word, bool number) {
  if (size_ >= kFew) [[unlikely]] make_room();
  knows_any_ = knows_any_ || word != 0;
  Word& added = words_[size_++];
  added.word = word;
  added.number = number;
  added.begins = added.ends = 0;
  added.phrases = {};
}

KeyReading::KeyReading(const PhraseTree& tree, std::string_view key) : tree_(tree) {
  for_each_segment(key, [&](std::string_view segment) {
    enclosing_ = last_;
    last_ = size_;
    for_each_word(segment, [&](std::string_view word) {
      const bool number = is_digit(word.front()) && std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c); });
      tree.for_each_part(word, [&](PhraseTree::Word part) { add(part, number); });
    });
    for (std::size_t i = last_; i < size_; ++i) words_[i].segment_end = static_cast<std::uint16_t>(size_);
    ++segments_;
    last_segment_ = segment;
  });
  for (std::size_t i = 0; knows_any_ && i < size_; ++i) {
    PhraseTree::Node node = 0;
    for (std::size_t n = 0; n < kLongestPhrase && i + n < size_; ++n) {
      node = tree.next(node, words_[i + n].word);
      if (node == 0) break;
      words_[i].phrases[n] = node;
      const PhraseTree::Phrase& phrase = tree[node];
      words_[i].begins |= phrase.marks;
      words_[i + n].ends |= phrase.marks;
      marks_ |= phrase.marks;
      if (!phrase.longer) break;
    }
  }
}

}  // namespace pii::mask
