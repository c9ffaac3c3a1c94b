#include "pii/normalize.hpp"

#include "base/utf8.hpp"
#include "normalize/ascii.hpp"
#include "normalize/unicode_rules.hpp"
#include "normalize/value_normalizer.hpp"
#include "normalize/version_2_rules.hpp"
#include "pii/secret.hpp"

namespace pii {
namespace {

ErrorCode normalize_strip(std::string_view value, ValueNormalizer& writer) {
  const std::string_view stripped = unicode::strip_ascii(value);
  if (!unicode::scan_ascii(stripped).ascii) return unicode::normalize_strip(stripped, writer);
  writer.show(stripped);
  return ErrorCode::ok;
}

// Of ASCII text versions 1 and 2 make the same.
ErrorCode normalize_text_1(std::string_view value, ValueNormalizer& writer) {
  if (!unicode::scan_ascii(value).ascii) return unicode::normalize_text_1(value, writer);
  writer.show(unicode::strip_ascii(value));
  return ErrorCode::ok;
}

ErrorCode normalize_email(std::string_view value, ValueNormalizer& writer) {
  const std::string_view stripped = unicode::strip_ascii(value);
  const unicode::AsciiScan scan = unicode::scan_ascii(stripped);
  if (!scan.ascii) return unicode::normalize_email(stripped, writer);
  if (!scan.has_capitals) {
    writer.show(stripped);
    return ErrorCode::ok;
  }
  unicode::lower_ascii(stripped, writer.buffer(stripped.size()));
  writer.show_buffer(stripped.size());
  return ErrorCode::ok;
}

ErrorCode normalize_email_1(std::string_view value, ValueNormalizer& writer) {
  if (!unicode::scan_ascii(value).ascii) return unicode::normalize_email_1(value, writer);
  return normalize_email(value, writer);
}

ErrorCode normalize_phone(std::string_view value, ValueNormalizer& writer) {
  if (value.size() > ValueNormalizer::kInlineSize || !unicode::scan_ascii(value).ascii) {
    return unicode::normalize_phone(value, writer);
  }
  // Every byte is written, and overwritten by the next unless it is kept: no branch depends on the value.
  char* const out = writer.buffer(value.size());
  std::size_t kept = 0;
  const auto take = [&](char byte) {
    out[kept] = byte;
    kept += unicode::kPhoneCharacters[static_cast<unsigned char>(byte)];
  };
  std::size_t i = 0;
  for (; i + 4 <= value.size(); i += 4) {
    take(value[i]);
    take(value[i + 1]);
    take(value[i + 2]);
    take(value[i + 3]);
  }
  for (; i < value.size(); ++i) take(value[i]);
  if (kept == value.size()) {
    writer.show(value);
  } else {
    writer.show_buffer(kept);
  }
  return ErrorCode::ok;
}

}  // namespace

void NormalizedValue::wipe_owned() noexcept {
  wipe(owned_, owned_size_);
  if (owned_ != inline_) delete[] owned_;
  owned_ = nullptr;
}

ErrorCode normalize(Normalization rule, std::string_view value, NormalizedValue& out) {
  ValueNormalizer writer(out);
  switch (rule) {
    case Normalization::strip:
      return normalize_strip(value, writer);
    case Normalization::email:
      return normalize_email(value, writer);
    case Normalization::phone:
      return normalize_phone(value, writer);
    case Normalization::text_1:
      return normalize_text_1(value, writer);
    case Normalization::email_1:
      return normalize_email_1(value, writer);
    case Normalization::phone_e164_1:
      return unicode::normalize_phone_e164_1(value, writer);
  }
  return ErrorCode::internal;
}

bool is_built_in(Normalization rule) noexcept {
  return rule != Normalization::phone_e164_1 || unicode::has_phone_e164();
}

std::size_t find_invalid_utf8(std::string_view text) noexcept { return base::find_invalid_utf8(text); }

}  // namespace pii
