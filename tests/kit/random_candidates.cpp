#include "kit/random_candidates.hpp"

#include "kit/reference_detectors.hpp"

namespace pii::kit {
namespace {

constexpr std::string_view kAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kBase64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64url(std::string_view bytes) {
  std::string text;
  unsigned bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) text += kBase64url[bits >> (held - 6) & 63];
  }
  if (held > 0) text += kBase64url[bits << (6 - held) & 63];
  return text;
}

}  // namespace

std::string RandomCandidates::any_of(std::string_view characters, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += characters[below(characters.size())];
  return result;
}

std::string RandomCandidates::candidate() {
  switch (detector_) {
    case Detector::email: return email();
    case Detector::phone: return phone();
    case Detector::ipv4: return ipv4();
    case Detector::ipv6: return ipv6();
    case Detector::jwt: return jwt();
    case Detector::api_key: return api_key();
    default: return number();
  }
}

// A number with check digits that mostly fit, bare or in groups.
std::string RandomCandidates::number() {
  constexpr const char* kPrefixes[] = {"4", "51", "2221", "34", "37", "6011", "62", "3528", "36", "5888", "9682", "50", "60", "81", "7"};
  constexpr std::size_t kSizes[] = {16, 16, 16, 15, 13, 14, 19, 12, 18};
  switch (detector_) {
    case Detector::card:
      return grouped(with_luhn(any(kPrefixes), kSizes[below(9)]), {{4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}, {4, 4, 4, 4, 3}});
    case Detector::kw_civil_id: return kw_civil_id();
    case Detector::sa_id: return with_luhn(one_in(3) ? "1" : one_in(2) ? "2" : "3", 10);
    case Detector::ae_eid: return grouped(with_luhn("784" + std::string(one_in(2) ? "19" : "20"), 15), {{3, 4, 7, 1}});
    case Detector::us_ssn: return grouped(one_in(6) ? "000" + digits(6) : digits(9), {{3, 2, 4}});
    default: return iban();
  }
}

std::string RandomCandidates::kw_civil_id() {
  constexpr const char* kCenturies[] = {"1", "2", "3", "4"};
  const std::string id = any(kCenturies) + digits(2) + "0" + digits(1) + (one_in(4) ? "31" : "0" + digits(1)) + digits(4);
  for (char c = '0'; c <= '9' && !one_in(8); ++c) {
    if (!reference::naive_scan(detector_, id + c, true).empty()) return id + c;
  }
  return id + digits(1);
}

std::string RandomCandidates::with_luhn(std::string prefix, std::size_t size) {
  prefix += digits(size - 1 - prefix.size());
  int sum = 0;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    int digit = prefix[prefix.size() - 1 - i] - '0';
    if (i % 2 == 0) digit *= 2;
    sum += digit / 10 + digit % 10;
  }
  const int check = one_in(8) ? static_cast<int>(below(10)) : (10 - sum % 10) % 10;
  return prefix + static_cast<char>('0' + check);
}

std::string RandomCandidates::grouped(const std::string& number, const std::vector<std::vector<std::size_t>>& shapes) {
  constexpr const char* kSeparators[] = {" ", "-", ".", " ", "-"};
  if (one_in(2)) return number;
  const std::string separator = any(kSeparators);
  const auto& shape = shapes[below(shapes.size())];
  std::string result;
  std::size_t from = 0;
  for (const std::size_t size : shape) {
    if (from >= number.size()) break;
    result += (result.empty() ? "" : separator) + number.substr(from, size);
    from += size;
  }
  return result;
}

std::string RandomCandidates::iban() {
  constexpr const char* kBodies[] = {"GB??WEST12345698765432", "KW??CBKU0000000000001234560101", "DE??370400440532013000",
                                     "NO??86011117947", "SA??80000000608010167519", "FR??20041010050500013M02606"};
  std::string text = any(kBodies);
  const int first = static_cast<int>(below(97));
  for (int check = first; check < first + 99; ++check) {
    text[2] = static_cast<char>('0' + check % 100 / 10);
    text[3] = static_cast<char>('0' + check % 10);
    if (!reference::naive_scan(detector_, text, false).empty()) break;
  }
  if (one_in(3)) {
    for (std::size_t i = text.size() / 4 * 4; i >= 4; i -= 4) text.insert(i, one_in(8) ? "-" : " ");
  }
  if (one_in(4)) text[below(text.size())] = "aZ0 -"[below(5)];
  return text;
}

