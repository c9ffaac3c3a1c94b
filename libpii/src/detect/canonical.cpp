#include "detect/canonical.hpp"

#include <algorithm>
#include <cstdint>

#include "detect/characters.hpp"
#include "detect/ip.hpp"
#include "detect/phone_number.hpp"
#include "normalize/ascii.hpp"
#include "pii/normalize.hpp"

namespace pii::detect {
namespace {

std::string_view strip(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

void append_version_1(Normalization rule, std::string_view value, std::string& out) {
  NormalizedValue normalized;
  out += normalize(rule, value, normalized) == ErrorCode::ok ? normalized.view() : strip(value);
}

// Letters in capitals and digits.
void append_code(std::string_view value, std::string& out) {
  char code[64];
  std::size_t size = 0;
  for (const char c : value) {
    if (!is_alnum(c)) continue;
    if (size == sizeof code) {
      out.append(code, size);
      size = 0;
    }
    code[size++] = to_upper(c);
  }
  out.append(code, size);
}

// What is dialled before an extension ("x12", "ext. 12", ";ext=12"), "(0)" left out.
struct Dialled {
  char digits[32];
  std::size_t size = 0;
  bool plus = false;
  bool fits = true;
};

Dialled dialled(std::string_view text) noexcept {
  Dialled out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (out.size > 0 && (to_lower(c) == 'x' || to_lower(c) == 'e' || c == ';' || c == ',' || c == '#')) break;
    if (c == '+' && out.size == 0) out.plus = true;
    if (c == '(' && out.size > 0 && text.substr(i, 3) == "(0)") {
      i += 2;
      continue;
    }
    if (!is_digit(c)) continue;
    if (out.size == sizeof(out.digits)) {
      out.fits = false;
      break;
    }
    out.digits[out.size++] = c;
  }
  return out;
}

// E.164 of a number with its country code, or false.
bool append_international(std::string_view digits, std::string& out) {
  const CountryCode* country = country_code_of(digits);
  if (country == nullptr) return false;
  const std::size_t code = size_of(*country);
  std::string_view national = digits.substr(code);
  national.remove_prefix(trunk_size(*country, national));
  if (!is_national(*country, national)) return false;
  out += '+';
  out += digits.substr(0, code);
  out += national;
  return true;
}

void append_phone(std::string_view text, const Regions& regions, std::string& out) {
  const Dialled number = dialled(text);
  const std::string_view digits(number.digits, number.size);
  if (number.fits && !digits.empty()) {
    if (number.plus) {
      if (append_international(digits, out)) return;
    } else {
      if (digits.starts_with("00") && append_international(digits.substr(2), out)) return;
      if (is_bare_international(digits) && append_international(digits, out)) return;
      std::size_t trunk = 0;
      if (const int code = region_of(digits, regions, trunk); code != 0) {
        out += '+';
        out += std::to_string(code);
        out += digits.substr(trunk);
        return;
      }
    }
  }
  append_version_1(Normalization::phone, text, out);
}

// RFC 5952.
void append_ipv6(const unsigned char* bytes, std::string& out) {
  unsigned groups[8];
  for (int i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  int best = -1;
  int best_size = 1;
  for (int i = 0, size; i < 8; i += size + 1) {
    for (size = 0; i + size < 8 && groups[i + size] == 0;) ++size;
    if (size > best_size) best = i, best_size = size;
  }
  const bool mapped = best == 0 && best_size == 5 && groups[5] == 0xFFFF;
  constexpr std::size_t kLongest = 39;
  const std::size_t before = out.size();
  out.resize(before + kLongest);
  char* at = out.data() + before;
  const auto put = [&at](char c) { *at++ = c; };
  const auto put_decimal = [&](unsigned octet) {
    if (octet >= 100) put(static_cast<char>('0' + octet / 100));
    if (octet >= 10) put(static_cast<char>('0' + octet / 10 % 10));
    put(static_cast<char>('0' + octet % 10));
  };
  const auto put_hex = [&](unsigned group) {
    for (int shift = group > 0xFFF ? 12 : group > 0xFF ? 8 : group > 0xF ? 4 : 0; shift >= 0; shift -= 4) put("0123456789abcdef"[group >> shift & 15]);
  };
  for (int i = 0; i < 8; ++i) {
    if (i == best) {
      put(':');
      put(':');
      i += best_size - 1;
      continue;
    }
    if (i > 0 && i != best + best_size) put(':');
    if (mapped && i == 6) {
      for (int octet = 12; octet < 16; ++octet) {
        if (octet > 12) put('.');
        put_decimal(bytes[octet]);
      }
      break;
    }
    put_hex(groups[i]);
  }
  out.resize(static_cast<std::size_t>(at - out.data()));
}

void append_ip(std::string_view value, std::string& out) {
  const auto plain = [](char c) { return is_digit(c) || c == '.'; };
  if (std::all_of(value.begin(), value.end(), plain)) {
    out += value;
    return;
  }
  value = strip(value);
  unsigned char bytes[16];
  const std::size_t slash = std::min(value.find('/'), value.size());
  const std::string_view suffix = value.substr(slash);
  std::string_view address = value.substr(0, slash);
  const std::string_view zone = address.substr(std::min(address.find('%'), address.size()));
  address.remove_suffix(zone.size());
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  if (parse_ipv6(address, bytes)) {
    append_ipv6(bytes, out);
    out += zone;
  } else {
    out += address;
    out += zone;
  }
  out += suffix;
}

enum class Form : std::uint8_t { strip, email, phone, ip, code, track };

Form form_of(Detector detector) noexcept {
  switch (detector) {
    case Detector::email:
      return Form::email;
    case Detector::phone:
      return Form::phone;
    case Detector::ipv4:
    case Detector::ipv6:
      return Form::ip;
    case Detector::card:
    case Detector::iban:
    case Detector::swift_bic:
    case Detector::kw_civil_id:
    case Detector::sa_id:
    case Detector::ae_eid:
    case Detector::qa_qid:
    case Detector::bh_cpr:
    case Detector::om_civil:
    case Detector::us_ssn:
    case Detector::us_itin:
    case Detector::uk_nhs:
    case Detector::uk_nino:
    case Detector::es_dni:
    case Detector::it_cf:
    case Detector::in_aadhaar:
    case Detector::in_pan:
    case Detector::pk_cnic:
    case Detector::eg_nid:
    case Detector::br_cpf:
    case Detector::br_cnpj:
    case Detector::mac:
    case Detector::imei:
    case Detector::iccid:
    case Detector::vin:
      return Form::code;
    case Detector::card_track:
      return Form::track;
    default:
      return Form::strip;
  }
}

}  // namespace

bool is_canonical(Detector detector, std::string_view folded) noexcept {
  switch (form_of(detector)) {
    case Form::strip: return unicode::is_stripped_ascii(folded);
    case Form::email: return unicode::is_lower_ascii(folded);
    case Form::phone: return is_plain_e164(folded);
    case Form::code: return !folded.empty() && std::all_of(folded.begin(), folded.end(), [](char c) { return is_class(c, kDigit | kUpper); });
    default: return false;
  }
}

void append_canonical(Detector detector, std::string_view folded, const Regions& regions, std::string& out) {
  switch (form_of(detector)) {
    case Form::email:
      return append_version_1(Normalization::email, folded, out);
    case Form::phone:
      return append_phone(folded, regions, out);
    case Form::ip:
      return append_ip(folded, out);
    case Form::code: {
      const std::size_t before = out.size();
      append_code(folded, out);
      if (out.size() == before) out += strip(folded);
      return;
    }
    case Form::track: {  // the card's number: what stands before the first field separator
      std::string_view number = folded;
      number = number.substr(0, std::min(number.find_first_of("^="), number.size()));
      const std::size_t before = out.size();
      for (const char c : number) {
        if (is_digit(c)) out += c;
      }
      if (out.size() == before) out += strip(folded);
      return;
    }
    case Form::strip:
      return append_version_1(Normalization::strip, folded, out);
  }
}

}  // namespace pii::detect
