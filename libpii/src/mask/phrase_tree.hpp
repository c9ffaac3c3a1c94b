#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mask/key_policy.hpp"
#include "mask/key_split.hpp"
#include "mask/word_map.hpp"

namespace pii::mask {

/// What a phrase says, before what stands around it is looked at.
struct PhraseRule {
  KeyVerdict::Kind kind;
  Detector type;
  std::uint8_t flags;  // words::Meaning
};

/// The lists that a phrase may be in.
enum PhraseList : std::uint32_t {
  kSafeKeys = 1, kTails = 2, kNeutral = 4, kNeutralTails = 8, kLeads = 16, kSoftLeads = 32, kQuiet = 64, kPersons = 128, kThings = 256,
  kMachines = 512, kCards = 1024, kParts = 2048, kVersions = 4096, kPrepositions = 8192,
  kHead = 1 << 14,  // before it stands what is meant: every preposition but `by` and `for`
  kClient = 1 << 15, kHeader = 1 << 16, kToken = 1 << 17, kApi = 1 << 18,  // these words themselves
  kRuled = 1 << 30, kHinting = 1 << 29,  // no lists, but that it has a rule, and that it has context
};

/// All phrases as one tree: from word to word, each word a number. Found without making a text of them.
class PhraseTree {
 public:
  using Word = std::uint32_t;  // 0: in no phrase
  using Node = std::uint32_t;  // 0: of no phrase
  struct Phrase {
    std::uint32_t lists = 0;  // PhraseList
    std::optional<PhraseRule> rule, own;  // built in; of a policy
    DetectorSet context;
    bool longer = false;      // there are some that begin with it
    std::uint32_t marks = 0;  // its lists, kRuled, kHinting
  };

  /// What is said of a phrase, to be added to. Its words are read as those of a key, as many as there may be.
  Phrase& add(std::string_view phrase);
  /// The same of its words as they stand, none of them taken apart.
  Phrase& add_as_written(std::string_view phrase);
  /// What is said of a phrase; null: nothing.
  const Phrase* find(std::string_view phrase) const;
  /// How many words a phrase is read as.
  std::size_t count_words(std::string_view phrase) const;
  /// From now on the words of a phrase, of ASCII, are meant where they are written as one, too: `customername` is customer, name. Not if that is
  /// short or has a digit, as it may be another word then. Of two phrases that are the same as one word the first one counts.
  void glue(std::string_view phrase);
  /// To be called when something has been said, before a key is read.
  void seal() noexcept;

  /// Calls visit(word) for what `word` is read as.
  template <class Visit>
  void for_each_part(std::string_view word, Visit visit) const {
    const Word number = words_.find(word);
    if (number == 0 || parts_[number].begin == parts_[number].end) return visit(number);
    for (std::uint32_t i = parts_[number].begin; i < parts_[number].end; ++i) visit(part_words_[i]);
  }
  /// The phrase that is longer by `word`; `node` 0: that of this word alone.
  Node next(Node node, Word word) const noexcept {
    if (word == 0) return 0;
    if (node == 0) return first_[word];
    for (std::size_t at = slot_of(node, word);; at = (at + 1) & (edges_.size() - 1)) {
      const Edge& edge = edges_[at];
      if (edge.to == 0 || (edge.from == node && edge.word == word)) return edge.to;
    }
  }
  const Phrase& operator[](Node node) const noexcept { return phrases_[node]; }
  /// How many digits the longest number in a word has.
  std::size_t longest_number() const noexcept { return longest_number_; }

 private:
  struct Edge {
    Node from = 0;
    Word word = 0;
    Node to = 0;
  };

  Word number_of(std::string_view word);
  Node make(Node node, Word word);
  std::size_t slot_of(Node node, Word word) const noexcept {
    const std::uint64_t mixed = (std::uint64_t{node} << 32 | word) * 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>(mixed >> 32) & (edges_.size() - 1);
  }

  WordMap words_;
  struct Parts {
    std::uint32_t begin = 0, end = 0;  // in part_words_
  };
  std::vector<Parts> parts_ = std::vector<Parts>(1);  // by word
  std::vector<Word> part_words_;
  std::vector<Node> first_ = std::vector<Node>(1);     // by word
  std::vector<Edge> edges_ = std::vector<Edge>(1024);  // from words further on
  std::size_t used_ = 0;                               // of these
  std::vector<Phrase> phrases_ = std::vector<Phrase>(1);
  std::size_t longest_number_ = 0;
};

}  // namespace pii::mask
