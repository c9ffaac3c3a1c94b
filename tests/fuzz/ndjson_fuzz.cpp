// The ndjson reader, its verdicts compared with nlohmann::json. The first byte chooses the paths and the
// longest line.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "stream_fuzz.hpp"

namespace {

/// nlohmann refuses numbers beyond double and lone surrogate escapes, which are no matter of grammar, and
/// takes a NUL for the end of the text.
bool is_comparable(std::string_view line) {
  return line.size() < 300 && line.find_first_of("eE") == line.npos && line.find("\\u") == line.npos &&
         line.find('\0') == line.npos;
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr std::size_t kLimits[] = {20, 64, 200, std::size_t{1} << 20};
  piictl::stream::Options options;
  options.chunk_size = 4096;
  options.max_line = kLimits[choice & 3];
  piictl::stream::Ndjson ndjson;
  switch ((choice >> 2) & 3) {
    case 0:
      ndjson.paths = {"a"};
      break;
    case 1:
      ndjson.paths = {"$", "a.b", "[*]"};
      break;
    case 2:
      ndjson.paths = {"a[*].b", "a[0].c", "['c.d']"};
      break;
    default:
      ndjson.paths = {"*.*", "[1]"};
      break;
  }
  const auto judged_alike = [](const piictl::stream::Failure& failure) {
    if (failure.reason.starts_with("not valid JSON") && is_comparable(failure.original)) {
      stream_fuzz::require(!nlohmann::json::accept(failure.original));
    }
  };
  const stream_fuzz::Ran ran = stream_fuzz::check(ndjson, text, options, judged_alike);
  std::string_view left = ran.output;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    const std::string_view line = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    if (is_comparable(line) && !is_blank(line)) stream_fuzz::require(nlohmann::json::accept(line));
  }
  return 0;
}