std::string RandomCandidates::label() {
  constexpr const char* kLabels[] = {"example", "mail", "a", "x-y", "Corp", "2x", "db", "b\xC3\xBC" "cher", "-bad", "a-", "_x"};
  return one_in(40) ? std::string(62 + below(3), 'a') : any(kLabels);
}

std::string RandomCandidates::email() {
  constexpr const char* kLocals[] = {"jo", "git", "o'neil", "a.b", "a...b", "x+1", "'ada", "#5", ".", "%", "j\xC3\xB6rg", "\xE9\x82\xAE" "jo",
                                     "\xD8\xA8" "ada", "\xFF" "eve", "\"jo doe\"", "\"(x)\"", "k=v", "**bold"};
  constexpr const char* kEnds[] = {"com", "org.", "kw", "co.uk", "png", "internal", "Then", "x", "xn--p1ai", "xn--p1ai-", "com-5", "org_x",
                                   "com.Then", "com.abc_x", "\xD9\x85\xD8\xB5\xD8\xB1", "5", "json", "ORG", "com..x", "org-"};
  std::string local = any(kLocals);
  if (one_in(30)) local = any_of("'#", below(3)) + std::string(61 + below(5), 'a');
  if (one_in(20)) local = any_of("ab.'~+1", below(12)) + std::string(52 + below(14), 'a');
  if (one_in(60)) local = '"' + std::string(60 + below(5), 'q') + '"';
  if (one_in(20)) return local + "@[" + (one_in(2) ? "IPv6:2001:db8::1234" : "192.0.2.1") + "]";
  std::string domain = label();
  for (std::size_t more = one_in(60) ? 70 : below(3); more > 0; --more) domain += "." + (more > 5 ? "abc" : label());
  return local + "@" + domain + "." + any(kEnds);
}

std::string RandomCandidates::phone() {
  constexpr const char* kBeginnings[] = {"+965", "+966 5", "00965", "00966", "+1", "+1 ", "+44 (0)", "+(965)", "(+971) 5", "0", "05", "9", "5", "6",
                                         "965", "9715", "+290", "00290", "(", "+49", "+973 3", "00 44", "2026", "3", "7"};
  constexpr const char* kSeparators[] = {"", "", "", " ", "-", ".", "/", ") ", " (", "(0)", "  "};
  constexpr const char* kEnds[] = {"", "", "", " x12", " ext. 9", "x1234567", " ext", ")", ".", ".5", "-", "-a", "-5"};
  std::string number = any(kBeginnings);
  if (one_in(2)) number += any(kSeparators);
  const std::size_t groups = 1 + below(4);
  const std::string separator = any(kSeparators);
  for (std::size_t i = 0; i < groups; ++i) {
    if (i > 0) number += one_in(8) ? any(kSeparators) : separator;
    number += one_in(30) ? std::string(4, '7') : digits(groups == 1 ? 6 + below(6) : 1 + below(5));
  }
  return number + any(kEnds);
}

std::string RandomCandidates::ipv4() {
  constexpr const char* kBefore[] = {"", "", "", "", "v", "version=", "Chrome/", "host/", "release: ", "addr:", "8:", "::", "a-", "5-", ".", "version ("};
  constexpr const char* kEnds[] = {"", "", "", "/24", "/33", "/8/", ":80", ".", ".5", ".x", "-", "-a", "-9", "/24.5", "_"};
  std::string address = any(kBefore);
  constexpr const char* kFirst[] = {"10", "188", "127", "0", "169.254", "255", "01"};
  if (one_in(3)) address += any(kFirst) + ".";
  for (std::size_t octets = one_in(6) ? 3 : 4; octets > 0; --octets) {
    address += (one_in(12) ? digits(3) : std::to_string(one_in(4) ? 0 : below(256))) + (octets > 1 ? "." : "");
  }
  return address + any(kEnds);
}

