#include "kit/random_events.hpp"

#include <algorithm>
#include <cstdio>

namespace pii::kit {
namespace {

constexpr const char* kKeys[] = {
    "email", "customer_email", "phone", "mobile", "msisdn", "card", "pan", "card_number", "iban", "ip", "client_ip", "name",
    "first_name", "cardholder_name", "customer", "billing", "first", "line1", "city", "value", "address", "dob", "civil_id",
    "national_id", "iqama", "ssn", "password", "api_key", "token", "secret", "cvv", "pin", "otp", "authorization",
    "Authorization", "x-api-key", "cookie", "Set-Cookie", "cookies", "headers", "version", "app_version", "trace", "id",
    "span.id", "trace.id", "@timestamp", "message", "detail", "note", "gateway_name", "bank_name", "hostname", "filename",
    "amount", "count", "url", "query", "body", "payload", "items", "a", "", "user", "user.email", "card.number", "log.origin",
    "debug_blob", "keep", "raw", "tags", "هاتف", "orn", "mail\\u0069d", "e\\u006dail", "long_name_of_a_key_that_is_plain"};

constexpr const char* kPieces[] = {
    "fatima.ali@example.com", "FATIMA.ALI@Example.com", "a@b.co", "o'neil@example.org", "logo@2x.png", "git@internal:repo",
    "@scope/pkg@1.2.3", "a%40example.com", "b&#64;example.com", "+96599887766", "+965 9988 7766", "00966501234567", "99887766",
    "+971-50-123-4567", "4111111111111111", "4242 4242 4242 4242", "5555-5555-5555-4444", "4012888888881881",
    "4539578763621486", "4916 3385 0608 2832", "411111******1111", "KW81CBKU0000000000001234560101", "GB82 WEST 1234 5698 7654 32",
    "289010100019", "1058529940", "784-1990-1234567-6", "536-90-4399", "078-05-1120", "188.236.1.7", "8.8.8.8", "10.0.0.1",
    "v1.2.3.4", "2a02:db8::1", "::1", "2001:db8:0:1::/64", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "AKIAIOSFODNN7EXAMPLE", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "Bearer abcdefghijklmnopqrstuvwxyz", "Basic dXNlcjpwYXNz", "Digest username=\"x\", realm=\"y\"", "https://u:p@host/path",
    "?email=a%40b.com&x=1", "https://x.example/?token=abc123def456&phone=%2B96599887766&q=a+b", "password=hunter2!",
    "password: correct", "pwd='a b c'", "api_key=\"abcd1234efgh\"", "card=4539578763621486", "email=x@example.com,phone=5",
    "Authorization: Bearer abcdefghijklmnopqrstuv", "Cookie: sid=abc; theme=dark", "Set-Cookie: id=1; Path=/; HttpOnly",
    "Cookie: sid=[COOKIE]", "sid=abc123; other=[COOKIE]; x", "****", "****1234", "Bearer ****abcd", "[PII_REDACTED]", "[DROPPED]",
    "[EMAIL]", "[COOKIE]", "[NOT_MINE]", "ptok:v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ptok:v1:short",
    "ptok:v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", "ptok:v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@example.com",
    "pidx:v2:k1:0123456789abcdef", "penc:v1:k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "penc:v1:k1:AAAA", "1748503543",
    "1748503543012", "47223179-9330-4259-8c2e-0123456789ab", "2026-06-16T17:02:57.057Z", "250 300 1000", "12:34:56", "1990-02-03",
    "Fatima Al-Sabah", "FATIMA AL-SABAH", "Ahmad", "ahmad", "John Garcia Smith", "Zoë Müller", "x", "true", "null", "none", "0",
    "${SECRET}", "call me on", "otp to", "phone", "iqama number", "card", "ssn", "civil id", "ORN-0123456789AB", "error", "the",
    "-----BEGIN PRIVATE KEY-----abc-----END PRIVATE KEY-----", ";4111111111111111=25121010000000000000?", "0x1f", "deadbeefdeadbeef00"};

constexpr const char* kBetween[] = {" ", " ", " ", ", ", "; ", ": ", "=", "\t", "-", "", ".", "/", "|", "(", ")", "\"", "'", "&", "?",
                                    "\\", ">", "<", "@", "#", "[", "]", "{", "}", "\u00a0", "\u200b", "\u060c", "é", "_", "\r"};

constexpr const char* kWide[] = {"\u0660", "\u06f5", "\uff11", "\u0967", "\uff20", "\u200b", "\u200f", "\u2011", "\u00ad", "\ufeff",
                                 "é", "ß", "ش", "\U0001d7d8", "\U0001f600", "\u3000", "\xff", "\xc3", "\xe2\x80", "\u0085"};

constexpr const char* kNameKeys[] = {"name", "customer_name", "cardholder_name", "first_name", "last_name", "full_name", "beneficiary_name", "payer_name", "holder_name",
                                     "customerName", "sender_name", "merchant_name"};
constexpr const char* kNames[] = {
    "Reem Nasser", "Reem Nasse", "Reem Ali", "Ada Lovelace", "Alice", "alice smith", "Ahmed Ali", "Ahmed Ali Hassan", "Ahmed", "Jörg Müller", "محمد علي", "O'Brien",
    "Anne-Marie", "Zoë Kravitz", "JOHN DOE", "Abcdefghijklmnopqrstuvwxyz", "李小龙先生", "x y z w v u", "Mr. Reem Nasser", "a.b.c.Dddd", "Ahmed_Ali", "Aaaa Aaaa", "Aaaa Aaaa Aaaa",
    "Reem \"Q\" Nasser", "Reem  Nasser", "Ｒｅｅｍ Ｎａｓｓｅｒ", "Reem Nasser, Ada Lovelace", "Mary%20Ann", "{Reem Nasser}", "Ahmed\\Ali", "Bob"};
constexpr const char* kProse[] = {"by", "paid to", "the post", "at 10:15", "12345", "for", "ref", "(x)", "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", "0.1", "-", "token 12"};
constexpr const char* kTouching[] = {"s", "x", "1", "_", "é", "-", ".", "@", ":", "="};

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string RandomEvents::digits(std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += static_cast<char>('0' + below(10));
  return result;
}

// The same characters in another script, or with marks that cannot be seen.
std::string RandomEvents::disguised(const std::string& text) {
  std::string result;
  const std::size_t how = below(7);
  for (const char c : text) {
    if (is_ascii_digit(c) && how < 2) {
      result += how == 0 ? "\xd9" : "\xef\xbc";
      result += static_cast<char>((how == 0 ? 0xA0 : 0x90) + (c - '0'));
    } else if (how == 2 && one_in(6)) {
      result += pick(kWide);
      result += c;
    } else if (how == 3 && one_in(3)) {
      char code[8];
      std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
      result += code;
    } else if (how == 4 && one_in(4)) {
      result += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
    } else {
      result += c;
    }
  }
  return result;
}

std::string RandomEvents::piece() {
  if (one_in(12)) return digits(1 + below(20));
  std::string text = pick(kPieces);
  if (one_in(8)) text = disguised(text);
  if (one_in(16)) text.resize(below(text.size() + 1));
  return text;
}

std::string RandomEvents::key() {
  if (one_in(10)) return piece();
  return one_in(40) ? key() + "." + key() : pick(kKeys);
}

std::string RandomEvents::text() {
  std::string result;
  for (std::size_t pieces = 1 + below(9); pieces > 0; --pieces) {
    if (one_in(4)) {
      result += pick(kKeys);
      result += one_in(2) ? "=" : one_in(2) ? ": " : ":";
      const char* quote = one_in(3) ? "\"" : one_in(4) ? "\\\"" : one_in(6) ? "'" : "";
      result += quote + piece() + quote;
    } else {
      result += piece();
    }
    result += pick(kBetween);
  }
  return result;
}

std::string RandomEvents::json_string(std::string_view text) {
  std::string result = "\"";
  const bool escapes = one_in(5);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    char code[16];
    if (c == '"' || c == '\\' || c < 0x20 || (escapes && c < 0x80 && one_in(5))) {
      const char* simple = c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '/' ? "\\/" : c == '\t' ? "\\t" : c == '\n' ? "\\n" : nullptr;
      std::snprintf(code, sizeof code, one_in(2) ? "\\u%04x" : "\\u%04X", c);
      result += simple != nullptr && !one_in(4) ? simple : code;
    } else {
      result += text[i];
    }
  }
  if (one_in(40)) result += one_in(2) ? "\\ud83d\\ude00" : "\\ud83d";
  if (one_in(200)) result += "\\q";
  return result + "\"";
}

std::string RandomEvents::blanks() { return one_in(8) ? (one_in(2) ? " " : "\t ") : ""; }

std::string RandomEvents::number() {
  constexpr const char* kNumbers[] = {"0", "-1", "12.50", "1e9", "-0.0E-3", "4539578763621486", "1748503543012", "99887766",
                                      "289010100019", "1058529940", "4916338506082832", "96599887766", "-4539578763621486", "01", "1."};
  return one_in(3) ? digits(1 + below(19)) : pick(kNumbers);
}

std::string RandomEvents::scalar_text() {
  if (one_in(10)) return object(2);  // JSON in a string
  if (one_in(30)) return "[" + value(3) + "]";
  if (one_in(60)) return " \n" + object(2);
  return one_in(3) ? text() : piece();
}

std::string RandomEvents::value(int depth) {
  const std::size_t kind = below(12);
  if (kind == 0) return number();
  if (kind == 1) return one_in(2) ? "null" : one_in(2) ? "true" : "false";
  if (kind == 2 && depth < 5) return object(depth + 1);
  if (kind == 3 && depth < 5) {
    std::string array = "[";
    for (std::size_t n = below(4); n > 0; --n) array += value(depth + 1) + blanks() + (n > 1 ? "," : "");
    return array + "]";
  }
  return json_string(scalar_text());
}

// `{"name":"DB_PASSWORD","value":"…"}`, in any order, with others between.
std::string RandomEvents::named_value(int depth) {
  static constexpr const char* kNamed[] = {"name", "key", "Name", "KEY", "k", "field", "header", "n\\u0061me", "variable", "ParameterKey", "fieldName"};
  static constexpr const char* kValues[] = {"value", "Value", "val", "v", "values", "rejectedValue", "val\\u0075e", "ParameterValue", "fieldvalue"};
  std::vector<std::string> members = {"\"" + pick(kNamed) + "\":" + json_string(one_in(9) ? piece() : key()), "\"" + pick(kValues) + "\":" + value(depth)};
  for (std::size_t others = one_in(2) ? 0 : below(one_in(9) ? 12 : 4); others > 0; --others) {
    members.insert(members.begin() + static_cast<std::ptrdiff_t>(below(members.size() + 1)), json_string(key()) + ":" + value(depth + 2));
  }
  if (one_in(3)) std::reverse(members.begin(), members.end());
  std::string result = "{";
  for (const std::string& member : members) result += (result.size() > 1 ? "," : "") + blanks() + member + blanks();
  return result + "}";
}

std::string RandomEvents::object(int depth) {
  if (one_in(12)) return named_value(depth);
  std::string result = "{";
  for (std::size_t members = below(6); members > 0; --members) {
    std::string name = key();
    // Keys of the list may hold escapes of their own.
    name = name.find_first_of("\"\\\n\r\t") == std::string::npos || name.find("\\u") != std::string::npos ? "\"" + name + "\""
                                                                                                     : json_string(name);
    result += blanks() + name + blanks() + ":" + blanks() + value(depth) + blanks() + (members > 1 ? "," : "");
  }
  return result + "}";
}

// In other letters, escaped, as part of a longer word, or cut.
std::string RandomEvents::spelled(std::string name) {
  switch (below(10)) {
    case 0: std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }); break;
    case 1: std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }); break;
    case 2:
      for (std::size_t at = name.find(' '); at != std::string::npos; at = name.find(' ', at)) name.replace(at, 1, "%20");
      break;
    case 3: name += pick(kTouching); break;
    case 4: name.insert(0, pick(kTouching)); break;
    case 5: name = disguised(name); break;
    case 6: name.resize(name.size() - one_in(3)); break;
    default: break;
  }
  return name;
}

