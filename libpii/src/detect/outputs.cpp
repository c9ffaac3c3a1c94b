#include "detect/outputs.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "detect/characters.hpp"
#include "detect/domain.hpp"
#include "detect/ip.hpp"
#include "pii/detector.hpp"

namespace pii::detect {
namespace {

constexpr std::size_t kMaxKid = 64;
constexpr std::size_t kMac = 43;  // characters of 32 bytes
constexpr std::size_t kShortestMac = 22;
constexpr std::size_t kLeastV1 = 38;       // characters of 28 bytes
constexpr std::size_t kLeastV2 = 54;       // of 40, under a key without commitment
constexpr std::size_t kLeastSubject = 96;  // of 72
constexpr std::size_t kWrappedKey = 139;   // of 104
constexpr std::size_t kMaxV2Kid = 32;
constexpr std::size_t kSubjectId = 22;

bool is_base64url(char c) noexcept { return is_word(c) || c == '-'; }

int sextet_of(char c) noexcept {
  if (is_class(c, kUpper)) return c - 'A';
  if (is_class(c, kLower)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '-' ? 62 : 63;
}

// Whether base64url text of this size ends without stray bits.
bool is_canonical(std::string_view text) noexcept {
  switch (text.size() % 4) {
    case 1:
      return false;
    case 2:
      return (sextet_of(text.back()) & 15) == 0;
    case 3:
      return (sextet_of(text.back()) & 3) == 0;
    default:
      return true;
  }
}

template <typename Belongs>
std::size_t run_of(std::string_view text, std::size_t begin, std::size_t limit, Belongs belongs) noexcept {
  std::size_t i = begin;
  while (i < text.size() && i - begin < limit && belongs(text[i])) ++i;
  return i;
}

bool ends_word(std::string_view text, std::size_t end) noexcept {
  return end >= text.size() || !is_word(text[end]);
}

// Size of "@domain" at `begin`, or 0.
std::size_t domain_size(std::string_view text, std::size_t begin) noexcept {
  if (begin >= text.size() || text[begin] != '@') return 0;
  std::string_view last;
  const std::size_t end = domain_end(text, begin + 1, last);
  return end == begin + 1 || !ends_word(text, end) ? 0 : end - begin;
}

// Behind "…:v2:": end of "kid:", or 0.
std::size_t kid_end(std::string_view text, std::size_t begin, bool v1 = false) noexcept {
  const std::size_t longest = v1 ? kMaxKid : kMaxV2Kid;
  const std::size_t end = run_of(text, begin, longest + 1, [v1](char c) {
    return is_alnum(c) || (c == '.' && v1) || c == '_' || c == '-';
  });
  if (end == begin || end - begin > longest || end >= text.size() || text[end] != ':') return 0;
  return v1 || is_alnum(text[begin]) ? end + 1 : 0;
}

// A MAC of 22 to `longest` characters; what is joined to it by '-' is not part of it.
std::size_t mac_end(std::string_view text, std::size_t begin, std::size_t shortest,
                    std::size_t longest) noexcept {
  std::size_t end = run_of(text, begin, longest + 1, is_base64url);
  if (end - begin > longest) {
    end = begin + longest;
    if (!ends_word(text, end)) return 0;
  }
  return end - begin >= shortest && is_canonical(text.substr(begin, end - begin)) ? end : 0;
}

std::size_t payload_end(std::string_view text, std::size_t begin, std::size_t least,
                        std::size_t most = std::string_view::npos) noexcept {
  const std::size_t end = run_of(text, begin, text.size(), is_base64url);
  if (end - begin < least || end - begin > most) return 0;
  return is_canonical(text.substr(begin, end - begin)) ? end : 0;
}

// Behind "penc:v2:~".
std::size_t subject_cipher_end(std::string_view text, std::size_t begin) noexcept {
  const std::size_t id = run_of(text, begin, kSubjectId + 1, is_base64url);
  if (id - begin != kSubjectId || id >= text.size() || text[id] != ':') return 0;
  return is_canonical(text.substr(begin, kSubjectId)) ? payload_end(text, id + 1, kLeastSubject) : 0;
}

std::size_t cipher_end(std::string_view text, std::size_t begin, bool v1,
                       const OutputGrammar& grammar) noexcept {
  if (!v1 && begin < text.size() && text[begin] == '~') return subject_cipher_end(text, begin + 1);
  const std::size_t payload = kid_end(text, begin, v1);
  if (payload == 0) return 0;
  const std::string_view kid = text.substr(begin, payload - 1 - begin);
  const auto& kids = grammar.reveal_kids;
  if (!kids.empty() && std::find(kids.begin(), kids.end(), kid) == kids.end()) return 0;
  return payload_end(text, payload, v1 ? kLeastV1 : kLeastV2);
}

std::size_t prefixed_end(std::string_view text, std::size_t offset, const OutputGrammar& grammar) noexcept {
  constexpr std::size_t kPrefix = 8;
  const std::string_view prefix = text.substr(offset, kPrefix);
  const std::size_t body = offset + kPrefix;
  if (prefix == "ptok:v1:") {
    const std::size_t end = mac_end(text, body, kMac, kMac);
    return end == 0 ? 0 : end + domain_size(text, end);
  }
  if (prefix == "penc:v1:") return cipher_end(text, body, true, grammar);
  if (prefix == "penc:v2:") return cipher_end(text, body, false, grammar);
  const bool wrapped = prefix == "pdek:v2:";
  const bool known = prefix == "ptok:v2:" || prefix == "pidx:v2:" || prefix == "pfpt:v2:" || wrapped;
  const std::size_t kid = known ? kid_end(text, body) : 0;
  if (kid == 0) return 0;
  if (prefix == "ptok:v2:") {
    const std::size_t end = mac_end(text, kid, kShortestMac, kMac);
    return end == 0 ? 0 : end + domain_size(text, end);
  }
  if (wrapped) return payload_end(text, kid, kWrappedKey, kWrappedKey);
  const bool index = prefix == "pidx:v2:";
  const std::size_t longest = index ? 16 : 64;
  const std::size_t end = run_of(text, kid, longest + 1, [&](char c) {
    return index ? is_digit(c) || (c >= 'a' && c <= 'f') : is_alnum(c);
  });
  if (end == kid || end - kid > longest || (index && (end - kid) % 2 != 0)) return 0;
  return end;
}

// "[EMAIL]" and its like: a detector's name in capitals.
bool is_detector_label(std::string_view name) noexcept {
  for (int i = 1; i < kDetectorCount; ++i) {
    const std::string_view known = to_string(static_cast<Detector>(i));
    if (known.size() == name.size() && std::equal(name.begin(), name.end(), known.begin(),
                                                  [](char a, char b) { return a == to_upper(b); })) {
      return true;
    }
  }
  return false;
}

std::size_t label_end(std::string_view text, std::size_t offset, const OutputGrammar& grammar) noexcept {
  if (offset + 1 >= text.size() || !is_class(text[offset + 1], kUpper | kLower)) return 0;  // a label begins so
  constexpr std::size_t kLongest = 80;
  const std::string_view near = text.substr(offset, kLongest);
  const std::size_t close = near.find(']');
  if (close == std::string_view::npos) return 0;
  const std::string_view label = near.substr(0, close + 1);
  const std::size_t end = offset + label.size();
  const bool known = std::any_of(grammar.labels.begin(), grammar.labels.end(),
                                 [&](const std::string& other) { return other.size() == label.size() && label == other; });
  if (known && ends_word(text, end)) return end;
  const std::string_view name = label.substr(1, label.size() - 2);
  return name == "PII_REDACTED" || name == "DROPPED" || is_detector_label(name) ? end : 0;
}

// 6*8DIGIT "******" *4DIGIT
std::size_t card_end(std::string_view text, std::size_t offset) noexcept {
  const std::size_t bin = run_of(text, offset, 9, is_digit);
  if (bin - offset < 6 || bin - offset > 8 || text.substr(bin, 6) != "******") return 0;
  const std::size_t end = run_of(text, bin + 6, 5, is_digit);
  return end - bin - 6 <= 4 && (end >= text.size() || text[end] != '*') ? end : 0;
}

bool host_bits_zero(const unsigned char* bytes, std::size_t size, std::size_t prefix) noexcept {
  for (std::size_t bit = prefix; bit < size * 8; ++bit) {
    if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

std::size_t prefix_end(std::string_view text, std::size_t slash, unsigned wanted) noexcept {
  if (slash >= text.size() || text[slash] != '/') return 0;
  const std::size_t end = run_of(text, slash + 1, 4, is_digit);
  unsigned value = 0;
  for (std::size_t i = slash + 1; i < end; ++i) value = value * 10 + static_cast<unsigned>(digit_of(text[i]));
  return end > slash + 1 && value == wanted && text[slash + 1] != '0' ? end : 0;
}

std::size_t network_end(std::string_view text, std::size_t offset, const OutputGrammar& grammar) noexcept {
  unsigned char bytes[16];
  if (grammar.v4_prefix != 0) {
    const std::size_t size = parse_ipv4(text.substr(offset), bytes);
    if (size != 0 && host_bits_zero(bytes, 4, grammar.v4_prefix)) {
      if (const std::size_t end = prefix_end(text, offset + size, grammar.v4_prefix); end != 0) return end;
    }
  }
  if (grammar.v6_prefix != 0) {
    const std::size_t slash =
        run_of(text, offset, 46, [](char c) { return is_hex(c) || c == ':' || c == '.'; });
    if (slash > offset && parse_ipv6(text.substr(offset, slash - offset), bytes) &&
        host_bits_zero(bytes, 16, grammar.v6_prefix)) {
      return prefix_end(text, slash, grammar.v6_prefix);
    }
  }
  return 0;
}

}  // namespace

std::size_t output_at(std::string_view text, std::size_t offset, const OutputGrammar& grammar) noexcept {
  if (offset >= text.size()) return 0;
  const char first = text[offset];
  std::size_t end = 0;
  if (first == 'p') end = prefixed_end(text, offset, grammar);
  if (first == '[') end = label_end(text, offset, grammar);
  if (end == 0 && is_digit(first)) end = card_end(text, offset);
  if (end == 0 && (is_hex(first) || first == ':')) end = network_end(text, offset, grammar);
  return end == 0 || !ends_word(text, end) ? 0 : end - offset;
}

bool reads_as_output(std::string_view value, const OutputGrammar& grammar) noexcept {
  constexpr std::string_view kStars = "****";
  constexpr std::size_t kMostShown = 4;
  if (output_at(value, 0, grammar) == value.size()) return true;
  if (!value.starts_with(kStars)) return false;
  std::size_t count = 0;
  for (std::size_t i = kStars.size(); i < value.size(); ++count) {
    if (count == kMostShown) return false;
    const char c = value[i];
    if (is_blank(c) || c == '"' || c == '\'' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ||
        c == 0x7F)
      return false;
    const auto [code_point, size] = base::decode_utf8(value, i);
    if (code_point == base::kInvalidCodePoint) return false;
    i += size;
  }
  return true;
}

}  // namespace pii::detect
