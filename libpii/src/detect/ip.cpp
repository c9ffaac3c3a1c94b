#include "detect/ip.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "detect/families.hpp"

namespace pii::detect {
namespace {

constexpr std::uint8_t kNoHex = 16, kColon = 17, kDot = 18;
// What a byte is in an address: the value of a hex digit, or one of the above.
constexpr auto kInAddress = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (std::size_t c = 0; c < kinds.size(); ++c) {
    const char byte = static_cast<char>(c);
    kinds[c] = !is_hex(byte) ? kNoHex : static_cast<std::uint8_t>(is_digit(byte) ? digit_of(byte) : to_lower(byte) - 'a' + 10);
  }
  kinds[':'] = kColon;
  kinds['.'] = kDot;
  return kinds;
}();
std::uint8_t in_address(char c) noexcept { return kInAddress[static_cast<unsigned char>(c)]; }

}  // namespace

std::size_t parse_ipv4(std::string_view text, unsigned char* out) noexcept {
  std::size_t i = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && (i >= text.size() || text[i++] != '.')) return 0;
    const std::size_t first = i;
    int value = 0;
    while (i < text.size() && is_digit(text[i]) && i - first < 3) value = value * 10 + digit_of(text[i++]);
    if (i == first || value > 255 || (text[first] == '0' && i - first > 1)) return 0;
    out[octet] = static_cast<unsigned char>(value);
  }
  return i < text.size() && is_digit(text[i]) ? 0 : i;
}

bool parse_ipv6(std::string_view text, unsigned char* out) noexcept {
  constexpr std::size_t kNoGap = 17;
  unsigned char head[16];
  std::size_t size = 0;
  std::size_t gap = kNoGap;  // where "::" stands
  std::size_t i = 0;
  if (text.starts_with("::")) {
    gap = 0;
    i = 2;
  }
  while (i < text.size()) {
    if (size >= 16) return false;
    const std::size_t first = i;
    unsigned value = 0;
    for (std::uint8_t digit; i < text.size() && (digit = in_address(text[i])) < kNoHex && i - first < 5; ++i) value = value << 4 | digit;
    if (i < text.size() && text[i] == '.') {
      if (size > 12 || parse_ipv4(text.substr(first), head + size) != text.size() - first) return false;
      size += 4;
      break;
    }
    if (i == first || i - first > 4) return false;
    head[size++] = static_cast<unsigned char>(value >> 8);
    head[size++] = static_cast<unsigned char>(value & 0xFF);
    if (i == text.size()) break;
    if (text[i] != ':') return false;
    ++i;
    if (i == text.size()) return false;
    if (text[i] == ':') {
      if (gap != kNoGap) return false;
      gap = size;
      ++i;
    }
  }
  if (gap == kNoGap ? size != 16 : size > 14) return false;
  if (gap == kNoGap) gap = size;
  std::memset(out, 0, 16);
  for (std::size_t at = 0; at < gap; ++at) out[at] = head[at];
  for (std::size_t behind = size - gap; behind > 0; --behind) out[16 - behind] = head[size - behind];
  return true;
}

bool is_ip_address(std::string_view text) noexcept {
  unsigned char bytes[16];
  return !text.empty() && (parse_ipv4(text, bytes) == text.size() || parse_ipv6(text, bytes));
}

