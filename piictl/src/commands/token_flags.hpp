#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/canonical_values.hpp"
#include "pii/binding.hpp"
#include "pii/result.hpp"
#include "settings.hpp"

namespace piictl {

/// What tokenize, index and preserve begin with: the batch, what its values are bound to, and the token keyset.
struct TokenRun {
  BatchPlan plan;
  pii::Binding binding;
  std::optional<std::vector<std::string>> canonical;  // of --canonical; without it values stay as they are
  OpenKeyset keyset;
};

/// The flags that say so, which outlive the run.
struct TokenFlags {
  BatchFlags batch;
  BindingFlags binding;
  CanonicalFlags canonical;
  bool all = false;

  void declare(OptionList& options, std::string_view all_help);
  /// Errors: those of plan_batch, BindingFlags::binding, CanonicalFlags::regions and open_keyset.
  pii::Result<TokenRun> open(const Session& session) const;
};

}  // namespace piictl
