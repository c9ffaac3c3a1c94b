#include <algorithm>
#include <bit>
#include <cstdint>

#include "detect/announcing.hpp"
#include "detect/families.hpp"

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#define PII_SECRETS_SSE2 1
#else
#define PII_SECRETS_SSE2 0
#endif

namespace pii::detect {
namespace {

bool is_base64url(char c) noexcept { return is_word(c) || c == '-'; }

// Decodes the beginning of unpadded base64url, as much as fits; stops at a foreign character.
std::size_t decode_some(std::string_view in, char* out, std::size_t capacity) noexcept {
  std::size_t size = 0;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : in) {
    unsigned value = 0;
    if (is_class(c, kUpper)) {
      value = static_cast<unsigned>(c - 'A');
    } else if (is_class(c, kLower)) {
      value = static_cast<unsigned>(c - 'a' + 26);
    } else if (is_digit(c)) {
      value = static_cast<unsigned>(c - '0' + 52);
    } else if (c == '-' || c == '+') {
      value = 62;
    } else if (c == '_' || c == '/') {
      value = 63;
    } else {
      break;
    }
    bits = bits << 6 | value;
    held += 6;
    if (held < 8) continue;
    if (size == capacity) break;
    held -= 8;
    out[size++] = static_cast<char>(bits >> held & 0xFF);
  }
  return size;
}

std::size_t segment_end(const Scan& scan, std::size_t i) noexcept {
  while (i < scan.end() && is_base64url(scan.text()[i])) ++i;
  return i;
}

// Whether a header, base64url of JSON, has the member "alg": it may stand behind a long key id or certificate.
bool names_algorithm(std::string_view header) noexcept {
  constexpr std::size_t kPart = 320, kOverlap = 8;  // characters, each a multiple of four
  char json[(kPart + kOverlap) / 4 * 3];
  for (std::size_t from = 0; from < header.size(); from += kPart) {
    const std::string_view part(json, decode_some(header.substr(from, kPart + kOverlap), json, sizeof json));
    if (part.find("\"alg\"") != std::string_view::npos) return true;
  }
  return false;
}

// End of the JSON Web Token (RFC 7515, RFC 7516) at `begin`, or 0. One whose signature was cut off counts.
std::size_t jwt_end(const Scan& scan, std::size_t begin) noexcept {
  std::size_t end = segment_end(scan, begin);
  if (!names_algorithm(scan.view(begin, end))) return 0;
  if (scan.at(end) != '.') return 0;
  const std::size_t payload = end + 1;
  end = segment_end(scan, payload);
  if (end - payload < 4 && !(end == payload && scan.at(end) == '.')) return 0;
  const bool readable = scan.view(payload, end).starts_with("eyJ");
  // As the class of a text asks for it (LeafClass::long_run).
  constexpr std::size_t kLongPart = 16;
  std::size_t longest = std::max(payload - 1 - begin, end - payload);
  std::size_t segments = 2;
  while (segments < 5 && scan.at(end) == '.') {
    const std::size_t next = segment_end(scan, end + 1);
    if (next == end + 1 && !(segments < 4 && scan.at(next) == '.' && is_base64url(scan.at(next + 1)))) break;
    longest = std::max(longest, next - (end + 1));
    end = next;
    ++segments;
  }
  return longest >= kLongPart && (segments >= 3 || readable) ? end : 0;
}

}  // namespace

void find_jwt(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  for (std::size_t i = text.find("eyJ", scan.begin()); i < scan.end(); i = text.find("eyJ", i + 1)) {
    if (i < scan.begin()) continue;
    if (is_base64url(scan.at(i - 1))) {
      i = segment_end(scan, i);
      continue;
    }
    const std::size_t end = jwt_end(scan, i);
    if (end == 0) {
      i = segment_end(scan, i);
      continue;
    }
    if (scan.touches(end) || !scan.allows(Detector::jwt, level, i)) continue;
    scan.take(i, end, Detector::jwt);
    i = end - 1;
  }
}

namespace {

constexpr std::string_view kDashes = "-----";

// Behind "-----BEGIN " or "-----END ": end of "… PRIVATE KEY-----", or 0.
std::size_t marker_end(const Scan& scan, std::size_t i) noexcept {
  const std::size_t first = i;
  while (i < scan.end() && i - first < 48 &&
         (is_class(scan.text()[i], kUpper | kDigit) || scan.text()[i] == ' '))
    ++i;
  const std::string_view label = scan.view(first, i);
  if (!label.ends_with("PRIVATE KEY") && !label.ends_with("PRIVATE KEY BLOCK")) return 0;
  return scan.view(i, std::min(i + kDashes.size(), scan.end())) == kDashes ? i + kDashes.size() : 0;
}

bool is_pem_body(char c) noexcept {
  return is_alnum(c) || is_blank(c) || c == '+' || c == '/' || c == '=' || c == '\\' || c == ':' ||
         c == ',' || c == '-' || c == '.' || c == '(' || c == ')' || c == '@' || c == '<' || c == '>' ||
         c == '"';
}

}  // namespace

