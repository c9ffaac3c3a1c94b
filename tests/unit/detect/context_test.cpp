#include "detect/context.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "detect/context_table.hpp"

namespace pii::detect {
namespace {

bool has(std::string_view text, Detector detector) {
  ContextIndex index;
  index.build(text, {});
  return index.before(text.size()).contains(detector);
}

TEST(Context, WordsOfKeysAndText) {
  for (const std::string_view text : {"phone ", "Phone:", "customerPhone=", "customer_phone=", "PHONE1 ",
                                      "phoneNumber:", "هاتف ", "tel.", "(call)", "otp-"}) {
    EXPECT_TRUE(has(text, Detector::phone)) << text;
  }
  for (const std::string_view text :
       {"telephony ", "microphone ", "recall ", "hotel ", "telemetry ", "cancelled "}) {
    EXPECT_FALSE(has(text, Detector::phone)) << text;
  }
  EXPECT_TRUE(has("national id ", Detector::sa_id));
  EXPECT_TRUE(has("nationalId=", Detector::sa_id));
  EXPECT_TRUE(has("IBANNumber=", Detector::iban));
  EXPECT_FALSE(has("national anthem ", Detector::sa_id));
}

TEST(Context, SpansAreOpaque) {
  Spans spans;
  spans.add({0, 5, Detector::none});
  ContextIndex index;
  index.build("phone x", spans);
  EXPECT_FALSE(index.before(7).contains(Detector::phone));
  // Beside a span a word is no whole word.
  Spans beside;
  beside.add({0, 2, Detector::none});
  index.build("##phone x", beside);
  EXPECT_FALSE(index.before(9).contains(Detector::phone));
}

TEST(Context, EveryWordIsFound) {
  for (const ContextWord& entry : kContextWords) {
    EXPECT_EQ(context_of_word(entry.word), entry.detectors) << entry.word;
    EXPECT_LE(entry.word.size(), kLongestContextWord);
  }
  EXPECT_TRUE(context_of_word("").empty());
  EXPECT_TRUE(context_of_word("nothing").empty());
}

}  // namespace
}  // namespace pii::detect
