#include "mask/key_phrases.hpp"

#include <algorithm>
#include <utility>

namespace pii::mask {

PhraseTree::Word PhraseTree::number_of(std::string_view word) {
  const Word number = words_.add(word);
  if (number == first_.size()) {
    first_.push_back(0);
    parts_.emplace_back();
    longest_number_ = std::max(longest_number_, mask::longest_number(word));
  }
  return number;
}

PhraseTree::Node PhraseTree::make(Node node, Word word) {
  if (const Node known = next(node, word); known != 0) return known;
  phrases_[node].longer = true;
  phrases_.emplace_back();
  const auto made = static_cast<Node>(phrases_.size() - 1);
  if (node == 0) return first_[word] = made;
  if (++used_ * 2 > edges_.size()) {
    std::vector<Edge> old(edges_.size() * 2);
    old.swap(edges_);
    for (const Edge& edge : old) {
      if (edge.to == 0) continue;
      std::size_t at = slot_of(edge.from, edge.word);
      while (edges_[at].to != 0) at = (at + 1) & (edges_.size() - 1);
      edges_[at] = edge;
    }
  }
  std::size_t at = slot_of(node, word);
  while (edges_[at].to != 0) at = (at + 1) & (edges_.size() - 1);
  edges_[at] = {node, word, made};
  return made;
}

PhraseTree::Phrase& PhraseTree::add(std::string_view phrase) {
  Node node = 0;
  for_each_word(phrase, [&](std::string_view word) {
    number_of(word);
    for_each_part(word, [&](Word part) { node = make(node, part); });
  });
  return phrases_[node];
}

PhraseTree::Phrase& PhraseTree::add_as_written(std::string_view phrase) {
  Node node = 0;
  for_each_word(phrase, [&](std::string_view word) { node = make(node, number_of(word)); });
  return phrases_[node];
}

const PhraseTree::Phrase* PhraseTree::find(std::string_view phrase) const {
  Node node = 0;
  bool known = true;
  for_each_word(phrase, [&](std::string_view word) {
    for_each_part(word, [&](Word part) {
      if (known) node = next(node, part);
      known = node != 0;
    });
  });
  return node == 0 ? nullptr : &phrases_[node];
}

std::size_t PhraseTree::count_words(std::string_view phrase) const {
  std::size_t count = 0;
  for_each_word(phrase, [&](std::string_view word) { for_each_part(word, [&](Word) { ++count; }); });
  return count;
}

void PhraseTree::glue(std::string_view phrase) {
  constexpr std::size_t kShortest = 5;  // shorter ones are other words too often
  std::string together;
  std::size_t count = 0, first = 0;
  for_each_word(phrase, [&](std::string_view word) {
    if (++count == 1) first = word.size();
    together += word;
  });
  if (count < 2 || first < 2 || together.size() < kShortest || mask::longest_number(together) != 0 || !base::is_ascii(phrase)) return;
  const Word number = number_of(together);
  if (parts_[number].begin != parts_[number].end) return;
  const auto begin = static_cast<std::uint32_t>(part_words_.size());
  for_each_word(phrase, [&](std::string_view word) { part_words_.push_back(number_of(word)); });
  parts_[number] = {begin, static_cast<std::uint32_t>(part_words_.size())};
}

void PhraseTree::seal() noexcept {
  for (Phrase& phrase : phrases_) {
    phrase.marks = phrase.lists | (phrase.rule || phrase.own ? std::uint32_t{kRuled} : 0U) | (phrase.context.empty() ? 0U : std::uint32_t{kHinting});
  }
}

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
