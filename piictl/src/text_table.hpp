#pragma once

#include <string>
#include <vector>

namespace piictl {

/// Rows as columns of equal width, two spaces apart, without trailing spaces. Widths count letters.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace piictl
