#pragma once

#include <cstddef>
#include <string_view>

#include "detect/scan.hpp"

// The detectors, each a pass over a window of a text. All are linear in it.
namespace pii::detect {

void find_private_key(Scan& scan, Level level);
void find_jwt(Scan& scan, Level level);
void find_auth_header(Scan& scan, Level level);
void find_api_key(Scan& scan, Level level);
void find_url_userinfo(Scan& scan, Level level);
void find_email(Scan& scan, Level level);
void find_iban(Scan& scan, Level level);
void find_swift_bic(Scan& scan, Level level);
void find_card_track(Scan& scan, Level level);
void find_card(Scan& scan, Level level);
void find_ipv6(Scan& scan, Level level);
void find_ipv4(Scan& scan, Level level);
void find_mac(Scan& scan, Level level);
void find_phone(Scan& scan, Level level);  // with + or 00
void find_national_phone(Scan& scan, Level level);
void find_kw_civil_id(Scan& scan, Level level);
void find_sa_id(Scan& scan, Level level);
void find_ae_eid(Scan& scan, Level level);
void find_qa_qid(Scan& scan, Level level);
void find_bh_cpr(Scan& scan, Level level);
void find_om_civil(Scan& scan, Level level);
void find_us_ssn(Scan& scan, Level level);
void find_us_itin(Scan& scan, Level level);
void find_br_cpf(Scan& scan, Level level);
void find_br_cnpj(Scan& scan, Level level);
void find_uk_nhs(Scan& scan, Level level);
void find_uk_nino(Scan& scan, Level level);
void find_es_dni(Scan& scan, Level level);
void find_it_cf(Scan& scan, Level level);
void find_in_aadhaar(Scan& scan, Level level);
void find_in_pan(Scan& scan, Level level);
void find_pk_cnic(Scan& scan, Level level);
void find_eg_nid(Scan& scan, Level level);
void find_imei(Scan& scan, Level level);
void find_iccid(Scan& scan, Level level);
void find_vin(Scan& scan, Level level);
void find_btc(Scan& scan, Level level);
void find_eth(Scan& scan, Level level);

}  // namespace pii::detect
