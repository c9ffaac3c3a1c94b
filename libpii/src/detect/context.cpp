#include "detect/context.hpp"

#include <algorithm>

#include "base/once.hpp"
#include "base/utf8.hpp"
#include "detect/characters.hpp"
#include "detect/context_table.hpp"

namespace pii::detect {
namespace {

constexpr std::size_t kReach = 5;  // counted chunks before the candidate's own

// FNV-1a over the folded bytes; the table is small and fixed.
std::uint32_t hash_of(std::string_view word) noexcept {
  std::uint32_t h = 2166136261U;
  for (const char c : word) h = (h ^ static_cast<unsigned char>(to_lower(c))) * 16777619U;
  return h ^ h >> 15;
}

struct WordMap {
  static constexpr std::size_t kSlots = 512;
  std::uint8_t slots[kSlots] = {};  // index + 1
  WordMap() noexcept {
    static_assert(std::size(kContextWords) < 255);
    for (std::size_t i = 0; i < std::size(kContextWords); ++i) {
      std::size_t slot = hash_of(kContextWords[i].word) % kSlots;
      while (slots[slot] != 0) slot = (slot + 1) % kSlots;
      slots[slot] = static_cast<std::uint8_t>(i + 1);
    }
  }
  DetectorSet find(std::string_view word) const noexcept {
    for (std::size_t slot = hash_of(word) % kSlots; slots[slot] != 0; slot = (slot + 1) % kSlots) {
      const ContextWord& entry = kContextWords[slots[slot] - 1];
      if (equals_folded(word, entry.word)) return entry.detectors;
    }
    return {};
  }
};

// Splits a text into words: runs of letters and digits of any script, cut where a capital follows a small
// letter or ends a run of capitals ("IBANNumber").
class Words {
 public:
  Words(std::string_view text, const Spans& spans) noexcept
      : text_(text), span_(spans.begin()), spans_(spans) {}

  enum class Kind { word, mark, blank, span, end };
  struct Piece {
    Kind kind;
    std::size_t begin;
    std::size_t end;
  };

  Piece next() noexcept {
    const std::size_t begin = at_;
    if (begin >= text_.size()) return {Kind::end, begin, begin};
    while (span_ != spans_.end() && span_->end <= begin) ++span_;
    const std::size_t limit = span_ != spans_.end() ? span_->begin : text_.size();
    if (begin >= limit) {
      at_ = span_->end;
      return {Kind::span, begin, at_};
    }
    const std::size_t size = word_size(begin, limit);
    at_ = begin + std::max<std::size_t>(size, 1);
    if (size > 0) return {Kind::word, begin, at_};
    return {is_blank(text_[begin]) ? Kind::blank : Kind::mark, begin, at_};
  }

 private:
  std::size_t word_size(std::size_t begin, std::size_t limit) const noexcept {
    std::size_t i = begin;
    while (i < limit) {
      const char c = text_[i];
      if (is_class(c, kHigh)) {
        const auto [code_point, size] = base::decode_utf8(text_, i);
        if (code_point == base::kInvalidCodePoint || !is_name_code_point(code_point) || i + size > limit)
          break;
        i += size;
        continue;
      }
      if (!is_alnum(c)) break;
      if (i > begin && is_class(c, kUpper)) {
        const char before = text_[i - 1];
        if (!is_class(before, kUpper)) break;
        if (i + 1 < limit && is_class(text_[i + 1], kLower) && i - begin >= 2) break;
      }
      ++i;
    }
    return i - begin;
  }

  std::string_view text_;
  decltype(Spans().begin()) span_;
  const Spans& spans_;
  std::size_t at_ = 0;
};

// The first of `ends`, sorted, that lies behind `offset`; `near`, where it was the last time, is mostly close to it.
template <typename Items, typename End>
std::size_t first_behind(const Items& items, std::size_t offset, std::size_t& near, End end) noexcept {
  constexpr int kSteps = 4;
  std::size_t i = near;
  for (int step = 0; step < kSteps && i < items.size() && end(items[i]) <= offset; ++step) ++i;
  if ((i != items.size() && end(items[i]) <= offset) || (i != 0 && end(items[i - 1]) > offset)) {
    i = static_cast<std::size_t>(std::partition_point(items.begin(), items.end(), [&](const auto& item) { return end(item) <= offset; }) -
                                 items.begin());
  }
  return near = i;
}

std::string_view without_digits(std::string_view word) noexcept {
  while (!word.empty() && is_digit(word.back())) word.remove_suffix(1);
  return word;
}

}  // namespace

DetectorSet context_of_word(std::string_view word) noexcept {
  static constinit base::Once<const WordMap*> map;
  if (word.size() < 2 || word.size() > kLongestContextWord) return {};
  return map.get([] { return new WordMap; })->find(word);
}

DetectorSet context_of_words(std::string_view first, std::string_view second) noexcept {
  for (const ContextPair& pair : kContextPairs) {
    if (equals_folded(first, pair.first) && equals_folded(second, pair.second)) return pair.detectors;
  }
  return {};
}

void ContextIndex::build(std::string_view text, const Spans& spans) {
  hits_.clear();
  chunk_ends_.clear();
  near_hit_ = near_chunk_ = 0;
  Words words(text, spans);
  std::string_view last;
  DetectorSet in_chunk;
  std::int32_t earlier = -1;
  bool counts = false;
  std::size_t span_end = text.size();  // of the last one
  for (;;) {
    const auto piece = words.next();
    if (piece.kind == Words::Kind::blank || piece.kind == Words::Kind::end) {
      if (counts) chunk_ends_.push_back(static_cast<std::uint32_t>(piece.begin));
      counts = false;
      in_chunk = {};
      earlier = static_cast<std::int32_t>(hits_.size()) - 1;
      if (piece.kind == Words::Kind::end) return;
    } else if (piece.kind == Words::Kind::span) {
      counts = true;
      last = {};
      span_end = piece.end;
    } else if (piece.kind == Words::Kind::word) {
      const std::string_view word = without_digits(text.substr(piece.begin, piece.end - piece.begin));
      if (word.empty()) continue;
      counts = true;
      DetectorSet context = context_of_word(word);
      if (!last.empty()) context = context | context_of_words(last, word);
      last = word;
      // Beside a span it is no whole word.
      if (context.empty() || piece.begin == span_end || spans.covers(piece.end)) continue;
      in_chunk = in_chunk | context;
      hits_.push_back({static_cast<std::uint32_t>(piece.begin + word.size()),
                       static_cast<std::uint32_t>(chunk_ends_.size()), earlier, in_chunk});
    }
  }
}

DetectorSet ContextIndex::before(std::size_t offset) const noexcept {
  const std::size_t next = first_behind(hits_, offset, near_hit_, [](const Hit& hit) { return hit.end; });
  if (next == 0) return {};
  const std::size_t own = first_behind(chunk_ends_, offset, near_chunk_, [](std::uint32_t end) { return end; });
  DetectorSet all;
  for (auto i = static_cast<std::int32_t>(next) - 1; i >= 0;) {
    const Hit& hit = hits_[static_cast<std::size_t>(i)];
    if (hit.chunk + kReach < own) break;
    all = all | hit.context;
    i = hit.earlier;
  }
  return all;
}

}  // namespace pii::detect
