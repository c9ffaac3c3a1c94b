#include "mask/pairs.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "detect/outputs.hpp"
#include "detect/scanner.hpp"
#include "mask/pair_characters.hpp"
#include "mask/placeholder.hpp"
#include "mask/text.hpp"

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#define PII_PAIRS_SSE2 1
#else
#define PII_PAIRS_SSE2 0
#endif

namespace pii::mask {
namespace {

using Kind = KeyVerdict::Kind;

constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kLongestMark = 5;  // with what may stand before a quote: `=>  \"`

// `key:value` without a blank, and no time, scheme, scope, path, or name and password of a URL.
bool is_tight_pair(std::string_view text, std::size_t key, std::size_t value) noexcept {
  if (!is_letter(text[key]) || value == text.size() || text[value] == ':' || text[value] == '\\') return false;
  return !text.substr(value).starts_with("//") && !text.substr(0, key).ends_with("//");
}

// Where the quoted text that begins behind `begin` ends; npos without a closing quote.
std::size_t end_of_quoted(std::string_view text, std::size_t begin, char quote) noexcept {
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '\\') {
      // `\"` closes where `\"` opened: a quoted text inside of another.
      if (i + 1 < text.size() && text[i + 1] == quote && begin >= 2 && text[begin - 2] == '\\') return i;
      ++i;
    } else if (text[i] == quote) {
      return i;
    }
  }
  return std::string_view::npos;
}

// Which of up to 64 bytes are `=` or `:`, the first one's bit the lowest.
std::uint64_t marks_of(std::string_view block) noexcept {
  std::uint64_t bits = 0;
  std::size_t i = 0;
#if PII_PAIRS_SSE2
  for (; i + 16 <= block.size(); i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block.data() + i));
    const __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('=')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')));
    bits |= std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(marks))} << i;
  }
#endif
  for (; i < block.size(); ++i) bits |= std::uint64_t{block[i] == '=' || block[i] == ':'} << i;
  return bits;
}

// How many bytes before text[end] may stand in a key, `most` at most. Without a branch for each: keys are short, and of any length.
std::size_t key_size_before(std::string_view text, std::size_t end, bool blanks, std::size_t most) noexcept {
  std::size_t begin = end;
  const std::size_t first = end - std::min(end, most);
#if PII_PAIRS_SSE2
  if (begin >= first + 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + begin - 16));
    const auto equal = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    // As unsigned numbers.
    const auto between = [](__m128i x, char low, char high) {
      const __m128i above = _mm_sub_epi8(x, _mm_set1_epi8(low));
      return _mm_cmpeq_epi8(above, _mm_min_epu8(above, _mm_set1_epi8(static_cast<char>(high - low))));
    };
    __m128i belongs = _mm_or_si128(between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z'), between(bytes, '0', '9'));
    belongs = _mm_or_si128(belongs, _mm_or_si128(between(bytes, '-', '.'), _mm_or_si128(equal('['), equal(']'))));
    belongs = _mm_or_si128(belongs, _mm_or_si128(equal('_'), bytes));  // its sign is that of what is beyond ASCII
    const std::uint32_t blank = blanks ? static_cast<std::uint32_t>(_mm_movemask_epi8(equal(' '))) : 0;
    const std::uint32_t strangers = ~(static_cast<std::uint32_t>(_mm_movemask_epi8(belongs)) | blank) & 0xFFFF;
    if (strangers != 0) return static_cast<std::size_t>(std::countl_zero(strangers << 16));
    begin -= 16;
  }
#endif
  const int belongs = blanks ? kKey | kBlank : kKey;
  while (begin > first && is(text[begin - 1], belongs)) --begin;
  return end - begin;
}