void find_private_key(Scan& scan, Level level) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kEnd = "-----END ";
  const std::string_view text = scan.free_text();
  for (std::size_t i = text.find(kBegin, scan.begin()); i < scan.end(); i = text.find(kBegin, i)) {
    const std::size_t begin = i;
    i += kBegin.size();
    const std::size_t body = marker_end(scan, i);
    if (body == 0 || begin < scan.begin()) continue;
    std::size_t end = body;
    std::size_t letters = 0;
    while (end < scan.end() && is_pem_body(text[end])) {
      if (text[end] == '-' && text.substr(end, kDashes.size()) == kDashes) break;
      letters += is_alnum(text[end]) ? 1U : 0U;
      ++end;
    }
    i = std::max(i, end);
    if (letters < 8) continue;
    const bool closed = text.substr(std::min(end, scan.end()), kEnd.size()) == kEnd;
    if (const std::size_t marker = closed ? marker_end(scan, end + kEnd.size()) : 0; marker != 0)
      end = marker;
    // One that was cut off: what follows the last of it stays.
    while (end > body && is_blank(text[end - 1])) --end;
    // A word beside it is no reason to leave it: the outermost dashes stay then, or the word goes.
    const std::size_t first = scan.touches(begin - 1) ? begin + kDashes.size() : begin;
    if (scan.touches(end) && text.substr(0, end).ends_with(kDashes)) end -= kDashes.size();
    while (scan.touches(end) && !scan.is_wall(end)) ++end;
    while (scan.touches(end) && end > body) --end;
    if (!scan.allows(Detector::private_key, level, first)) continue;
    scan.take(first, end, Detector::private_key);
    i = std::max(i, end);
  }
}

namespace {

enum class Scheme : unsigned char { bearer, basic, digest, api_key, token };
struct SchemeWord {
  std::string_view word;
  Scheme scheme;
};
constexpr SchemeWord kSchemes[] = {{"bearer", Scheme::bearer},
                                   {"basic", Scheme::basic},
                                   {"digest", Scheme::digest},
                                   {"apikey", Scheme::api_key},
                                   {"token", Scheme::token}};

static_assert(std::equal(std::begin(kSchemes), std::end(kSchemes), std::begin(kAnnouncing), std::end(kAnnouncing),
                         [](const SchemeWord& scheme, std::string_view word) { return scheme.word == word; }));

// What they end with.
constexpr std::string_view kSchemeEnds = kAnnouncingLast.substr(0, std::size(kAnnouncing));

// The next blank, from `from` (not 0) on, behind what a scheme may end with; npos if there is none.
std::size_t next_scheme_end(std::string_view text, std::size_t from) noexcept {
#if PII_SECRETS_SSE2
  for (; from + 16 <= text.size(); from += 16) {
    const auto load = [&](std::size_t at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at)); };
    const __m128i before = _mm_or_si128(load(from - 1), _mm_set1_epi8(0x20));
    __m128i ends = _mm_setzero_si128();
    for (const char end : kSchemeEnds) ends = _mm_or_si128(ends, _mm_cmpeq_epi8(before, _mm_set1_epi8(end)));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(ends, _mm_cmpeq_epi8(load(from), _mm_set1_epi8(' ')))));
    if (found != 0) return from + static_cast<std::size_t>(std::countr_zero(found));
  }
#endif
  for (; from < text.size(); ++from) {
    if (text[from] == ' ' && kSchemeEnds.find(static_cast<char>(text[from - 1] | 0x20)) != std::string_view::npos) return from;
  }
  return std::string_view::npos;
}

struct Shape {
  bool digit = false;
  bool upper = false;
  bool lower = false;
};

Shape shape_of(std::string_view text) noexcept {
  Shape shape;
  for (const char c : text) {
    shape.digit = shape.digit || is_digit(c);
    shape.upper = shape.upper || is_class(c, kUpper);
    shape.lower = shape.lower || is_class(c, kLower);
  }
  return shape;
}

