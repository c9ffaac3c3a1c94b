#include <cstring>

#include "base/utf8.hpp"
#include "normalize/ascii_case.hpp"
#include "normalize/lower.hpp"
#include "normalize/rules.hpp"

namespace pii::unicode {
namespace {

ErrorCode normalize_unicode(std::string_view text, ValueNormalizer& writer) {
  if (base::find_invalid_utf8(text) != std::string_view::npos) return ErrorCode::invalid_utf8;
  text = strip(text);
  const std::size_t kept = find_upper(text);
  if (kept == text.size()) {
    writer.show(text);
    return ErrorCode::ok;
  }
  // Only a text that may outgrow the inline buffer is measured first.
  std::size_t size = kept + (text.size() - kept) / 2 * 3 + 1;
  if (size > ValueNormalizer::kInlineSize) size = kept + lower_size(text, kept);
  char* out = writer.buffer(size);
  std::memcpy(out, text.data(), kept);
  writer.show_buffer(out, kept + lower(text, kept, out + kept));
  return ErrorCode::ok;
}

}  // namespace

ErrorCode normalize_email(std::string_view value, ValueNormalizer& writer) {
  const std::string_view stripped = strip_ascii(value);
  const AsciiScan scan = scan_ascii(stripped);
  if (!scan.ascii) return normalize_unicode(stripped, writer);
  if (!scan.has_capitals) {
    writer.show(stripped);
    return ErrorCode::ok;
  }
  char* out = writer.buffer(stripped.size());
  lower_ascii(stripped, out);
  writer.show_buffer(out, stripped.size());
  return ErrorCode::ok;
}

}  // namespace pii::unicode
