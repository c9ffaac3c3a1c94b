#include "scan/csv_events.hpp"

#include <gtest/gtest.h>

namespace piictl {
namespace {

std::string events_of(std::string_view csv, char delimiter = ',') {
  CsvEvents events(delimiter, std::make_shared<CsvEvents::Header>());
  std::string out;
  events.append(csv, out);
  return out;
}

TEST(CsvEvents, columns_are_keys) {
  EXPECT_EQ(events_of("name,e-mail\r\nAda,a@b.co\r\n\"x\"\"y\",\"two\nlines\"\r\n"),
            "{\"name\":\"Ada\",\"e-mail\":\"a@b.co\"}\n{\"name\":\"x\\\"y\",\"e-mail\":\"two\\nlines\"}\n");
  EXPECT_EQ(events_of("a;b\n1;2", ';'), "{\"a\":\"1\",\"b\":\"2\"}\n");
}

TEST(CsvEvents, cells_without_a_name_are_numbered) {
  EXPECT_EQ(events_of("a,\n1,2,3\n"), "{\"a\":\"1\",\"column 2\":\"2\",\"column 3\":\"3\"}\n");
  EXPECT_EQ(events_of("a,b\n1,"), "{\"a\":\"1\",\"b\":\"\"}\n");
}

TEST(CsvEvents, the_header_is_read_once_for_all) {
  const auto header = std::make_shared<CsvEvents::Header>();
  CsvEvents first(',', header);
  std::string out;
  EXPECT_EQ(first.append("a\n1\n", out), 2U);
  CsvEvents second(',', header);
  EXPECT_EQ(second.append("2\n", out), 1U);
  EXPECT_EQ(out, "{\"a\":\"1\"}\n{\"a\":\"2\"}\n");
}

TEST(CsvEvents, guesses_the_delimiter) {
  EXPECT_EQ(CsvEvents::guess_delimiter("a,b\n;;;;"), ',');
  EXPECT_EQ(CsvEvents::guess_delimiter("a;b;c,d\n"), ';');
  EXPECT_EQ(CsvEvents::guess_delimiter("a\tb"), '\t');
  EXPECT_EQ(CsvEvents::guess_delimiter(""), ',');
}

}  // namespace
}  // namespace piictl