std::string RandomEvents::prose_about(const std::vector<std::string>& names) {
  std::string result;
  for (std::size_t pieces = 1 + below(4); pieces > 0; --pieces) {
    result += one_in(3) ? spelled(names[below(names.size())]) : one_in(5) ? piece() : pick(kProse);
    if (pieces > 1) result += one_in(6) ? pick(kBetween) : " ";
  }
  return result;
}

std::vector<std::string> RandomEvents::events_of_names(std::size_t count) {
  enum Kind : std::size_t { text, name, names_of_many, digits_only, document };
  struct Member {
    std::string key, text;
    Kind kind;
  };
  std::vector<std::string> names;
  for (std::size_t n = 1 + below(9); n > 0; --n) names.push_back(pick(kNames));
  std::vector<Member> members;
  for (std::size_t n = 2 + below(9); n > 0; --n) {
    const Kind kind = one_in(2) ? name : one_in(8) ? static_cast<Kind>(below(document + 1)) : text;
    members.push_back({json_string(kind == name || kind == names_of_many ? pick(kNameKeys) : key()), prose_about(names), kind});
  }
  const std::string begin = one_in(3) ? "{\"payload\":{" : "{", end = begin.size() > 1 ? "}}" : "}";
  std::vector<std::string> events;
  while (events.size() < count) {
    std::string event = begin;
    for (const Member& member : members) {
      event += (event.size() > begin.size() ? "," : "") + member.key + ":";
      // Texts come again beside other names: what was found in them the last time, nothing perhaps, is remembered.
      const std::string prose = one_in(2) ? member.text : prose_about(names);
      const std::string& somebody = names[below(names.size())];
      switch (member.kind) {
        case text: event += json_string(prose); break;
        case name: event += json_string(one_in(4) ? spelled(somebody) : somebody); break;
        case names_of_many:
          event += "[" + json_string(somebody);
          event += "," + json_string(pick(kNames)) + "]";
          break;
        case digits_only: event += digits(1 + below(12)); break;
        case document: {
          std::string inner = "{\"customer_name\":" + json_string(somebody);
          inner += ",\"m\":" + json_string(prose) + "}";
          event += json_string(inner);
          break;
        }
      }
    }
    events.push_back(event + end);
  }
  return events;
}

