#include <string_view>

#include "commands/doctor_checks.hpp"
#include "commands/mask_setup.hpp"
#include "report.hpp"

namespace piictl {

Check check_mask(const CommonFlags& flags) {
  const std::string name = "mask dry run";
  const Report silent(false, true, false);
  const auto setup = make_mask_setup({}, Session{.flags = flags, .report = silent, .opens_again = true});
  if (!setup) {
    return {name, Check::Status::warn, "not tried: the token keyset cannot be had",
            "the check of the token keyset says what to do"};
  }
  constexpr std::string_view kBegin = R"({"user":{"email":")";
  constexpr std::string_view kEnd = R"("},"amount":12.50})";
  constexpr std::string_view kValue = "dry.run@example.com";
  std::string masked;
  pii::Masker masker = setup->make_masker();
  masker.mask_lines(std::string(kBegin).append(kValue).append(kEnd), masked);
  const bool kept_the_rest = masked.starts_with(kBegin) && masked.ends_with(kEnd);
  if (!kept_the_rest || masked.find(kValue) != std::string::npos || masker.counts().findings() != 1) {
    return {name, Check::Status::fail, "an event was not masked as it should be", "piictl selftest",
            pii::ErrorCode::internal};
  }
  if (masked.find("ptok:") == std::string::npos) {
    return {name, Check::Status::ok, "an e-mail became [PII_REDACTED]: there is no token keyset for tokens"};
  }
  return {name, Check::Status::ok, "an e-mail became a token, the rest of its event stayed"};
}

}  // namespace piictl
