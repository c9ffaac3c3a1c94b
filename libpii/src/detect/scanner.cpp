#include "detect/scanner.hpp"

#include <initializer_list>

#include "detect/families.hpp"

namespace pii::detect {
namespace {

// Sets of sizes of runs of digits.
constexpr std::uint32_t of(std::initializer_list<unsigned> sizes) noexcept {
  std::uint32_t set = 0;
  for (const unsigned size : sizes) set |= std::uint32_t{1} << size;
  return set;
}
constexpr std::uint32_t between(unsigned first, unsigned last) noexcept {
  std::uint32_t set = 0;
  for (unsigned size = first; size <= last; ++size) set |= std::uint32_t{1} << size;
  return set;
}
constexpr std::uint32_t kAny = ~std::uint32_t{0};

// A detector's pass, and what a text must have to be looked at.
struct Pass {
  Detector detector;
  void (*find)(Scan& scan, Level level);
  std::uint32_t all;             // LeafClass: each of them
  std::uint32_t any = kAny;      // one of them
  std::uint8_t digits = 0;       // so many
  std::uint32_t numbers = kAny;  // a run of digits of one of these sizes, with which a find begins
  std::uint8_t chain = 0;        // so many digits close together
};

constexpr std::uint32_t kCards = of({4}) | between(12, 19);

// In the order of the catalogue.
constexpr Pass kStrong[] = {
    {Detector::private_key, find_private_key, LeafClass::announces},
    {Detector::jwt, find_jwt, LeafClass::long_run | LeafClass::dot},
    {Detector::auth_header, find_auth_header, LeafClass::announces},
    {Detector::api_key, find_api_key, LeafClass::long_run},
    {Detector::url_userinfo, find_url_userinfo, LeafClass::at | LeafClass::colon},
    {Detector::email, find_email, LeafClass::at},
    {Detector::iban, find_iban, LeafClass::digits, kAny, 9, between(2, 31)},
    {Detector::card_track, find_card_track, LeafClass::digits, kAny, 12},
    {Detector::card, find_card, LeafClass::digits, kAny, 12, kCards},
    {Detector::ipv6, find_ipv6, LeafClass::colons},
    {Detector::ipv4, find_ipv4, LeafClass::dots},
    {Detector::mac, find_mac, 0, LeafClass::colons | LeafClass::dot | LeafClass::long_run},
    {Detector::ae_eid, find_ae_eid, LeafClass::digits, kAny, 15, of({3, 15})},
    {Detector::us_ssn, find_us_ssn, LeafClass::digits, kAny, 9, of({3})},
    {Detector::us_itin, find_us_itin, LeafClass::digits, kAny, 9, of({3})},
    {Detector::kw_civil_id, find_kw_civil_id, LeafClass::digits, kAny, 12, of({12})},
    {Detector::br_cpf, find_br_cpf, LeafClass::digits | LeafClass::dot, kAny, 11, of({3})},
    {Detector::br_cnpj, find_br_cnpj, LeafClass::digits | LeafClass::dot, kAny, 14, of({2})},
    {Detector::it_cf, find_it_cf, LeafClass::long_run},
    {Detector::btc, find_btc, LeafClass::long_run},
    {Detector::eth, find_eth, LeafClass::long_run},
    {Detector::phone, find_phone, LeafClass::digits, kAny, 7},
};

// What is found only with context.
constexpr Pass kWeak[] = {
    {Detector::card, find_card, LeafClass::digits, kAny, 12, kCards},
    {Detector::phone, find_phone, LeafClass::digits, kAny, 7},
    {Detector::phone, find_national_phone, LeafClass::digits, kAny, 7, between(2, 15), 8},
    {Detector::sa_id, find_sa_id, LeafClass::digits, kAny, 10, of({10})},
    {Detector::kw_civil_id, find_kw_civil_id, LeafClass::digits, kAny, 12, of({12})},
    {Detector::us_ssn, find_us_ssn, LeafClass::digits, kAny, 9, of({3, 9})},
    {Detector::us_itin, find_us_itin, LeafClass::digits, kAny, 9, of({3, 9})},
    {Detector::qa_qid, find_qa_qid, LeafClass::digits, kAny, 11, of({11})},
    {Detector::bh_cpr, find_bh_cpr, LeafClass::digits, kAny, 9, of({9})},
    {Detector::om_civil, find_om_civil, LeafClass::digits, kAny, 7, between(7, 9)},
    {Detector::uk_nhs, find_uk_nhs, LeafClass::digits, kAny, 10, of({3, 10})},
    {Detector::uk_nino, find_uk_nino, LeafClass::digits, kAny, 6},
    {Detector::es_dni, find_es_dni, LeafClass::digits, kAny, 7},
    {Detector::in_aadhaar, find_in_aadhaar, LeafClass::digits, kAny, 12, of({4, 12})},
    {Detector::in_pan, find_in_pan, 0},
    {Detector::pk_cnic, find_pk_cnic, LeafClass::digits, kAny, 13, of({5, 13})},
    {Detector::eg_nid, find_eg_nid, LeafClass::digits, kAny, 14, of({14})},
    {Detector::br_cpf, find_br_cpf, LeafClass::digits, kAny, 11, of({3, 11})},
    {Detector::br_cnpj, find_br_cnpj, LeafClass::digits, kAny, 14, of({2, 14})},
    {Detector::imei, find_imei, LeafClass::digits, kAny, 15, of({2, 15})},
    {Detector::iccid, find_iccid, LeafClass::digits, kAny, 18, between(18, 20)},
    {Detector::vin, find_vin, LeafClass::long_run},
    {Detector::swift_bic, find_swift_bic, 0},
};

bool may_hold(LeafClass leaf, const Numbers& numbers, const Pass& pass) noexcept {
  return leaf.all(pass.all) && (pass.any == kAny || leaf.any(pass.any)) && leaf.digit_count() >= pass.digits &&
         (pass.numbers == kAny || (numbers.sizes() & pass.numbers) != 0) && numbers.longest_chain() >= pass.chain;
}

// A thread scans one text at a time; kept for their memory.
thread_local Numbers numbers_of_text;
thread_local ContextIndex context_of_text;

const Numbers& find_numbers(std::string_view text, LeafClass leaf) {
  if (leaf.any(LeafClass::digits)) {
    numbers_of_text.build(text);
  } else {
    numbers_of_text.clear();
  }
  return numbers_of_text;
}

}  // namespace

void scan_strong(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints,
                 Spans& spans) {
  const Numbers& numbers = find_numbers(text, leaf);
  Scan scan(text, settings, hints, numbers, spans);
  for (const Pass& pass : kStrong) {
    if (!may_hold(leaf, numbers, pass) || !settings.enabled.contains(pass.detector)) continue;
    scan.pass([&](Scan& window) { pass.find(window, Level::strong); });
  }
}

void scan_with_context(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints,
                       Spans& spans) {
  const Numbers& numbers = find_numbers(text, leaf);
  Scan scan(text, settings, hints, numbers, spans);
  scan.use(context_of_text);
  const auto run = [&](const Pass& pass, DetectorSet wanted) {
    if (!may_hold(leaf, numbers, pass) || !wanted.contains(pass.detector)) return;
    scan.pass([&](Scan& window) { pass.find(window, Level::context); });
  };
  const DetectorSet asked = settings.enabled & settings.context_required;
  if (!asked.empty()) {
    for (const Pass& pass : kStrong) run(pass, asked);
  }
  for (const Pass& pass : kWeak) run(pass, settings.enabled);
}

Detector whole_match(std::string_view text, const Settings& settings, DetectorSet context) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (text.empty()) return Detector::none;
  thread_local Spans spans;
  spans.clear();
  const LeafClass leaf = classify_leaf(text);
  const Hints hints{context, false};
  const auto whole = [&] {
    return spans.size() == 1 && spans[0].begin == 0 && spans[0].end == text.size() ? spans[0].detector
                                                                                   : Detector::none;
  };
  scan_strong(text, leaf, settings, hints, spans);
  if (whole() == Detector::none && spans.empty()) scan_with_context(text, leaf, settings, hints, spans);
  return whole();
}

}  // namespace pii::detect
