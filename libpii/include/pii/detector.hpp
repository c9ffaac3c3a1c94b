#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "pii/export.hpp"

namespace pii {

/// What kind of personal data something is: the catalogue of docs/detectors.md. Append only: policy files and reports
/// use the names. The first block is found by its own form, the second only by the key it stands under.
enum class Detector : std::uint8_t {
  none = 0,
  email,
  phone,
  card,
  card_track,
  iban,
  swift_bic,
  kw_civil_id,
  sa_id,
  ae_eid,
  qa_qid,
  bh_cpr,
  om_civil,
  us_ssn,
  us_itin,
  uk_nhs,
  uk_nino,
  es_dni,
  it_cf,
  in_aadhaar,
  in_pan,
  pk_cnic,
  eg_nid,
  br_cpf,
  br_cnpj,
  ipv4,
  ipv6,
  mac,
  jwt,
  auth_header,
  api_key,
  private_key,
  url_userinfo,
  btc,
  eth,
  imei,
  iccid,
  vin,
  // By key.
  person_name,
  address,
  dob,
  cvv,
  card_expiry,
  cookie,
  secret,
  passport,
  geo,
  gender,
  username,
  national_id,
  account,
  generic,
  custom,
};
inline constexpr int kDetectorCount = static_cast<int>(Detector::custom) + 1;

/// The catalogue's name, e.g. "kw_civil_id".
PII_EXPORT std::string_view to_string(Detector detector) noexcept;
/// The detector of that name.
PII_EXPORT std::optional<Detector> detector_from(std::string_view name) noexcept;
/// The field type its tokens are made with: "email", "phone", "card", "iban", "ip", "name", "address", "dob", the
/// detector's own name for identity numbers, and "generic" where only a key said so.
PII_EXPORT std::string_view field_type_of(Detector detector) noexcept;

/// A set of detectors.
class DetectorSet {
 public:
  constexpr DetectorSet() noexcept = default;
  constexpr DetectorSet(std::initializer_list<Detector> members) noexcept {
    for (Detector member : members) insert(member);
  }
  constexpr bool contains(Detector detector) const noexcept { return (bits_ >> static_cast<int>(detector) & 1) != 0; }
  constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr void insert(Detector detector) noexcept { bits_ |= std::uint64_t{1} << static_cast<int>(detector); }
  constexpr void erase(Detector detector) noexcept { bits_ &= ~(std::uint64_t{1} << static_cast<int>(detector)); }
  constexpr bool intersects(DetectorSet other) const noexcept { return (bits_ & other.bits_) != 0; }
  friend constexpr DetectorSet operator|(DetectorSet a, DetectorSet b) noexcept {
    a.bits_ |= b.bits_;
    return a;
  }
  friend constexpr DetectorSet operator&(DetectorSet a, DetectorSet b) noexcept {
    a.bits_ &= b.bits_;
    return a;
  }
  friend constexpr bool operator==(DetectorSet a, DetectorSet b) noexcept = default;

 private:
  std::uint64_t bits_ = 0;
};
static_assert(kDetectorCount <= 64);

}  // namespace pii
