#include "commands/mask_transform.hpp"

#include <algorithm>

namespace piictl {

std::uint64_t MaskTransform::lines(std::string_view lines, std::string& out) {
  const std::uint64_t before = counts().events;
  if (as_text_) {
    mask_as_text(lines, out);
  } else {
    masker_.mask_lines(lines, out);
  }
  return counts().events - before;
}

void MaskTransform::mask_as_text(std::string_view lines, std::string& out) {
  while (!lines.empty()) {
    const std::size_t newline = lines.find('\n');
    const std::size_t next = newline == std::string_view::npos ? lines.size() : newline + 1;
    std::size_t size = std::min(newline, lines.size());
    if (size < next && lines.substr(0, size).ends_with('\r')) --size;
    if (size > max_line_) {
      replace_long_line(size, out);
    } else if (size > 0) {
      masker_.mask_text(lines.substr(0, size), out);
    }
    out += lines.substr(size, next - size);
    lines.remove_prefix(next);
  }
}

// The masker's own placeholder (docs/masking.md, "Limits"), for what was never held as a whole.
void MaskTransform::replace_long_line(std::uint64_t bytes, std::string& out) {
  const std::size_t before = out.size();
  out += R"({"message":"[PII_REDACTED]","pii":{"masked":"line_too_long","bytes":)" + std::to_string(bytes) +
         "}}";
  beside_.bytes_in += bytes;
  beside_.bytes_out += out.size() - before;
  ++beside_.too_long;
  ++beside_.events;
}

void MaskTransform::defect(const stream::Defect& defect, std::string_view, std::string& out) {
  replace_long_line(defect.fault.number, out);
}

pii::MaskCounts MaskTransform::counts() const noexcept {
  pii::MaskCounts all = masker_.counts();
  all += beside_;
  return all;
}

}  // namespace piictl
