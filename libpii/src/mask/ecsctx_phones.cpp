#include "mask/ecsctx_phones.hpp"

#include <algorithm>
#include <bit>

#include "mask/ecsctx_phone_pattern.hpp"

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#define PII_PHONES_SSE2 1
#else
#define PII_PHONES_SSE2 0
#endif

// \b(?:\+\d{1,3}[-.\s]?)?\(?\d{3}\)?[-.\s]?\d{3}[-.\s]?\d{4,6}\b: a match begins at a run of digits or with
// the one `+` or
// `(` before it, and holds four digits in a row, so one of every four bytes is looked at until a digit shows
// up.
namespace pii::mask::ecsctx {
namespace {

constexpr std::size_t kNone = PhoneText::kNone;
constexpr std::size_t kMinSize = 9;  // +12345678 of the fixed forms; 10 of the others

class PhoneSearch {
 public:
  PhoneSearch(std::string_view text, std::size_t from, bool fixed, std::vector<Replacement>& out)
      : text_(text), done_(from), fixed_(fixed), out_(out) {}

  void run() {
    const std::size_t step = fixed_ ? 1 : 4;
    std::size_t at = done_ + step - 1;
    while ((at = fixed_ ? next_digit(at) : at) < text_.size()) {
      const PhoneUnit unit = kPhoneUnits[static_cast<unsigned char>(text_.text()[at])];
      if (unit != PhoneUnit::digit && unit != PhoneUnit::not_ascii) {
        at += step;
        continue;
      }
      const std::size_t character = character_at(at);
      if (character < done_ || !text_.is(character, PhoneUnit::digit)) {
        at += step;
        continue;
      }
      look_around(character);
      at = done_ + step;
    }
  }

 private:
  // Where the next byte is that is a digit or beyond ASCII, or a little before it.
  std::size_t next_digit(std::size_t at) const noexcept {
#if PII_PHONES_SSE2
    for (; at + 16 <= text_.size(); at += 16) {
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text_.text().data() + at));
      const __m128i distance = _mm_sub_epi8(x, _mm_set1_epi8('0'));
      const __m128i digits = _mm_cmpeq_epi8(distance, _mm_min_epu8(distance, _mm_set1_epi8(9)));
      const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(digits, x)));
      if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
    }
#endif
    return at;
  }

  std::size_t character_at(std::size_t byte) const noexcept {
    std::size_t begin = byte;
    while (begin > 0 && byte - begin < 3 && (static_cast<unsigned char>(text_.text()[begin]) & 0xC0) == 0x80)
      --begin;
    return begin + text_.at(begin).size > byte ? begin : byte;
  }

  static bool is_phone_unit(PhoneUnit unit) noexcept {
    return unit != PhoneUnit::other && unit != PhoneUnit::word && unit != PhoneUnit::not_ascii;
  }
  std::size_t run_end(std::size_t at) const noexcept {
    const std::string_view text = text_.text();
    for (;;) {
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
      if (!text_.is(at, PhoneUnit::digit)) return at;
      at += text_.at(at).size;
    }
  }

  /// Tries every run of digits from where a phone with this digit may begin to the run that holds it, and is
  /// then done with all of it: however runs and separators alternate, nothing is walked twice but by the
  /// bounded patterns.
  void look_around(std::size_t digit) {
    std::size_t at = digit;
    while (at > done_) {
      const PhoneText::Read read = text_.before(at);
      if (!is_phone_unit(read.unit)) break;
      at -= read.size;
    }
    const std::size_t end = run_end(digit);
    while (at < end) {
      if (!text_.is(at, PhoneUnit::digit)) {
        at += text_.at(at).size;
        continue;
      }
      const Replacement found = match_at_run(at);
      if (found.end == kNone) {
        at = run_end(at);
        continue;
      }
      out_.push_back(found);
      at = done_ = found.end;
    }
    done_ = std::max(done_, end);
  }

  /// The first match that begins with the run of digits at `run`.
  Replacement match_at_run(std::size_t run) const noexcept {
    const PhoneText::Read before = run > done_ ? text_.before(run) : PhoneText::Read{PhoneUnit::other, 0};
    const bool plus = before.unit == PhoneUnit::plus;
    if (plus || before.unit == PhoneUnit::open) {
      const std::size_t begin = run - before.size;
      std::size_t end = fixed_ && plus ? match_international(text_, begin) : kNone;
      if (end == kNone && PhoneText::is_word(text_.before(begin).unit)) {
        end = plus ? match_prefixed(text_, begin) : match_number(text_, begin);
      }
      if (end != kNone) return {begin, end, Replacement::Kind::phone};
    }
    if (PhoneText::is_word(text_.before(run).unit)) return {run, kNone, Replacement::Kind::phone};
    std::size_t end = fixed_ ? match_international(text_, run) : kNone;
    if (end == kNone) end = match_number_from(text_, run, 0, 0);
    return {run, end, Replacement::Kind::phone};
  }

  PhoneText text_;
  std::size_t done_;  // no match begins before
  bool fixed_;
  std::vector<Replacement>& out_;
};

}  // namespace

void find_phones_between(std::string_view text, std::size_t from, std::size_t to, bool fixed,
                         std::vector<Replacement>& out) {
  if (to - from < kMinSize) return;
  PhoneSearch(text.substr(0, to), from, fixed, out).run();
}

void find_phones(std::string_view text, bool fixed, std::vector<Replacement>& out) {
  find_phones_between(text, 0, text.size(), fixed, out);
}

}  // namespace pii::mask::ecsctx
