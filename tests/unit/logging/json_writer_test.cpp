// Numbers as std::to_chars writes them, with a fraction where it leaves none.
#include "encode/json_writer.hpp"
#include "encode/timestamp.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <random>

namespace pii::log {
namespace {

std::string ours(double number) {
  char text[40];
  return {text, write_real(number, text)};
}
std::string shortest(double number) {
  char text[40];
  std::string result(text, std::to_chars(text, text + sizeof text, number).ptr);
  return result.find_first_of(".e") == std::string::npos ? result + ".0" : result;
}

TEST(WriteTimestamp, AClockFarOutOfRangeIsOfTheEpoch) {
  using Time = std::chrono::system_clock::time_point;
  const auto text = [](Time time) {
    std::string out;
    write_timestamp(time, 3, out);
    return out;
  };
  EXPECT_EQ(text(Time(std::chrono::milliseconds(1'790'000'000'123))), "2026-09-21T14:13:20.123Z");
  EXPECT_EQ(text(Time::min()), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(text(Time::min() + std::chrono::milliseconds(999)), "1970-01-01T00:00:00.999Z");
  EXPECT_EQ(text(Time::max()).size(), 24u);
}

TEST(WriteReal, IsTheShortestText) {
  for (const double number : {0.0, -0.0, 1.0, -1.0, 0.1, 0.3, 0.1 + 0.2, 99'999.999, 99'999.9995, 99'999.9999, 100'000.0, 1e5, 1e-3, 0.0005, 0.0015, 12.5,
                              1e300, -2.675, 1.005, 4.35, 8.325, std::nextafter(0.5, 1.0), std::nextafter(0.25, 0.0)}) {
    EXPECT_EQ(ours(number), shortest(number));
  }
  std::mt19937_64 random(3);
  for (int i = 0; i < 50'000; ++i) {
    const double thousandths = static_cast<double>(static_cast<std::int64_t>(random() % 240'000'000) - 120'000'000) / 1000;
    const double any = static_cast<double>(random() % 1'000'000'007) / static_cast<double>(1 + random() % 100'003);
    const double beside = std::nextafter(thousandths, i % 2 == 0 ? 1e9 : -1e9);
    for (const double number : {thousandths, any, beside}) ASSERT_EQ(ours(number), shortest(number));
  }
}

// Against the definition, byte by byte: what stands anywhere in a text of up to 20 bytes.
TEST(NeedsNoEscape, KnowsEveryByteAtEveryPlace) {
  for (std::size_t size = 1; size <= 20; ++size) {
    EXPECT_TRUE(needs_no_escape(std::string(size, 'a')));
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, place % 2 == 0 ? '~' : ' ');
        text[place] = static_cast<char>(byte);
        const bool plain = byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
        ASSERT_EQ(needs_no_escape(text), plain) << size << ' ' << place << ' ' << byte;
      }
    }
  }
  EXPECT_TRUE(needs_no_escape(""));
}

}  // namespace
}  // namespace pii::log