std::string RandomCandidates::ipv6() {
  constexpr const char* kBefore[] = {"", "", "", ":", "a:", "::", "[", "x", "at ", ".", "e.", "5:", "[IPv6:", "ipv6:", "IPv6::", "1.", "12.", "1.2.", "x1.", "a.1."};
  constexpr const char* kEnds[] = {"", "", "", "/64", "/129", "%eth0", "%eth-0/64", "]:443", ":", ".", "::", "x", ": ", ".x"};
  constexpr const char* kWhole[] = {"fe80::1", "::1", "::", "::ffff:1.2.3.4", "::ffff:127.0.0.1", "12:34:56", "00:11:22:33:44:55:66:77", "a::b", "dead::beef"};
  if (one_in(4)) return any(kBefore) + any(kWhole) + any(kEnds);
  std::string address = any(kBefore);
  const std::size_t groups = one_in(3) ? 8 : 2 + below(7), gap = one_in(3) ? groups : below(groups);
  for (std::size_t i = 0; i < groups; ++i) {
    address += any_of("0123456789abcdefABCDEF", 1 + below(one_in(10) ? 5 : 4)) + (i + 1 < groups ? ":" : "");
    if (i == gap) address += ":";
  }
  if (one_in(8)) address += ":1.2.3." + std::to_string(below(300));
  return address + any(kEnds);
}

std::string RandomCandidates::jwt() {
  constexpr const char* kHeaders[] = {R"({"alg":"HS256","typ":"JWT"})", R"({"typ":"JWT","alg":"RS256"})", R"({"alg":"none"})", R"({"typ":"JWT"})",
                                      R"({"alg":"dir","enc":"A256GCM"})", R"({"kid":1})"};
  std::string header = any(kHeaders);
  if (one_in(6)) header = R"({"kid":")" + any_of(kAlphanumeric, 180 + below(120)) + R"(","alg":"ES256"})";
  std::string token = base64url(header);
  for (std::size_t more = below(6); more > 0; --more) {
    token += one_in(12) ? ". " : ".";
    if (one_in(8)) continue;
    token += one_in(3) ? base64url(R"({"sub":")" + digits(below(12)) + "\"}") : any_of(kBase64url, 1 + below(30));
  }
  return token;
}

std::string RandomCandidates::api_key() {
  const std::string word = any_of(kAlphanumeric, 10 + below(30)), marked = any_of(kBase64url, 11 + below(40));
  const std::string low = any_of("ab", 30);
  std::string key;
  switch (below(12)) {
    case 0: key = "AKIA" + any_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 16); break;
    case 1: key = "sk_live_" + word; break;
    case 2: key = "ghp_" + any_of(kAlphanumeric, 34 + below(4)); break;
    case 3: key = "glpat-" + any_of(kBase64url, 20 + below(8)) + (one_in(3) ? ".01." + any_of(kAlphanumeric, 9) : ""); break;
    case 4: key = "xoxb-" + marked; break;
    case 5: key = "AIza" + any_of(kBase64url, 34 + below(3)); break;
    case 6: key = "SG." + any_of(kBase64url, 22) + "." + any_of(kBase64url, 43); break;
    case 7: key = "npm_" + any_of(kAlphanumeric, 35 + below(3)); break;
    case 8: key = "sk-ant-" + marked; break;
    case 9: key = "sk-" + any_of(kAlphanumeric, 31 + below(34)); break;
    case 10: key = "shpat_" + any_of("0123456789abcdefg", 32); break;
    default: key = "hvs." + any_of(kBase64url, 23 + below(9));
  }
  if (one_in(8)) key = key.substr(0, key.find_first_of("_-.") + 1) + low;
  constexpr const char* kEnds[] = {"", "", "", "", "EXAMPLE", "-", ".", "..", "_", "- x"};
  constexpr const char* kBefore[] = {"", "", "", "", "x-", "-", "_", "key=", "."};
  return any(kBefore) + key + any(kEnds);
}

std::string RandomCandidates::noise() {
  switch (detector_) {
    case Detector::email: {
      constexpr const char* kPieces[] = {" ", ",", "@", ".", "'", "\"", ":", "a", "Z", "0", "-", "_", "+", "<", ">", "\\", "\xC3\xA9", "\xE9\x82\xAE", "\x80", "#"};
      return any(kPieces);
    }
    case Detector::jwt:
    case Detector::api_key: return any_of(" .-_aZ0=\"/,:", 1);
    case Detector::ipv6: return any_of("0123456789abcdefF::::..x /%-[]_", 1);
    default: return any_of("0123456789  --..aAxZ_[]*:/,+@\t()", 1);
  }
}

std::string RandomCandidates::text() {
  std::string result;
  for (std::size_t pieces = 1 + below(4); pieces > 0; --pieces) {
    if (!one_in(3)) result += candidate();
    for (std::size_t n = below(5); n > 0; --n) result += noise();
  }
  if (one_in(4) && !result.empty()) result.replace(below(result.size()), 1, noise());
  return result;
}

}  // namespace pii::kit