// Of the first and the last bytes of a key. `may_read_eight`: from its begin on.
std::size_t hash_of(std::string_view key, bool may_read_eight) noexcept {
  std::uint64_t head = 0, tail = 0;
  if (may_read_eight) {
    std::memcpy(&head, key.data(), 8);
  } else {
    std::memcpy(&head, key.data(), key.size());  // less than eight
  }
  if (key.size() >= 8) {
    std::memcpy(&tail, key.data() + key.size() - 8, 8);
  } else if constexpr (std::endian::native == std::endian::little) {
    head &= (std::uint64_t{1} << 8 * key.size()) - 1;
  } else {
    head &= ~(~std::uint64_t{0} >> 8 * key.size());
  }
  return head ^ std::rotl(tail, 29) ^ key.size();
}

/// The `=` and `:` of a text, from left to right: hostile ones are full of them.
class MarkSearch {
 public:
  explicit MarkSearch(std::string_view text) noexcept : text_(text) {}
  /// Where the next stands, or npos.
  std::size_t next() noexcept {
    while (left_ == 0) {
      if (block_end_ >= text_.size()) return std::string_view::npos;
      block_ = block_end_;
      left_ = marks_of(text_.substr(block_, kBlock));
      block_end_ += kBlock;
    }
    const auto first = static_cast<std::size_t>(std::countr_zero(left_));
    left_ &= left_ - 1;
    return block_ + first;
  }

 private:
  static constexpr std::size_t kBlock = 64;
  std::string_view text_;
  std::size_t block_ = 0, block_end_ = 0;
  std::uint64_t left_ = 0;  // of the block
};

}  // namespace

bool ends_bare_value(char c) noexcept { return is(c, kEndsBare); }

// `token: value` in prose is a secret only if it does not look like a word; after `=` it is one unless it is too short.
bool Pairs::is_secret(std::size_t begin, std::size_t end, bool password, bool colon) {
  const std::size_t judged = std::min(end - begin, CharacterTally::kLongest);
  const CharacterTally::Counts& has = tally_.of(begin, begin + judged);
  const bool digit = has.digits() != 0, symbol = has.symbols() != 0;
  const bool mixed = has.capitals() != 0 && has.small_letters() != 0;
  if (password) return !colon || digit || symbol || mixed;
  if (judged < 8) return false;
  const bool letter = has.capitals() != 0 || has.small_letters() != 0;
  return colon ? digit && letter : digit || symbol || mixed || judged >= 20;
}

// Evidence that a bare value is of a type that has a form of its own.
bool Pairs::may_be_of(Detector type, std::size_t begin, std::size_t end) {
  const std::size_t judged = std::min(end - begin, CharacterTally::kLongest);
  const CharacterTally::Counts& has = tally_.of(begin, begin + judged);
  switch (type) {
    case Detector::person_name: case Detector::address: case Detector::generic: case Detector::username:
    case Detector::gender: case Detector::geo:
      return has.digits() + has.dots() != judged;
    case Detector::email: return has.at_signs() != 0;
    default: return has.digits() >= 3;
  }
}

std::size_t Pairs::Stretch::end_from(std::string_view text, std::size_t from, int ends) noexcept {
  if (!has(from)) {
    begin = end = from;
    while (end < text.size() && !is(text[end], ends)) ++end;
  }
  return end;
}

void Pairs::begin_pass(std::string_view text) {
  free_from_ = 0;
  free_behind_bare_ = false;
  bare_ = line_ = word_ = {};
  cookies_ = {};
  tally_.begin(text);
}

void Pairs::find_exact(std::string_view text, detect::Spans& spans) {
  find_nothing();
  pairs_.clear();
  begin_pass(text);
  auto span = spans.begin();
  for (MarkSearch search(text);;) {
    const std::size_t at = search.next();
    if (at == std::string_view::npos) break;
    while (span != spans.end() && span->end <= at) ++span;
    // No key ends within an output.
    if (span != spans.end() && span->begin < at && span->detector == Detector::none) continue;
    if (at == 0 || !is(text[at - 1], kKey | kQuote | kTab)) continue;
    Pair pair{.context = {}, .mark = static_cast<std::uint32_t>(at)};
    look_at_exact(text, pair, spans);
    if (pair.says_something()) pairs_.push_back(pair);
  }
  spans.merge();
}

