#pragma once

#include <string>

#include "options.hpp"
#include "pii/binding.hpp"
#include "pii/result.hpp"

namespace piictl {

/// What version 2 binds a value to beside environment and field type.
struct BindingFlags {
  std::string tenant;
  std::string record;
  std::string normalizer;

  /// For tokens and blind indexes: --tenant, --norm.
  void declare_token(OptionList& options);
  /// For ciphertexts: --tenant, --record.
  void declare_ciphertext(OptionList& options);
  /// The views are of this. Errors: usage, invalid_name.
  pii::Result<pii::Binding> binding() const;
};

}  // namespace piictl
