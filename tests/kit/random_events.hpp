#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace pii::kit {

/// Random events and texts of what the masking engine has rules for. The same seed gives the same ones everywhere.
class RandomEvents {
 public:
  explicit RandomEvents(std::uint64_t seed) : random_(seed) {}

  /// A JSON event, mostly of keys and values that mean something to the engine.
  std::string event();
  /// A line of prose, logfmt, URLs, headers and whatever.
  std::string text();
  /// An event or text, sometimes broken.
  std::string line();
  /// Events of one shape that name persons, one to nine in all of them, and have those names in other texts, too, as others write them.
  std::vector<std::string> events_of_names(std::size_t count);
  /// A few bytes of `from` changed, doubled, cut out or put in.
  std::string mutated(std::string from);

  /// A piece of personal data, an output, or something that looks like one of them.
  std::string piece();
  std::string key();

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::string value(int depth);
  std::string object(int depth);
  std::string named_value(int depth);
  std::string number();
  std::string blanks();
  std::string scalar_text();
  std::string disguised(const std::string& text);
  std::string digits(std::size_t count);
  std::string spelled(std::string name);
  std::string prose_about(const std::vector<std::string>& names);
  std::string json_string(std::string_view text);
  template <std::size_t N>
  std::string pick(const char* const (&choices)[N]) {
    return choices[below(N)];
  }

  std::mt19937_64 random_;
};

}  // namespace pii::kit