std::string RandomEvents::event() { return one_in(30) ? value(0) : object(0); }

std::string RandomEvents::line() {
  std::string result = one_in(4) ? text() : event();
  if (one_in(20)) result.resize(below(result.size() + 1));
  if (one_in(4)) result = mutated(std::move(result));
  for (char& c : result) {
    if (c == '\n') c = ' ';
  }
  return result;
}

std::string RandomEvents::mutated(std::string from) {
  static constexpr char kText[] = "{}[]\",:\\ @=.+-0e%&;\0\xff\x01\x7fu'";
  constexpr std::string_view kBytes(kText, sizeof kText - 1);
  for (std::size_t changes = 1 + below(4); changes > 0 && !from.empty(); --changes) {
    const std::size_t at = below(from.size());
    switch (below(6)) {
      case 0: from[at] = static_cast<char>(from[at] ^ (1 << below(8))); break;
      case 1: from[at] = kBytes[below(kBytes.size())]; break;
      case 2: from.insert(at, 1, kBytes[below(kBytes.size())]); break;
      case 3: from.erase(at, 1 + below(4)); break;
      case 4: from.insert(at, piece()); break;
      default: from.insert(at, from.substr(below(from.size()), below(12))); break;
    }
  }
  return from;
}

}  // namespace pii::kit
