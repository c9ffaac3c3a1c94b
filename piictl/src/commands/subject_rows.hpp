#pragma once

#include <map>
#include <string>
#include <string_view>

#include "pii/result.hpp"

namespace piictl {

/// Subjects' ids with their wrapped keys.
using SubjectRows = std::map<std::string, std::string, std::less<>>;

/// The file of --store (docs/formats.md section 2.6), and back. Errors: malformed_ciphertext with the line's number.
std::string to_text(const SubjectRows& rows);
pii::Result<SubjectRows> parse_subject_rows(std::string_view text);

}  // namespace piictl
