#include "detect/country_table.hpp"
#include "detect/iban_table.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scan_text.hpp"

namespace pii::detect {
namespace {

// The registry's own examples.
TEST(Iban, Examples) {
  for (const std::string iban : {"AD1200012030200359100100",
                                 "AE070331234567890123456",
                                 "AT611904300234573201",
                                 "BE68539007547034",
                                 "BH67BMAG00001299123456",
                                 "BR1800360305000010009795493C1",
                                 "CH9300762011623852957",
                                 "CY17002001280000001200527600",
                                 "DE89370400440532013000",
                                 "DK5000400440116243",
                                 "EG380019000500000000263180002",
                                 "ES9121000418450200051332",
                                 "FR1420041010050500013M02606",
                                 "GB29NWBK60161331926819",
                                 "GR1601101250000000012300695",
                                 "IE29AIBK93115212345678",
                                 "IL620108000000099999999",
                                 "IQ98NBIQ850123456789012",
                                 "IT60X0542811101000000123456",
                                 "JO94CBJO0010000000000131000302",
                                 "KW81CBKU0000000000001234560101",
                                 "LB62099900000001001901229114",
                                 "MT84MALT011000012345MTLCAST001S",
                                 "NL91ABNA0417164300",
                                 "NO9386011117947",
                                 "PK36SCBL0000001123456702",
                                 "PL61109010140000071219812874",
                                 "PS92PALS000000000400123456702",
                                 "PT50000201231234567890154",
                                 "QA58DOHB00001234567890ABCDEFG",
                                 "SA0380000000608010167519",
                                 "SE4550000000058398257466",
                                 "TN5910006035183598478831",
                                 "TR330006100519786457841326",
                                 "UA213223130000026007233566001",
                                 "XK051212012345678906"}) {
    EXPECT_EQ(found_in(iban), "iban{" + iban + "}");
    std::string grouped;
    for (std::size_t i = 0; i < iban.size(); ++i) {
      if (i > 0 && i % 4 == 0) grouped += ' ';
      grouped += iban[i];
    }
    EXPECT_EQ(found_in("to " + grouped + " ok"), "iban{" + grouped + "}");
    std::string broken = iban;
    broken[3] = broken[3] == '9' ? '8' : static_cast<char>(broken[3] + 1);
    EXPECT_EQ(found_in(broken), "") << broken;
  }
}

TEST(Iban, TableIsSortedAndLong) {
  std::string_view last;
  for (const IbanFormat& format : kIbanFormats) {
    EXPECT_LT(last, format.country);
    EXPECT_TRUE(is_country(format.country)) << format.country;
    last = format.country;
  }
}

TEST(Iban, Bic) {
  Settings settings = all_settings();
  EXPECT_EQ(found_in("bic NBOKKWKW", settings), "swift_bic{NBOKKWKW}");
  EXPECT_EQ(found_in("swift: NBOKKWKWXXX", settings), "swift_bic{NBOKKWKWXXX}");
  EXPECT_EQ(found_in("bic CHECKXXT", settings), "");
  EXPECT_EQ(found_in("NBOKKWKW", settings), "");
}

}  // namespace
}  // namespace pii::detect
