#include "detect/digits.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scan_text.hpp"

namespace pii::detect {
namespace {

TEST(Ids, PublishedNumbers) {
  const Settings all = all_settings();
  EXPECT_EQ(found_in("aadhaar 2341 2341 2346", all), "in_aadhaar{2341 2341 2346}");
  EXPECT_EQ(found_in("nhs 943 476 5919", all), "uk_nhs{943 476 5919}");
  EXPECT_EQ(found_in("nino AB123456C", all), "uk_nino{AB123456C}");
  EXPECT_EQ(found_in("nino ab 12 34 56 c", all), "uk_nino{ab 12 34 56 c}");
  EXPECT_EQ(found_in("dni 54362315K", all), "es_dni{54362315K}");
  EXPECT_EQ(found_in("nie X2482300W", all), "es_dni{X2482300W}");
  EXPECT_EQ(found_in("RCCMNL83S18D969H", all), "it_cf{RCCMNL83S18D969H}");
  EXPECT_EQ(found_in("pan ACUPA7085R", all), "in_pan{ACUPA7085R}");
  EXPECT_EQ(found_in("390.533.447-05", all), "br_cpf{390.533.447-05}");
  EXPECT_EQ(found_in("cpf 39053344705", all), "br_cpf{39053344705}");
  EXPECT_EQ(found_in("16.727.230/0001-97", all), "br_cnpj{16.727.230/0001-97}");
  EXPECT_EQ(found_in("imei 490154203237518", all), "imei{490154203237518}");
  EXPECT_EQ(found_in("iccid 8991101200003204514", all), "iccid{8991101200003204514}");
  EXPECT_EQ(found_in("vin 1HGCM82633A004352", all), "vin{1HGCM82633A004352}");
  EXPECT_EQ(found_in("national id 1058529940", all), "sa_id{1058529940}");
}

TEST(Ids, WrongOnesStay) {
  const Settings all = all_settings();
  for (const char* text :
       {"aadhaar 2341 2341 2347", "aadhaar 1341 2341 2346", "nhs 943 476 5918", "nino BG123456A",
        "nino AB123456E", "dni 54362315A", "nie X2482300A", "RCCMNL83S18D969I", "pan ACUXA7085R",
        "390.533.447-06", "cpf 39053344706", "imei 490154203237519", "vin 1HGCM82633A00435",
        "vin IHGCM82633A004352", "ssn 000-12-3456", "784-1890-1234567-1", "784199012345671",
        "national id 1058529941", "iqama 3058529940"}) {
    EXPECT_EQ(found_in(text, all), "") << text;
  }
}

TEST(Ids, CheckDigits) {
  EXPECT_TRUE(passes_luhn("79927398713"));
  EXPECT_FALSE(passes_luhn("79927398710"));
  EXPECT_TRUE(passes_verhoeff("2363"));
  EXPECT_FALSE(passes_verhoeff("2364"));
  EXPECT_TRUE(is_date(2000, 2, 29));
  EXPECT_FALSE(is_date(1900, 2, 29));
  EXPECT_FALSE(is_date(2023, 13, 1));
}

}  // namespace
}  // namespace pii::detect
