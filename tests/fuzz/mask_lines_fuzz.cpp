// Lines through the masking engine: the first byte chooses the policy. What comes out is what the reference makes of them, masking
// it again changes nothing, and JSON stays JSON.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kit/mask_race.hpp"
#include "kit/reference_json.hpp"

namespace {

using pii::kit::reference::parse_json;
using pii::kit::reference::Strictness;

constexpr std::size_t kLargest = 4096;

void require(bool condition, const std::string& message) {
  if (condition) return;
  std::fputs((message + "\n").c_str(), stderr);
  std::abort();
}

bool is_json(std::string_view line) { return parse_json(line, 300, Strictness::rfc8259).has_value(); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<pii::kit::RacePolicy> policies = pii::kit::race_policies();
  if (size == 0 || size > kLargest) return 0;
  const pii::kit::RacePolicy& policy = policies[data[0] % policies.size()];
  const std::string lines(reinterpret_cast<const char*>(data) + 1, size - 1);
  pii::kit::MaskRace race(policy, (data[0] & 0x80) == 0);
  const std::string difference = race.differs(lines);
  require(difference.empty(), difference);
  const std::string out = race.output();
  if (lines.find('\n') == std::string::npos && is_json(lines)) require(is_json(out), "no longer JSON: " + out);
  if (policy.name == "with_small_limits") return 0;  // what no longer fits is redacted
  const std::string again = race.differs(out);
  require(again.empty(), again);
  require(race.output() == out, "masked once " + pii::kit::printable(out) + "\ntwice " + pii::kit::printable(race.output()));
  return 0;
}
