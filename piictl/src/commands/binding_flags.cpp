#include "commands/binding_flags.hpp"

#include "pii/names.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

void declare_tenant(OptionList& options, std::string& tenant) {
  options.add_text("--tenant", tenant, "NAME", "version 2: whose data it is; tokens and ciphertexts are theirs alone");
}

}  // namespace

void BindingFlags::declare_token(OptionList& options) {
  declare_tenant(options, tenant);
  options.add_text("--norm", normalizer, "RULE",
                   "version 2: the normalizer, if not that of the field type: text.1, email.1 or phone-e164.1");
}

void BindingFlags::declare_ciphertext(OptionList& options, BatchFlags& batch) {
  declare_tenant(options, tenant);
  batch.declare_records(options);
  options.add_text("--record", record, "ID", "version 2: the row that the ciphertext stands in; it opens nowhere else");
}

Result<pii::Binding> BindingFlags::binding() const {
  pii::Binding binding;
  if (!tenant.empty() && !pii::is_valid_v2_name(tenant)) {
    return Error(ErrorCode::invalid_name, "--tenant is no version 2 name",
                 "version 2 names match [a-z0-9][a-z0-9._-]{0,63}");
  }
  binding.tenant = tenant;
  binding.record = record;
  if (!normalizer.empty()) {
    binding.normalizer = pii::parse_normalizer(normalizer);
    if (!binding.normalizer) {
      return Error(ErrorCode::usage, "--norm names no normalizer", "text.1, email.1 or phone-e164.1");
    }
  }
  return binding;
}

Result<pii::Binding> BindingFlags::binding(const BatchFlags& batch) const {
  if (!record.empty() && !(batch.record_column.empty() && batch.record_path.empty())) {
    return Error(ErrorCode::usage, "--record and a record of each row are both given", "give one of them");
  }
  return binding();
}

}  // namespace piictl
