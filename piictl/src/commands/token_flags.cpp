#include "commands/token_flags.hpp"

#include <utility>

namespace piictl {

using pii::Result;

void TokenFlags::declare(OptionList& options, std::string_view all_help) {
  batch.declare(options);
  options.add_switch("--all", all, all_help);
  canonical.declare(options);
  binding.declare_token(options);
}

Result<TokenRun> TokenFlags::open(const Session& session) const {
  auto plan = plan_batch(batch);
  if (!plan) return std::move(plan).error();
  const auto bound = binding.binding();
  if (!bound) return bound.error();
  auto regions = canonical.regions();
  if (!regions) return std::move(regions).error();
  auto keyset = open_keyset(pii::KeysetUsage::token, session);
  if (!keyset) return std::move(keyset).error();
  return TokenRun{*std::move(plan), *bound, *std::move(regions), *std::move(keyset)};
}

}  // namespace piictl
