#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "detect/finding.hpp"
#include "mask/key_policy.hpp"
#include "mask/work.hpp"

namespace pii::mask {

/// What Span::custom says of a value that a pair's key decided.
enum PairMark : std::uint16_t {
  kNoPair = 0,
  kForm = 1,     // of a form or URL query: `+` is a blank
  kDropped = 2,  // the key asks for it
};

/// Finds values by the keys beside them in a text: `key=value`, `"key":"value"`, header lines, URL queries.
class Pairs {
 public:
  explicit Pairs(const Work& work) : work_(work) {}

  /// Before the detectors: values whose extent is plain (quoted ones, those of forms and URL queries, headers) and all
  /// secrets.
  void find_exact(std::string_view text, detect::Spans& spans);
  /// After them: bare values, as far as nothing was found in them.
  void find_loose(std::string_view text, detect::Spans& spans);
  /// Whether there was a pair in the text looked at last.
  bool found_any() const noexcept { return found_any_; }

 private:
  struct Pair {
    std::size_t key_begin, key_end;
    std::size_t value_begin, value_end;
    bool quoted = false;   // the value
    bool colon = false;    // key: value
    bool tight = false;    // key:value
    bool form = false;     // of a form or URL query
  };

  void find(std::string_view text, bool exact, detect::Spans& spans);
  bool read(std::string_view text, std::size_t mark, Pair& pair);
  void take(std::string_view text, const Pair& pair, bool exact, detect::Spans& spans);
  static std::size_t end_of_authorization(std::string_view text, const Pair& pair);
  void take_header(std::string_view text, const Pair& pair, const KeyVerdict& verdict, detect::Spans& spans);
  void add(std::size_t begin, std::size_t end, Detector detector, std::uint16_t mark, detect::Spans& spans);
  const KeyVerdict& judge(std::string_view key);

  const Work& work_;
  bool found_any_ = false;
  std::size_t free_from_ = 0;  // what lies before is decided in this pass
  std::size_t bare_begin_ = 0, bare_end_ = 0;  // the bare value found last: it ends alike from everywhere within
  // Verdicts of keys seen before, by a hash of the key; a key that hashes alike takes the place.
  struct Known {
    std::string key;
    KeyVerdict verdict;
  };
  std::vector<Known> known_ = std::vector<Known>(256);
};

}  // namespace pii::mask