bool is_secret(std::string_view secret, Scheme scheme) noexcept {
  if (secret.size() < 8) return false;
  const Shape shape = shape_of(secret);
  const bool mixed = shape.upper && shape.lower;
  if (scheme == Scheme::token) return secret.size() >= 16 && shape.digit && (shape.upper || shape.lower);
  if (scheme == Scheme::basic) {
    char text[96];
    const std::size_t size = decode_some(secret, text, sizeof(text));
    const std::string_view decoded(text, size);
    const bool readable = std::all_of(decoded.begin(), decoded.end(), [](char c) { return c >= ' '; });
    if (readable && decoded.find(':') != std::string_view::npos) return true;
    return secret.size() >= 16 && shape.digit && mixed;
  }
  // A capital inside a word of small letters is no word.
  const bool humps =
      mixed && std::any_of(secret.begin() + 1, secret.end(), [](char c) { return is_class(c, kUpper); });
  return shape.digit || secret.ends_with('=') || (secret.size() >= 16 && humps);
}

// End of `name="value", name=value, …` (RFC 7616), or 0 when there is not even one.
std::size_t digest_end(const Scan& scan, std::size_t i) noexcept {
  std::size_t end = 0;
  for (;;) {
    const std::size_t name = i;
    while (is_letter(scan.at(i)) && !scan.is_wall(i)) ++i;
    if (i == name || scan.at(i) != '=') return end;
    ++i;
    const bool escaped = scan.at(i) == '\\' && scan.at(i + 1) == '"';
    if (escaped || scan.at(i) == '"') {
      i += escaped ? 2 : 1;
      while (i < scan.end() && scan.text()[i] != '"') ++i;
      if (scan.at(i) != '"') return end;
      ++i;
    } else {
      const std::size_t value = i;
      while (i < scan.end() && (is_word(scan.text()[i]) || scan.text()[i] == '-')) ++i;
      if (i == value) return end;
    }
    end = i;
    while (scan.at(i) == ',' || scan.at(i) == ' ') ++i;
    if (i == end) return end;
  }
}

bool is_token_character(char c) noexcept {
  return is_word(c) || c == '-' || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

}  // namespace

void find_auth_header(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  for (std::size_t i = next_scheme_end(text, scan.begin() + 5); i < scan.end(); i = next_scheme_end(text, i + 1)) {
    std::size_t begin = i;
    while (begin > scan.begin() && i - begin < 7 && is_letter(text[begin - 1])) --begin;
    if (scan.touches(begin - 1)) continue;
    const auto scheme = std::find_if(
        std::begin(kSchemes), std::end(kSchemes),
        [&](const SchemeWord& candidate) { return equals_folded(scan.view(begin, i), candidate.word); });
    if (scheme == std::end(kSchemes)) continue;
    std::size_t secret = i;
    while (scan.at(secret) == ' ') ++secret;
    std::size_t end = 0;
    if (scheme->scheme == Scheme::digest) {
      end = digest_end(scan, secret);
    } else {
      end = secret;
      while (end < scan.end() && is_token_character(text[end])) ++end;
      while (end > secret && text[end - 1] == '.') --end;
      if (!is_secret(scan.view(secret, end), scheme->scheme)) end = 0;
    }
    i = std::max(secret, end) - 1;
    if (end == 0 || scan.touches(end) || !scan.allows(Detector::auth_header, level, begin)) continue;
    scan.take(begin, end, Detector::auth_header);
  }
}

void find_url_userinfo(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  for (std::size_t i = text.find("://", scan.begin()); i < scan.end(); i = text.find("://", i)) {
    const std::size_t begin = i + 3;
    const bool scheme = i > scan.begin() && is_alnum(text[i - 1]);
    std::size_t at = 0;
    std::size_t end = begin;
    for (; end < scan.end(); ++end) {
      const char c = text[end];
      if (c == '@') at = end;
      if (is_blank(c) || c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c == '<' || c == '>' ||
          c == '\\' || c == '`' || c == '[' || c == '|') {
        break;
      }
    }
    i = std::max(begin, std::min(end, scan.end()));
    // The next one may begin with what ended this one.
    if (i > begin && text[i - 1] == ':') --i;
    if (!scheme || begin <= scan.begin() || at <= begin) continue;
    const std::string_view userinfo = scan.view(begin, at);
    if (userinfo == "git" || userinfo.starts_with("${") || !scan.allows(Detector::url_userinfo, level, begin))
      continue;
    scan.take(begin, at, Detector::url_userinfo);
  }
}

}  // namespace pii::detect
