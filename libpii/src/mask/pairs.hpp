#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "detect/finding.hpp"
#include "mask/character_tally.hpp"
#include "mask/headers.hpp"
#include "mask/pair_keys.hpp"
#include "mask/work.hpp"

namespace pii::mask {

/// What Span::custom says of a value that a pair's key decided.
enum PairMark : std::uint16_t {
  kNoPair = 0,
  kForm = 1,     // of a form or URL query: `+` is a blank
  kDropped = 2,  // the key asks for it
};

/// Whether the character ends a value without quotes.
bool ends_bare_value(char c) noexcept;

/// Finds values by the keys beside them in a text: `key=value`, `"key":"value"`, header lines, URL queries.
class Pairs {
 public:
  explicit Pairs(const Work& work) : work_(work), keys_(work.impl) {}

  /// Before the detectors: values whose extent is plain (quoted ones, those of forms and URL queries, headers) and all
  /// secrets.
  void find_exact(std::string_view text, detect::Spans& spans);
  /// The same of that text once more, in which spans have taken the place of some of what it was: only keys that said something are
  /// looked at.
  void find_exact_again(std::string_view text, detect::Spans& spans);
  /// After them, of the same text: bare values, as far as nothing was found in them.
  void find_loose(std::string_view text, detect::Spans& spans);
  /// A text without marks.
  void find_nothing() noexcept {
    found_any_ = unsettled_ = any_cookies_ = false;
    cookies_found_ = 0;
  }
  /// Whether pairs may be read in another way in the text looked at last, once labels and tokens have taken the place of what was
  /// found in it. Not where secrets were all that keys asked for, each up to where it ends: docs/masking.md section 5.
  bool unsettled() const noexcept { return found_any_ && unsettled_; }
  bool found_any() const noexcept { return found_any_; }
  /// Whether there was a header of cookies, which is settled where nothing but them was found: so many.
  bool any_cookies() const noexcept { return any_cookies_; }
  std::size_t cookies_found() const noexcept { return cookies_found_; }
  /// Gives back what a long text needed.
  void give_back() noexcept {
    std::vector<Pair>().swap(pairs_);
    std::vector<CookieValue>().swap(cookie_values_);
    tally_ = {};
  }

 private:
  // A key that says something, the `=` or `:` behind it and its value, as far as they were looked at. A line may have very many.
  struct Pair {
    DetectorSet context;  // as the key says
    std::uint32_t mark;
    std::uint32_t key_begin = 0, key_end = 0, value_begin = 0, value_end = 0;
    KeyVerdict::Kind kind = KeyVerdict::Kind::plain;
    Detector type = Detector::none;
    bool password : 1 = false;  // as PairKeys says
    bool judged : 1 = false;
    bool later : 1 = false;  // the second pass has to look at it
    bool read : 1 = false;   // it is of the text looked at last, and has a value
    bool key_quoted : 1 = false;
    bool colon : 1 = false;   // key: value
    bool form : 1 = false;    // of a form or URL query
    bool quoted : 1 = false;  // the value
    bool tight : 1 = false;   // key:value

    bool says_something() const noexcept { return kind != KeyVerdict::Kind::plain && kind != KeyVerdict::Kind::safe; }
  };
  static_assert(sizeof(Pair) <= 32);
  // Up to the next of some characters, as found last: it ends alike from everywhere within.
  struct Stretch {
    std::size_t begin = 0, end = 0;
    bool has(std::size_t from) const noexcept { return from >= begin && from <= end; }
    std::size_t end_from(std::string_view text, std::size_t from, int ends) noexcept;
  };

  void begin_pass(std::string_view text);
  void look_at_exact(std::string_view text, Pair& pair, detect::Spans& spans);
  void look_at(std::string_view text, Pair& pair, bool exact, detect::Spans& spans);
  bool read_key(std::string_view text, Pair& pair);
  bool read_value(std::string_view text, Pair& pair);
  void take(std::string_view text, const Pair& pair, detect::Spans& spans);
  bool is_secret(std::size_t begin, std::size_t end, bool password, bool colon);
  bool may_be_of(Detector type, std::size_t begin, std::size_t end);
  std::size_t end_of_authorization(std::string_view text, const Pair& pair, std::size_t found);
  void take_authorization(std::string_view text, const Pair& pair, detect::Spans& spans);
  void take_cookie(std::string_view text, const Pair& pair, std::size_t begin, std::size_t end, detect::Spans& spans);
  void take_header(std::string_view text, const Pair& pair, detect::Spans& spans);
  void add(const Pair& pair, std::size_t begin, std::size_t end, Detector detector, std::uint16_t mark, detect::Spans& spans);

  const Work& work_;
  PairKeys keys_;
  CharacterTally tally_;  // of bare values
  std::vector<Pair> pairs_;  // of the text
  bool found_any_ = false;
  bool unsettled_ = false;
  bool any_cookies_ = false;
  std::size_t cookies_found_ = 0;
  std::size_t free_from_ = 0;  // what lies before is decided in this pass
  bool free_behind_bare_ = false;  // by a value without quotes
  Stretch bare_, line_, word_;  // a bare value; a header's line; a word of an authorization
  std::size_t line_shared_ = 0;  // headers that begin up to there end with the line_
  CookieLines cookies_;
  std::vector<CookieValue> cookie_values_;  // of the header looked at
};

}  // namespace pii::mask