namespace {

// What stands before a dotted number that is no address.
constexpr std::string_view kVersionWords[] = {"v",       "ver",     "version",  "versions", "release", "rel",
                                              "build",   "rev",     "revision", "firmware", "fw",      "oid",
                                              "section", "chapter", "clause",   "upgrade"};
constexpr std::string_view kProducts[] = {
    "chrome",   "chromium", "safari", "edg",   "edge",    "edga",           "edgios",         "opr",
    "opera",    "firefox",  "crios",  "fxios", "version", "headlesschrome", "samsungbrowser", "trident",
    "yabrowser"};

// The word before `i`, over what may stand between it and its value.
std::string_view word_before(const Scan& scan, std::size_t i, std::string_view between) noexcept {
  std::size_t steps = 0;
  while (i > scan.begin() && steps++ < 4 && between.find(scan.text()[i - 1]) != std::string_view::npos) --i;
  const std::size_t end = i;
  while (i > scan.begin() && end - i < 16 && is_letter(scan.text()[i - 1])) --i;
  return scan.view(i, end);
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) noexcept {
  return !word.empty() && std::any_of(std::begin(words), std::end(words), [&](std::string_view w) { return equals_folded(word, w); });
}

bool is_version(const Scan& scan, std::size_t begin, const unsigned char* octets) noexcept {
  if (scan.hints().version_like) return true;
  if (is_one_of(word_before(scan, begin, " =:\"'("), kVersionWords)) return true;
  if (scan.at(begin - 1) != '/') return false;
  // "Chrome/120.0.0.0", but "host/10.1.2.3" as Java prints it
  const std::string_view product = word_before(scan, begin - 1, "");
  if (scan.is_wall(begin - 2)) return octets[2] == 0 && octets[3] == 0;
  return !product.empty() && ((octets[2] == 0 && octets[3] == 0) || is_one_of(product, kProducts));
}

bool is_reserved_v4(const unsigned char* octets, bool skip_private) noexcept {
  if (octets[0] == 0 || octets[0] == 127 || (octets[0] == 169 && octets[1] == 254)) return true;
  if (octets[0] == 255 && octets[1] == 255 && octets[2] == 255 && octets[3] == 255) return true;
  return skip_private &&
         (octets[0] == 10 || (octets[0] == 172 && octets[1] >= 16 && octets[1] < 32) ||
          (octets[0] == 192 && octets[1] == 168) || (octets[0] == 100 && octets[1] >= 64 && octets[1] < 128));
}

bool is_reserved_v6(const unsigned char* bytes, bool skip_private) noexcept {
  if (std::all_of(bytes, bytes + 15, [](unsigned char b) { return b == 0; })) return bytes[15] <= 1;
  if (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80) return true;
  const bool mapped = std::all_of(bytes, bytes + 10, [](unsigned char b) { return b == 0; }) &&
                      bytes[10] == 0xFF && bytes[11] == 0xFF;
  if (mapped) return is_reserved_v4(bytes + 12, skip_private);
  return skip_private && (bytes[0] & 0xFE) == 0xFC;
}

// Size of ".443" behind an address of version 6, as packet dumps have it; else 0.
std::size_t port_size(std::string_view address) noexcept {
  constexpr std::size_t kLongest = 6;
  const std::size_t dot = address.find('.');
  if (dot == std::string_view::npos || address.size() - dot > kLongest) return 0;
  return std::all_of(address.begin() + static_cast<std::ptrdiff_t>(dot) + 1, address.end(), is_digit) ? address.size() - dot : 0;
}

// End of a network's "/24" behind an address, or `end`.
std::size_t with_prefix(const Scan& scan, std::size_t end, int longest) noexcept {
  if (scan.at(end) != '/') return end;
  std::size_t i = end + 1;
  int value = 0;
  while (is_digit(scan.at(i)) && i - end <= 3) value = value * 10 + digit_of(scan.at(i++));
  if (i == end + 1 || value > longest || scan.touches(i)) return end;
  if ((scan.at(i) == '.' && is_digit(scan.at(i + 1))) || scan.at(i) == '/' || scan.at(i) == '-') return end;
  return i;
}

}  // namespace

void find_ipv4(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  for (std::size_t i = scan.begin(); i + 7 <= scan.end(); ++i) {
    if (!is_digit(text[i])) continue;
    const std::size_t begin = i;
    // Over the whole run of digits and dots, so that none is looked at twice.
    while (i < scan.end() && (is_digit(text[i]) || text[i] == '.')) ++i;
    std::size_t end = i;
    while (text[end - 1] == '.') --end;
    unsigned char octets[4];
    if (end - begin > 15 || parse_ipv4(scan.view(begin, end), octets) != end - begin) continue;
    if (scan.touches(begin - 1) || scan.at(begin - 1) == '.') continue;
    // After ':' only as the value of something, not as a piece of an address of version 6.
    if (scan.at(begin - 1) == ':' && (!is_letter(scan.at(begin - 2)) || scan.is_wall(begin - 2))) {
      if (is_word(scan.at(begin - 2)) || scan.at(begin - 2) == ':') continue;
    }
    if (scan.touches(i) || (i > end && scan.is_wall(i))) continue;
    if (!scan.free_before(begin) || (scan.at(end) == '-' && !scan.free_after(end))) continue;
    if (is_reserved_v4(octets, scan.settings().skip_private_ips) || is_version(scan, begin, octets)) continue;
    if (!scan.allows(Detector::ipv4, level, begin)) continue;
    if (i == end) i = end = with_prefix(scan, end, 32);
    scan.take(begin, end, Detector::ipv4);
    --i;
  }
}

// The groups of an address of version 6.
struct HexGroups {
  std::size_t longest = 0;
  bool digit = false, pairs_only = true;

  explicit HexGroups(std::string_view address) noexcept {
    std::size_t size = 0;
    for (const char c : address) {
      size = is_hex(c) ? size + 1 : 0;
      longest = std::max(longest, size);
      digit = digit || is_digit(c);
    }
    pairs_only = longest <= 2;
  }
};

// Behind the numbers of items before an address: `1.2a02:…`.
std::size_t behind_numbers(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  for (std::size_t i = begin; i < end && (is_digit(text[i]) || (text[i] == '.' && i > begin)); ++i) {
    if (text[i] == '.') begin = i + 1;
  }
  return begin;
}

