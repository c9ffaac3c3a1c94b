#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "detect/finding.hpp"
#include "detect/outputs.hpp"
#include "detect/scanner.hpp"
#include "mask/key_policy.hpp"

// docs/masking.md section 4, and the pairs of section 5.
namespace pii::kit::reference {

/// Something found in a folded text.
struct Piece {
  std::size_t begin;
  std::size_t end;
  Detector detector;
  std::size_t custom = 0;
  bool form = false;     // of a form or URL query
  bool dropped = false;  // its key asks for it
};
/// Sorted by place, none over another.
class Pieces {
 public:
  bool overlap(std::size_t begin, std::size_t end) const;
  void add(const Piece& piece);
  const std::vector<Piece>& all() const { return pieces_; }

 private:
  std::vector<Piece> pieces_;
};

/// What is left of an authorization-like header.
std::string authorization(std::string_view value);

struct Stretch {
  std::size_t begin;
  std::size_t end;
};
/// The values of a Cookie or Set-Cookie header that must go.
struct CookieStretch {
  std::size_t begin, end;
  std::size_t part;  // before `begin` where another key stands in the name
};
std::vector<CookieStretch> cookie_values(std::string_view value, bool set_cookie);

/// What decides pairs.
struct PairRules {
  const mask::KeyPolicy& keys;
  const detect::Settings& settings;
  const detect::OutputGrammar& grammar;
};
/// Step 3 of section 5 (`exact`) or step 7.
void find_pairs(std::string_view text, const PairRules& rules, bool exact, Pieces& pieces);

/// With a blank for each output in it.
std::string without_outputs(std::string key, const detect::OutputGrammar& grammar);
/// A key's verdict; what the policy has no use for is plain.
mask::KeyVerdict judge(const mask::KeyPolicy& keys, DetectorSet enabled, std::string_view key, std::string_view parent);

}  // namespace pii::kit::reference
