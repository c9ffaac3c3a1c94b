#pragma once

#include <cstddef>
#include <string_view>

namespace pii::detect {

/// End of the name of a mail domain that begins at `begin`: two labels or more, the last of letters or an
/// A-label. What follows the last such label ("-x", ".5", a sentence) is not part of it. `begin` when there
/// is none. `last` gets the last label.
std::size_t domain_end(std::string_view text, std::size_t begin, std::string_view& last) noexcept;

}  // namespace pii::detect
