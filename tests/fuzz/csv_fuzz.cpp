// The csv reader. The first byte sets options; unless it says otherwise, a header is put before the rest.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "stream_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = data[0];
  constexpr std::size_t kLimits[] = {20, 64, 200, std::size_t{1} << 20};
  piictl::stream::Options options;
  options.chunk_size = 4096;
  options.apply_to_empty = (choice & 1) != 0;
  options.max_line = kLimits[(choice >> 1) & 3];
  piictl::stream::Csv csv;
  csv.columns = {"b"};
  if ((choice & 8) != 0) csv.columns.insert(csv.columns.begin(), "c");
  if ((choice & 16) != 0) {
    csv.into = {"n", "m"};
    csv.into.resize(csv.columns.size());
  }
  if ((choice & 32) != 0) csv.delimiter = ';';
  std::string text;
  if ((choice & 64) == 0) text = (choice & 32) != 0 ? "a;b;c\n" : "a,b,c\n";
  text.append(reinterpret_cast<const char*>(data) + 1, size - 1);
  stream_fuzz::check(csv, text, options, [](const piictl::stream::Failure&) {});
  return 0;
}
