#include "pii/detector.hpp"

#include <array>

namespace pii {
namespace {

struct Row {
  std::string_view name;
  std::string_view field_type;
};

// In the order of the enumeration. An empty field type is the detector's own name.
constexpr std::array<Row, kDetectorCount> kRows = {{
    {"none", "generic"},
    {"email", "email"},
    {"phone", "phone"},
    {"card", "card"},
    {"card_track", "card"},
    {"iban", "iban"},
    {"swift_bic", ""},
    {"kw_civil_id", ""},
    {"sa_id", ""},
    {"ae_eid", ""},
    {"qa_qid", ""},
    {"bh_cpr", ""},
    {"om_civil", ""},
    {"us_ssn", ""},
    {"us_itin", ""},
    {"uk_nhs", ""},
    {"uk_nino", ""},
    {"es_dni", ""},
    {"it_cf", ""},
    {"in_aadhaar", ""},
    {"in_pan", ""},
    {"pk_cnic", ""},
    {"eg_nid", ""},
    {"br_cpf", ""},
    {"br_cnpj", ""},
    {"ipv4", "ip"},
    {"ipv6", "ip"},
    {"mac", ""},
    {"jwt", "generic"},
    {"auth_header", "generic"},
    {"api_key", "generic"},
    {"private_key", "generic"},
    {"url_userinfo", "generic"},
    {"btc", ""},
    {"eth", ""},
    {"imei", ""},
    {"iccid", ""},
    {"vin", ""},
    {"person_name", "name"},
    {"address", "address"},
    {"dob", "dob"},
    {"cvv", "generic"},
    {"card_expiry", "generic"},
    {"cookie", "generic"},
    {"secret", "generic"},
    {"passport", "passport"},
    {"geo", "geo"},
    {"gender", "gender"},
    {"username", "username"},
    {"national_id", "national_id"},
    {"account", "account"},
    {"generic", "generic"},
    {"custom", "generic"},
}};

const Row& row_of(Detector detector) noexcept {
  const auto index = static_cast<std::size_t>(detector);
  return kRows[index < kRows.size() ? index : 0];
}

}  // namespace

std::string_view to_string(Detector detector) noexcept { return row_of(detector).name; }

std::optional<Detector> detector_from(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<Detector>(i);
  }
  return std::nullopt;
}

std::string_view field_type_of(Detector detector) noexcept {
  const Row& row = row_of(detector);
  return row.field_type.empty() ? row.name : row.field_type;
}

}  // namespace pii