void find_ipv6(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  for (std::size_t i = scan.begin(); i < scan.end();) {
    const std::uint8_t first = in_address(text[i]);
    if (first == kNoHex || first == kDot) {
      ++i;
      continue;
    }
    if (text[i] == '6' && scan.at(i + 1) == ':' && i >= scan.begin() + 3 && equals_folded(scan.view(i - 3, i), "ipv")) i += 2;  // RFC 5321's tag
    std::size_t begin = i, colons = 0;
    for (std::uint8_t kind; i < scan.end() && (kind = in_address(text[i])) != kNoHex; ++i) colons += kind == kColon ? 1U : 0U;
    if (colons < 2) continue;
    const std::size_t behind = scan.touches(begin - 1) ? begin : behind_numbers(text, begin, i);
    const bool numbered = behind > begin;
    begin = behind;
    std::size_t end = i;
    if (i - begin > 64) continue;
    // ":2001:db8::1" behind a word and "2001:db8::1: refused".
    if (text[begin] == ':' && scan.at(begin + 1) != ':') ++begin;
    while (end > begin &&
           (text[end - 1] == '.' || (text[end - 1] == ':' && (end < begin + 2 || text[end - 2] != ':')))) {
      --end;
    }
    if (end == begin || scan.touches(begin - 1) || scan.touches(end)) continue;
    // What was trimmed, or left out before it, joins it to a span.
    std::size_t before = begin - 1;
    while (scan.at(before) == ':' || scan.at(before) == '.') --before;
    if ((i > end && scan.is_wall(i)) || scan.is_wall(before)) continue;
    if (scan.at(begin - 1) == '.' && scan.touches(begin - 2) && !numbered) continue;
    unsigned char bytes[16];
    if (!parse_ipv6(scan.view(begin, end), bytes)) {
      end -= port_size(scan.view(begin, end));
      if (!parse_ipv6(scan.view(begin, end), bytes)) continue;
    }
    if (is_reserved_v6(bytes, scan.settings().skip_private_ips)) continue;
    // "a::b" is a name or a slice, eight pairs are a hardware address.
    const HexGroups groups(scan.view(begin, end));
    const bool dotted = scan.view(begin, end).find('.') != std::string_view::npos;
    if ((groups.longest < 3 && !dotted) || (!groups.digit && colons < 3) || (groups.pairs_only && colons == 7)) continue;
    if (!scan.allows(Detector::ipv6, level, begin)) continue;
    if (end == i && scan.at(end) == '%') {
      std::size_t zone = end + 1;
      while (zone < scan.end() && (is_word(text[zone]) || text[zone] == '-') && zone - end < 17) ++zone;
      if (zone > end + 1 && !scan.touches(zone)) end = zone;
    }
    end = with_prefix(scan, end, 128);
    scan.take(begin, end, Detector::ipv6);
    i = std::max(i, end);
  }
}

namespace {

// End of the hardware address at `begin`, or 0: six pairs, or three fours with dots.
std::size_t mac_end(const Scan& scan, std::size_t begin) noexcept {
  const auto hex_run = [&](std::size_t i) {
    std::size_t n = 0;
    while (n < 5 && is_hex(scan.at(i + n)) && !scan.is_wall(i + n)) ++n;
    return n;
  };
  const std::size_t size = hex_run(begin);
  const char separator = scan.at(begin + size);
  const bool pairs = size == 2 && (separator == ':' || separator == '-');
  if (!pairs && !(size == 4 && separator == '.')) return 0;
  const std::size_t groups = pairs ? 6 : 3;
  std::size_t i = begin;
  for (std::size_t group = 0; group < groups; ++group) {
    if (hex_run(i) != size) return 0;
    i += size;
    if (group + 1 < groups && scan.at(i++) != separator) return 0;
  }
  if (scan.touches(i) || (scan.at(i) == separator && scan.touches(i + 1))) return 0;
  return i;
}

}  // namespace

void find_mac(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  for (std::size_t i = scan.begin(); i + 14 <= scan.end(); ++i) {
    if (!is_hex(text[i]) || scan.touches(i - 1)) continue;
    const char before = scan.at(i - 1);
    if ((before == ':' || before == '-' || before == '.') && scan.touches(i - 2)) continue;
    const std::size_t end = mac_end(scan, i);
    if (end == 0) continue;
    bool zeros = true;
    bool ones = true;
    for (const char c : scan.view(i, end)) {
      zeros = zeros && (c == '0' || !is_hex(c));
      ones = ones && (to_lower(c) == 'f' || !is_hex(c));
    }
    if (zeros || ones || !scan.allows(Detector::mac, level, i)) continue;
    scan.take(i, end, Detector::mac);
    i = end - 1;
  }
}

}  // namespace pii::detect
