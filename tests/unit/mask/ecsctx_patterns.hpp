#pragma once

#include <string_view>
#include <vector>

#include "mask/ecsctx_rules.hpp"

namespace pii::test {

/// The package's two regular expressions, run by a backtracking matcher that knows nothing of what they look
/// for. `text` is UTF-8.
std::vector<mask::ecsctx::Replacement> search_emails(std::string_view text);
std::vector<mask::ecsctx::Replacement> search_phones(std::string_view text);

}  // namespace pii::test
