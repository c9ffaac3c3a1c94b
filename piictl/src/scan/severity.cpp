#include "scan/severity.hpp"

namespace piictl {

using pii::Detector;
using pii::DetectorSet;

Severity severity_of(Detector detector) noexcept {
  // What opens an account or pays at once.
  static constexpr DetectorSet kCritical = {Detector::card,        Detector::card_track,   Detector::cvv,
                                            Detector::jwt,         Detector::auth_header,  Detector::api_key,
                                            Detector::private_key, Detector::url_userinfo, Detector::cookie,
                                            Detector::secret};
  // What names one person for life, or an account.
  static constexpr DetectorSet kHigh = {
      Detector::iban,    Detector::kw_civil_id, Detector::sa_id,  Detector::ae_eid,     Detector::qa_qid,
      Detector::bh_cpr,  Detector::om_civil,    Detector::us_ssn, Detector::us_itin,    Detector::uk_nhs,
      Detector::uk_nino, Detector::es_dni,      Detector::it_cf,  Detector::in_aadhaar, Detector::in_pan,
      Detector::pk_cnic, Detector::eg_nid,      Detector::br_cpf, Detector::passport,   Detector::national_id,
      Detector::account, Detector::dob,         Detector::btc,    Detector::eth};
  static constexpr DetectorSet kLow = {
      Detector::ipv4, Detector::ipv6,      Detector::mac,    Detector::imei,    Detector::iccid,
      Detector::vin,  Detector::swift_bic, Detector::gender, Detector::br_cnpj, Detector::card_expiry};
  if (kCritical.contains(detector)) return Severity::critical;
  if (kHigh.contains(detector)) return Severity::high;
  return kLow.contains(detector) ? Severity::low : Severity::medium;
}

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::critical:
      return "critical";
    case Severity::high:
      return "high";
    case Severity::medium:
      return "medium";
    case Severity::low:
      return "low";
  }
  return "low";
}

}  // namespace piictl
