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

// Size of the word at `begin`, before `limit`; 0 where none begins. Words are runs of letters and digits of any script, cut where a
// capital follows a small letter or ends a run of capitals ("IBANNumber").
std::size_t word_size(std::string_view text, std::size_t begin, std::size_t limit) noexcept {
  std::size_t i = begin;
  while (i < limit) {
    const char c = text[i];
    if (is_class(c, kHigh)) {
      const auto [code_point, size] = base::decode_utf8(text, i);
      if (code_point == base::kInvalidCodePoint || !is_name_code_point(code_point) || i + size > limit) break;
      i += size;
      continue;
    }
    if (!is_alnum(c)) break;
    if (i > begin && is_class(c, kUpper)) {
      const char before = text[i - 1];
      if (!is_class(before, kUpper)) break;
      if (i + 1 < limit && is_class(text[i + 1], kLower) && i - begin >= 2) break;
    }
    ++i;
  }
  return i - begin;
}

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
  all_ = {};
  near_hit_ = near_chunk_ = 0;
  std::string_view last;
  DetectorSet in_chunk;
  std::int32_t earlier = -1;
  bool counts = false;
  std::size_t at = 0, span_end = text.size();  // of the last span
  const auto end_chunk = [&] {
    if (counts) chunk_ends_.push_back(static_cast<std::uint32_t>(at));
    counts = false;
    in_chunk = {};
    earlier = static_cast<std::int32_t>(hits_.size()) - 1;
  };
  const auto read_until = [&](std::size_t limit) {
    while (at < limit) {
      const char c = text[at];
      if (is_blank(c)) {
        end_chunk();
        ++at;
        continue;
      }
      const std::size_t begin = at;
      while (at < limit && is_digit(text[at])) ++at;
      if (at > begin && (at == limit || !is_class(text[at], kUpper | kLower | kHigh))) continue;  // a number
      const std::size_t size = is_class(text[at], kUpper | kLower | kHigh) ? word_size(text, begin, limit) : 0;
      at = begin + std::max<std::size_t>(size, 1);
      const std::string_view word = without_digits(text.substr(begin, size));
      if (word.empty()) continue;
      counts = true;
      DetectorSet context = context_of_word(word);
      if (!last.empty()) context = context | context_of_words(last, word);
      last = word;
      // Beside a span it is no whole word.
      if (context.empty() || begin == span_end || spans.covers(at)) continue;
      in_chunk = in_chunk | context;
      all_ = all_ | context;
      hits_.push_back({static_cast<std::uint32_t>(begin + word.size()), static_cast<std::uint32_t>(chunk_ends_.size()), earlier, in_chunk});
    }
  };
  for (const Span& span : spans) {
    read_until(span.begin);
    counts = true;
    last = {};
    at = span_end = span.end;
  }
  read_until(text.size());
  end_chunk();
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