void Pairs::find_exact_again(std::string_view text, detect::Spans& spans) {
  find_nothing();
  begin_pass(text);
  auto span = spans.begin();
  for (Pair& pair : pairs_) {
    while (span != spans.end() && span->end <= pair.mark) ++span;
    pair.later = false;
    // Most of their values were found.
    if (span != spans.end() && (span->begin <= pair.mark || (pair.read && span->begin == pair.value_begin))) continue;
    pair.read = false;
    look_at_exact(text, pair, spans);
  }
  spans.merge();
}

void Pairs::find_loose(std::string_view text, detect::Spans& spans) {
  begin_pass(text);
  for (Pair& pair : pairs_) {
    if (pair.later && pair.mark >= free_from_) look_at(text, pair, false, spans);
  }
  spans.merge();
}

void Pairs::add(const Pair& pair, std::size_t begin, std::size_t end, Detector detector, std::uint16_t mark, detect::Spans& spans) {
  spans.put_aside({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), detector, mark});
  free_from_ = end;
  free_behind_bare_ = !pair.quoted;
  found_any_ = true;
}

void Pairs::look_at_exact(std::string_view text, Pair& pair, detect::Spans& spans) {
  if (pair.mark < free_from_ && !(free_behind_bare_ && free_from_ - pair.mark <= kLongestMark)) {
    pair.later = read_key(text, pair);
    unsettled_ |= pair.later && any_cookies_;  // it may stand between the values of a header
  } else {
    look_at(text, pair, true, spans);
  }
}

// Reads the key before the mark. Whether there is one that says something: most do not.
bool Pairs::read_key(std::string_view text, Pair& pair) {
  const std::size_t mark = pair.mark;
  std::size_t end = mark;
  while (end > 0 && is(text[end - 1], kTab) && mark - end < 2) --end;
  const bool quoted = end > 0 && is(text[end - 1], kQuote);
  if (quoted) --end;
  if (quoted && end > 0 && text[end - 1] == '\\') --end;
  const std::size_t size = key_size_before(text, end, quoted, kLongestKey + 1), begin = end - size;
  if (size == 0 || size > kLongestKey) return false;
  if (!pair.judged) {
    pair.judged = true;
    const std::string_view key = text.substr(begin, size);
    const bool may_read_eight = begin + 8 <= text.size();
    const PairKeys::Verdict& judged = keys_.judge(key, hash_of(key, may_read_eight), may_read_eight);
    pair.context = judged.context;
    pair.kind = judged.kind;
    pair.type = judged.type;
    pair.password = judged.password;
  }
  if (!pair.says_something()) return false;
  pair.key_begin = static_cast<std::uint32_t>(begin);
  pair.key_end = static_cast<std::uint32_t>(end);
  pair.key_quoted = quoted;
  pair.colon = text[mark] == ':';
  pair.form = begin > 0 && (text[begin - 1] == '?' || text[begin - 1] == '&');
  pair.quoted = pair.tight = false;
  return true;
}

void Pairs::look_at(std::string_view text, Pair& pair, bool exact, detect::Spans& spans) {
  if (!pair.read && !read_key(text, pair)) return;
  const bool taken = pair.key_begin < free_from_, behind_bare = exact && free_behind_bare_;
  if (!pair.read && (!taken || behind_bare)) pair.read = read_value(text, pair);
  // `cookie: - password: "…"`: a key in a value that needs no quotes says what is in those behind it.
  if (taken && !(behind_bare && pair.read && pair.quoted && pair.value_begin >= free_from_)) {
    pair.later = exact;
    unsettled_ |= exact && any_cookies_;
    return;
  }
  if (!pair.read) return;
  if (spans.overlaps(pair.key_begin, pair.value_begin + 1) && (spans.overlaps(pair.key_begin, pair.key_end) || spans.covers(pair.value_begin))) return;

  const bool secret = pair.kind == Kind::secret || pair.kind == Kind::drop, cookie = pair.kind == Kind::cookie || pair.kind == Kind::set_cookie;
  unsettled_ |= !secret && !cookie;
  if (cookie || pair.kind == Kind::authorization) {
    if (exact) take_header(text, pair, spans);
    return;
  }
  // `email: none` is prose; what has a form of its own is found by it.
  if (pair.colon && !pair.quoted && !secret) return;
  if (exact == (pair.quoted || pair.form || secret)) {
    take(text, pair, spans);
  } else if (exact) {
    pair.later = true;
  }
}

