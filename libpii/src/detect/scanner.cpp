#include "detect/scanner.hpp"

#include "detect/families.hpp"

namespace pii::detect {
namespace {

struct Pass {
  Detector detector;
  void (*find)(Scan& scan, Level level);
  // A text is looked at when its class has all of `all` and one of `any`, and so many digits.
  std::uint32_t all;
  std::uint32_t any;
  std::uint8_t digits = 0;
};

constexpr std::uint32_t kAny = ~std::uint32_t{0};

// In the order of the catalogue.
constexpr Pass kStrong[] = {
    {Detector::private_key, find_private_key, LeafClass::announces, kAny},
    {Detector::jwt, find_jwt, LeafClass::long_run | LeafClass::dot, kAny},
    {Detector::auth_header, find_auth_header, LeafClass::announces, kAny},
    {Detector::api_key, find_api_key, LeafClass::long_run, kAny},
    {Detector::url_userinfo, find_url_userinfo, LeafClass::at | LeafClass::colon, kAny},
    {Detector::email, find_email, LeafClass::at, kAny},
    {Detector::iban, find_iban, LeafClass::digits, kAny, 9},
    {Detector::card_track, find_card_track, LeafClass::digits, kAny, 12},
    {Detector::card, find_card, LeafClass::digits, kAny, 12},
    {Detector::ipv6, find_ipv6, LeafClass::colons, kAny},
    {Detector::ipv4, find_ipv4, LeafClass::dots, kAny},
    {Detector::mac, find_mac, 0, LeafClass::colons | LeafClass::dot | LeafClass::long_run},
    {Detector::ae_eid, find_ae_eid, LeafClass::digits, kAny, 15},
    {Detector::us_ssn, find_us_ssn, LeafClass::digits, kAny, 9},
    {Detector::us_itin, find_us_itin, LeafClass::digits, kAny, 9},
    {Detector::kw_civil_id, find_kw_civil_id, LeafClass::digits, kAny, 12},
    {Detector::br_cpf, find_br_cpf, LeafClass::digits | LeafClass::dot, kAny, 11},
    {Detector::br_cnpj, find_br_cnpj, LeafClass::digits | LeafClass::dot, kAny, 14},
    {Detector::it_cf, find_it_cf, LeafClass::long_run, kAny},
    {Detector::btc, find_btc, LeafClass::long_run, kAny},
    {Detector::eth, find_eth, LeafClass::long_run, kAny},
    {Detector::phone, find_phone, LeafClass::digits, kAny, 7},
};

// What is found only with context.
constexpr Pass kWeak[] = {
    {Detector::card, find_card, LeafClass::digits, kAny, 12},
    {Detector::phone, find_phone, LeafClass::digits, kAny, 7},
    {Detector::phone, find_national_phone, LeafClass::digits, kAny, 7},
    {Detector::sa_id, find_sa_id, LeafClass::digits, kAny, 10},
    {Detector::kw_civil_id, find_kw_civil_id, LeafClass::digits, kAny, 12},
    {Detector::us_ssn, find_us_ssn, LeafClass::digits, kAny, 9},
    {Detector::us_itin, find_us_itin, LeafClass::digits, kAny, 9},
    {Detector::qa_qid, find_qa_qid, LeafClass::digits, kAny, 11},
    {Detector::bh_cpr, find_bh_cpr, LeafClass::digits, kAny, 9},
    {Detector::om_civil, find_om_civil, LeafClass::digits, kAny, 7},
    {Detector::uk_nhs, find_uk_nhs, LeafClass::digits, kAny, 10},
    {Detector::uk_nino, find_uk_nino, LeafClass::digits, kAny, 6},
    {Detector::es_dni, find_es_dni, LeafClass::digits, kAny, 7},
    {Detector::in_aadhaar, find_in_aadhaar, LeafClass::digits, kAny, 12},
    {Detector::in_pan, find_in_pan, 0, kAny},
    {Detector::pk_cnic, find_pk_cnic, LeafClass::digits, kAny, 13},
    {Detector::eg_nid, find_eg_nid, LeafClass::digits, kAny, 14},
    {Detector::br_cpf, find_br_cpf, LeafClass::digits, kAny, 11},
    {Detector::br_cnpj, find_br_cnpj, LeafClass::digits, kAny, 14},
    {Detector::imei, find_imei, LeafClass::digits, kAny, 15},
    {Detector::iccid, find_iccid, LeafClass::digits, kAny, 18},
    {Detector::vin, find_vin, LeafClass::long_run, kAny},
    {Detector::swift_bic, find_swift_bic, 0, kAny},
};

bool may_hold(LeafClass leaf, const Pass& pass) noexcept {
  return leaf.all(pass.all) && leaf.digit_count() >= pass.digits && (pass.any == kAny || leaf.any(pass.any));
}

}  // namespace

void scan_strong(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints,
                 Spans& spans) {
  Scan scan(text, settings, hints, spans);
  for (const Pass& pass : kStrong) {
    if (!may_hold(leaf, pass) || !settings.enabled.contains(pass.detector)) continue;
    scan.pass([&](Scan& window) { pass.find(window, Level::strong); });
  }
}

void scan_with_context(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints,
                       Spans& spans) {
  const DetectorSet asked = settings.enabled & settings.context_required;
  DetectorSet possible;
  for (const Pass& pass : kStrong) {
    if (asked.contains(pass.detector) && may_hold(leaf, pass)) possible.insert(pass.detector);
  }
  for (const Pass& pass : kWeak) {
    if (settings.enabled.contains(pass.detector) && may_hold(leaf, pass)) possible.insert(pass.detector);
  }
  if (possible.empty()) return;
  // Kept for its memory: a thread scans one text at a time.
  thread_local ContextIndex index;
  index.build(text, spans);
  const DetectorSet given = (index.all() | hints.context) & possible;
  if (given.empty()) return;
  Scan scan(text, settings, hints, spans);
  scan.use(index);
  const auto run = [&](const Pass& pass) {
    if (!given.contains(pass.detector) || !may_hold(leaf, pass)) return;
    scan.pass([&](Scan& window) { pass.find(window, Level::context); });
  };
  for (const Pass& pass : kStrong) {
    if (asked.contains(pass.detector)) run(pass);
  }
  for (const Pass& pass : kWeak) run(pass);
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
