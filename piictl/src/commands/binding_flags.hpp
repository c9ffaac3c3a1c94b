#pragma once

#include <string>

#include "commands/batch.hpp"
#include "options.hpp"
#include "pii/binding.hpp"
#include "pii/result.hpp"

namespace piictl {

/// `binding` for value i of a batch: with the record of its row, where rows name one.
inline pii::Binding bound_to_row(pii::Binding binding, const stream::ValueBatch& values, std::size_t i) noexcept {
  if (const std::string_view record = values.record(i); !record.empty()) binding.record = record;
  return binding;
}

/// What version 2 binds a value to beside environment and field type.
struct BindingFlags {
  std::string tenant;
  std::string record;
  std::string normalizer;

  /// For tokens and blind indexes: --tenant, --norm.
  void declare_token(OptionList& options);
  /// For ciphertexts: --tenant, --record, and of `batch` what names the row of each.
  void declare_ciphertext(OptionList& options, BatchFlags& batch);
  /// The views are of this. Errors: usage, invalid_name.
  pii::Result<pii::Binding> binding() const;
  /// The same with the flags of a batch. Errors also: usage when a record is given twice.
  pii::Result<pii::Binding> binding(const BatchFlags& batch) const;
};

}  // namespace piictl