bool Pairs::read_value(std::string_view text, Pair& pair) {
  const std::size_t mark = pair.mark;
  const auto set = [&pair](std::size_t begin, std::size_t end) {
    pair.value_begin = static_cast<std::uint32_t>(begin);
    pair.value_end = static_cast<std::uint32_t>(end);
    return end > begin;
  };
  std::size_t value = mark + 1;
  if (!pair.colon && value < text.size() && (text[value] == '>' || text[value] == '=')) ++value;  // `=>`, `==`
  std::size_t blanks = 0;
  while (value < text.size() && is(text[value], kTab) && blanks < 2) ++value, ++blanks;
  if (blanks > 0 && !pair.colon && !is(text[mark - 1], kTab)) return false;  // `key= value` ends with nothing
  if (value < text.size() && text[value] == '\\' && value + 1 < text.size() && is(text[value + 1], kQuote)) ++value;
  if (value < text.size() && is(text[value], kQuote)) {
    const std::size_t close = end_of_quoted(text, value + 1, text[value]);
    pair.quoted = true;
    return set(value + 1, close == std::string_view::npos ? text.size() : close);
  }
  pair.tight = pair.colon && !pair.key_quoted && blanks == 0;
  if (pair.tight && !is_tight_pair(text, pair.key_begin, value)) return false;
  const std::size_t end = bare_.end_from(text, value, kEndsBare);
  pair.form = pair.form || (end < text.size() && text[end] == '&');
  return set(value, end);
}

void Pairs::take(std::string_view text, const Pair& pair, detect::Spans& spans) {
  if (pair.tight && pair.kind == Kind::drop && pair.type != Detector::cvv) return;  // `pin:80` is a port
  // As far as nothing was found before.
  std::size_t end = std::min<std::size_t>(pair.value_end, spans.next_begin(pair.value_begin));
  // What takes its place must not touch what was found: the character between them stays.
  if (end < pair.value_end && end > pair.value_begin && !is_word(text[end - 1])) --end;
  if (end == pair.value_begin) return;
  const std::string_view value = text.substr(pair.value_begin, end - pair.value_begin), core = trim(value);
  if (core.empty() || detect::is_output(value, work_.grammar)) return;
  if (is_placeholder(core, text.substr(static_cast<std::size_t>(core.data() - text.data())))) {
    // What follows its signs may become a token: `****1234a@b.com`.
    if (!is_word(core.front()) && core.size() > 4) found_any_ = unsettled_ = true;
    return;
  }
  Detector type = pair.type;
  if (pair.kind == Kind::secret) {
    if (!pair.quoted && !is_secret(pair.value_begin, end, pair.password, pair.colon)) return;
  } else if (pair.kind == Kind::sensitive) {
    DetectorSet context = pair.context;
    context.insert(pair.type);
    // Each of a text's marks may have all of the rest behind it.
    const bool short_enough = pair.quoted || value.size() <= CharacterTally::kLongest;
    const Detector match = short_enough ? detect::whole_match(value, work_.impl.settings, context) : Detector::none;
    // `Basic ****` is no output under a key such as `card`.
    if (match != Detector::none && match != Detector::auth_header) type = match;
    else if (!pair.quoted && !may_be_of(type, pair.value_begin, end)) return;
  }
  // Quotes and escapes in it paired with others beside it.
  unsettled_ |= end < pair.value_end || (pair.quoted && (end == text.size() || std::any_of(value.begin(), value.end(), [](char c) { return is(c, kQuote) || c == '\\'; })));
  const std::uint16_t mark = pair.kind == Kind::drop ? kDropped : pair.form ? kForm : kNoPair;
  add(pair, pair.value_begin, end, type, mark, spans);
}

}  // namespace pii::mask
