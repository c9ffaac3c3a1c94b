#include "commands/subject_rows.hpp"

#include "pii/ciphertext.hpp"
#include "pii/subject.hpp"

namespace piictl {
namespace {

constexpr std::string_view kHeader = "piictl subjects 1";

pii::Error not_a_row(std::size_t line) {
  return pii::Error(pii::ErrorCode::malformed_ciphertext,
                    "the store's line " + std::to_string(line) + " is not a subject's id and wrapped key",
                    "restore the file; a line that is lost is a person whose values are lost");
}

}  // namespace

std::string to_text(const SubjectRows& rows) {
  std::string text(kHeader);
  text += '\n';
  for (const auto& [id, wrapped] : rows) text.append(id).append(1, '\t').append(wrapped).append(1, '\n');
  return text;
}

pii::Result<SubjectRows> parse_subject_rows(std::string_view text) {
  SubjectRows rows;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return not_a_row(number);  // cut short
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (number == 1) {
      if (line != kHeader) return not_a_row(number);
      continue;
    }
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) return not_a_row(number);
    const std::string_view id = line.substr(0, tab);
    const std::string_view wrapped = line.substr(tab + 1);
    if (!pii::SubjectId::parse(id) || !pii::parse_wrapped_key(wrapped)) return not_a_row(number);
    if (!rows.emplace(id, wrapped).second) return not_a_row(number);
  }
  return rows;
}

}  // namespace piictl
