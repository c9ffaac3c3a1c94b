#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "mask/ecsctx_rules.hpp"

namespace pii::mask::ecsctx {

/// Adds the phones of text[from, to). What stands before `from` is seen by what a match may follow; `to` is
/// the end of a word.
void find_phones_between(std::string_view text, std::size_t from, std::size_t to, bool fixed,
                         std::vector<Replacement>& out);

}  // namespace pii::mask::ecsctx
