#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "pii/normalize.hpp"

namespace pii {

/// What a version 2 value is bound to beside its environment and field type (docs/formats.md section 2). Who reads it
/// must give the same. Version 1 binds none of it: where it writes, anything given here is refused rather than dropped.
struct Binding {
  static constexpr std::size_t kMaxSize = 1024;  // of record and of extra, in bytes

  std::string_view tenant = {};  // a version 2 name: whose data it is; separate tokens and keys for each
  std::string_view record = {};  // ciphertexts: the row it stands in, so that it cannot be moved to another
  std::string_view extra = {};   // ciphertexts: whatever else must be the same when it is read
  std::optional<Normalization> normalizer = {};  // tokens and indexes: a version 2 rule; else that of the field type
};

}  // namespace pii
