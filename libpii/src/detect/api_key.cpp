#include <bit>
#include <cmath>
#include <cstdint>

#include "detect/byte_kinds.hpp"
#include "detect/families.hpp"

namespace pii::detect {
namespace {

enum class Alphabet : unsigned char { alnum, word, word_dash, hex, base32, dotted };

struct KeyForm {
  std::string_view prefix;
  std::uint16_t shortest;  // characters behind the prefix
  std::uint16_t longest;
  Alphabet alphabet;
  bool loose;  // the prefix may begin other things: ask for entropy
};

// Prefixes as their makers publish them. Data.
constexpr KeyForm kForms[] = {
    {"AKIA", 16, 16, Alphabet::base32, false},
    {"ASIA", 16, 16, Alphabet::base32, false},
    {"ABIA", 16, 16, Alphabet::base32, false},
    {"ACCA", 16, 16, Alphabet::base32, false},
    {"sk_live_", 10, 255, Alphabet::alnum, true},
    {"sk_test_", 10, 255, Alphabet::alnum, true},
    {"rk_live_", 10, 255, Alphabet::alnum, true},
    {"rk_test_", 10, 255, Alphabet::alnum, true},
    {"pk_live_", 10, 255, Alphabet::alnum, true},
    {"pk_test_", 10, 255, Alphabet::alnum, true},
    {"sk_sbox_", 10, 255, Alphabet::alnum, true},
    {"pk_sbox_", 10, 255, Alphabet::alnum, true},
    {"whsec_", 24, 255, Alphabet::alnum, true},
    {"ghp_", 36, 251, Alphabet::alnum, false},
    {"gho_", 36, 251, Alphabet::alnum, false},
    {"ghu_", 36, 251, Alphabet::alnum, false},
    {"ghs_", 36, 251, Alphabet::alnum, false},
    {"ghr_", 36, 251, Alphabet::alnum, false},
    {"github_pat_", 22, 255, Alphabet::word, true},
    {"glpat-", 20, 255, Alphabet::dotted, true},
    {"gldt-", 20, 64, Alphabet::word_dash, true},
    {"glrt-", 20, 64, Alphabet::word_dash, true},
    {"glptt-", 40, 40, Alphabet::hex, true},
    {"xoxb-", 10, 255, Alphabet::word_dash, true},
    {"xoxp-", 10, 255, Alphabet::word_dash, true},
    {"xoxa-", 10, 255, Alphabet::word_dash, true},
    {"xoxr-", 10, 255, Alphabet::word_dash, true},
    {"xoxs-", 10, 255, Alphabet::word_dash, true},
    {"xoxe-", 10, 255, Alphabet::word_dash, true},
    {"xoxc-", 10, 255, Alphabet::word_dash, true},
    {"xoxd-", 10, 255, Alphabet::word_dash, true},
    {"xapp-", 20, 255, Alphabet::word_dash, true},
    {"AIza", 35, 35, Alphabet::word_dash, true},
    {"ya29.", 20, 4096, Alphabet::word_dash, true},
    {"GOCSPX-", 28, 28, Alphabet::word_dash, true},
    {"SG.", 40, 80, Alphabet::dotted, true},
    {"npm_", 36, 36, Alphabet::alnum, true},
    {"hf_", 30, 64, Alphabet::alnum, true},
    {"sk-ant-", 20, 255, Alphabet::word_dash, true},
    {"sk-proj-", 20, 255, Alphabet::word_dash, true},
    {"sk-svcacct-", 20, 255, Alphabet::word_dash, true},
    {"sk-or-v1-", 20, 255, Alphabet::hex, true},
    {"sk-", 32, 64, Alphabet::alnum, true},
    {"dop_v1_", 64, 64, Alphabet::hex, false},
    {"doo_v1_", 64, 64, Alphabet::hex, false},
    {"shpat_", 32, 32, Alphabet::hex, false},
    {"shpss_", 32, 32, Alphabet::hex, false},
    {"shpca_", 32, 32, Alphabet::hex, false},
    {"sq0atp-", 22, 22, Alphabet::word_dash, true},
    {"sq0csp-", 43, 43, Alphabet::word_dash, true},
    {"pypi-AgE", 50, 512, Alphabet::word_dash, true},
    {"rubygems_", 48, 48, Alphabet::hex, false},
    {"dckr_pat_", 27, 27, Alphabet::word_dash, true},
    {"hvs.", 24, 255, Alphabet::word_dash, true},
    {"hvb.", 24, 255, Alphabet::word_dash, true},
    {"ATATT3x", 50, 255, Alphabet::word_dash, true},
    {"lin_api_", 40, 40, Alphabet::alnum, true},
    {"dapi", 32, 32, Alphabet::hex, true},
    {"xkeysib-", 64, 81, Alphabet::word_dash, true},
    {"PMAK-", 59, 59, Alphabet::word_dash, true},
    {"NRAK-", 27, 27, Alphabet::alnum, true},
    {"tskey-", 20, 128, Alphabet::word_dash, true},
    {"glsa_", 41, 41, Alphabet::word, true},
    {"ntn_", 40, 64, Alphabet::alnum, true},
    {"EZAK", 54, 54, Alphabet::alnum, true},
    {"AGE-SECRET-KEY-1", 58, 58, Alphabet::alnum, false},
};

// The forms that begin with a character, as lists: places in kForms, counted from 1; and the characters that may stand behind it, by their
// low bits.
struct FormLists {
  std::array<std::uint8_t, 256> first{};
  std::array<std::uint8_t, std::size(kForms) + 1> next{};
  std::array<std::uint64_t, 256> second{};

