// A policy text is taken or refused, in both notations; a refusal is short, and what is taken has sane
// limits.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pii/policy/policy_file.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const pii::PolicySyntax syntax : {pii::PolicySyntax::yaml, pii::PolicySyntax::json}) {
    const auto spec = pii::parse_policy(text, syntax);
    if (spec) {
      require(spec->max_depth >= 1 && spec->max_depth <= 1000);
      require(!spec->include.empty());
      require(pii::parse_policy(text, syntax).has_value());
    } else {
      require(!spec.error().message().empty() && spec.error().message().size() < 1024);
    }
  }
  return 0;
}
