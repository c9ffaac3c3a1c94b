#pragma once

#include <optional>
#include <vector>

#include "json.hpp"
#include "pii/secret_json.hpp"
#include "scan/kid_counter.hpp"

namespace piictl {

/// [{"kind","version","kid","count"}], kid null where it is empty.
Json to_json(const std::vector<KidCount>& counts);
/// Reads that; nothing when it is something else.
std::optional<std::vector<KidCount>> read_kid_counts(const std::optional<pii::SecretJson::Value>& array);

}  // namespace piictl