  bool may_begin(char c, char behind) const noexcept { return (second[static_cast<unsigned char>(c)] >> (behind & 63) & 1) != 0; }
};
constexpr auto kBeginning = [] {
  FormLists lists;
  for (std::size_t i = std::size(kForms); i > 0; --i) {
    std::uint8_t& first = lists.first[static_cast<unsigned char>(kForms[i - 1].prefix[0])];
    lists.next[i] = first;
    first = static_cast<std::uint8_t>(i);
    lists.second[static_cast<unsigned char>(kForms[i - 1].prefix[0])] |= std::uint64_t{1} << (kForms[i - 1].prefix[1] & 63);
  }
  return lists;
}();

bool belongs(char c, Alphabet alphabet) noexcept {
  switch (alphabet) {
    case Alphabet::alnum:
      return is_alnum(c);
    case Alphabet::word:
      return is_word(c);
    case Alphabet::word_dash:
      return is_word(c) || c == '-';
    case Alphabet::hex:
      return is_hex(c);
    case Alphabet::base32:
      return is_class(c, kUpper) || (c >= '0' && c <= '9');
    case Alphabet::dotted:
      return is_word(c) || c == '-' || c == '.';
  }
  return false;
}

bool is_mark(char c) noexcept { return c == '.' || c == '-'; }

// Bits a character.
double entropy_of(std::string_view text) noexcept {
  unsigned counts[256] = {};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const unsigned count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool is_random(std::string_view body) noexcept {
  constexpr double kLeastEntropy = 3.0;
  constexpr std::size_t kLooked = 128;
  bool digit = false;
  std::size_t humps = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    digit = digit || is_digit(body[i]);
    humps += i > 0 && is_class(body[i], kUpper) && is_class(body[i - 1], kLower) ? 1U : 0U;
  }
  return (digit || humps >= 3) && entropy_of(body.substr(0, kLooked)) >= kLeastEntropy;
}

constexpr std::size_t kLongRun = 16;

// As the class of a text asks for it (LeafClass::long_run), whatever else the text has.
bool has_long_run(std::string_view key) noexcept {
  std::size_t run = 0;
  for (std::size_t i = 0; i < key.size() && run < kLongRun; ++i) run = is_word(key[i]) || key[i] == '-' ? run + 1 : 0;
  return run == kLongRun;
}

// End of the key at `begin`, or 0.
std::size_t key_end(const Scan& scan, std::size_t begin) noexcept {
  for (std::size_t i = kBeginning.first[static_cast<unsigned char>(scan.text()[begin])]; i != 0; i = kBeginning.next[i]) {
    const KeyForm& form = kForms[i - 1];
    if (!scan.view(begin, scan.end()).starts_with(form.prefix)) continue;
    const std::size_t body = begin + form.prefix.size();
    std::size_t end = body;
    while (end < scan.end() && end - body <= form.longest && belongs(scan.text()[end], form.alphabet)) ++end;
    // Too long: a key and more behind a mark.
    if (end - body > form.longest) do --end; while (end > body && !is_mark(scan.text()[end]));
    while (end > body && is_mark(scan.text()[end - 1])) --end;
    const std::string_view text = scan.view(body, end);
    if (text.size() < form.shortest || text.size() > form.longest || scan.touches(end)) continue;
    if (text.ends_with("EXAMPLE") || text.ends_with("EXAMPLEKEY")) continue;
    if (!has_long_run(scan.view(begin, end)) || (form.loose && !is_random(text))) continue;
    return end;
  }
  return 0;
}

// Where sixteen set bits on end begin.
constexpr std::uint64_t runs_of_16(std::uint64_t bits) noexcept {
  bits &= bits >> 1;
  bits &= bits >> 2;
  bits &= bits >> 4;
  return bits & bits >> 8;
}

bool joins(char c) noexcept { return is_word(c) || c == '-'; }

// The keys from `begin` on, before which no character of a key stands, to the first that is none; returns where that is.
std::size_t find_keys(Scan& scan, Level level, std::size_t begin) {
  const std::string_view text = scan.free_text();
  std::size_t i = begin;
  while (i + kLongRun <= text.size() && (joins(text[i]) || text[i] == '.')) {
    const bool may_begin = kBeginning.first[static_cast<unsigned char>(text[i])] != 0 && kBeginning.may_begin(text[i], text[i + 1]) && !scan.touches(i - 1) &&
                           !(scan.at(i - 1) == '-' && scan.touches(i - 2));
    const std::size_t end = may_begin ? key_end(scan, i) : 0;
    if (end != 0 && scan.allows(Detector::api_key, level, i)) {
      scan.take(i, end, Detector::api_key);
      i = end;
    } else {
      // Nothing begins in the rest of the word.
      while (++i < text.size() && is_word(text[i]) && is_word(text[i - 1])) {}
    }
  }
  return i;
}

}  // namespace

// A key has a long run in it: only what is around those is gone through.
void find_api_key(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  const std::size_t first = scan.begin();
  for (std::size_t from = first; from + kLongRun <= text.size();) {
    const std::uint64_t runs = runs_of_16(bits_of_64(text, from, kJoined));
    if (runs == 0) {
      from += 64 - (kLongRun - 1);  // one may begin in the last bytes
      continue;
    }
    std::size_t begin = from + static_cast<std::size_t>(std::countr_zero(runs));
    while (begin > first && (joins(text[begin - 1]) || text[begin - 1] == '.')) --begin;
    from = find_keys(scan, level, begin) + 1;
  }
}

}  // namespace pii::detect
