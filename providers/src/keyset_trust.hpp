#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pii/keyset.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii::providers {

/// Parses a document that is to take the place of `current` (null: of nothing). Errors: those of
/// parse_keyset; invalid_keyset when `verify_key`, unless it is empty, is not that of its signature, or when
/// it is an older revision of the same keyset than the one in force.
Result<std::shared_ptr<const Keyset>> accept_keyset(const SecretBytes& document, KeysetUsage usage,
                                                    const std::string& verify_key, const Keyset* current);

}  // namespace pii::providers
