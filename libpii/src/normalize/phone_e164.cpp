#include "normalize/version_2_rules.hpp"

#if defined(PII_HAVE_LIBPHONENUMBER)
#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

#include "base/utf8.hpp"
#include "normalize/unicode_rules.hpp"
#include "pii/secret.hpp"
#endif

namespace pii::unicode {

#if defined(PII_HAVE_LIBPHONENUMBER)

namespace {

// Longer than any number people write; parsing is slow.
constexpr std::size_t kMaxSize = 250;

class WipedString {
 public:
  explicit WipedString(std::string_view text) : text(text) {}
  WipedString() = default;
  WipedString(const WipedString&) = delete;
  WipedString& operator=(const WipedString&) = delete;
  ~WipedString() { wipe(text.data(), text.size()); }

  std::string text;
};

}  // namespace

bool has_phone_e164() noexcept { return true; }

ErrorCode normalize_phone_e164_1(std::string_view value, ValueNormalizer& writer) {
  using i18n::phonenumbers::PhoneNumber;
  using i18n::phonenumbers::PhoneNumberUtil;
  if (base::find_invalid_utf8(value) != std::string_view::npos) return ErrorCode::invalid_utf8;
  const std::string_view stripped = strip(value);
  if (stripped.size() > kMaxSize) return ErrorCode::malformed_value;
  const PhoneNumberUtil& library = *PhoneNumberUtil::GetInstance();
  WipedString written(stripped);
  // Digits of every script become ASCII; 00 is how most of the world dials what is written as +.
  library.NormalizeDigitsOnly(&written.text);
  const bool dialled = written.text.starts_with("00") && !stripped.starts_with("+") && !stripped.starts_with("\uFF0B");
  WipedString text(stripped);
  if (dialled) text.text = "+" + written.text.substr(2);
  PhoneNumber number;
  // No region: a national number is another one in every country.
  if (library.Parse(text.text, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) {
    return ErrorCode::malformed_value;
  }
  WipedString e164;
  library.Format(number, PhoneNumberUtil::E164, &e164.text);
  std::memcpy(writer.buffer(e164.text.size()), e164.text.data(), e164.text.size());
  writer.show_buffer(e164.text.size());
  return ErrorCode::ok;
}

#else

bool has_phone_e164() noexcept { return false; }

ErrorCode normalize_phone_e164_1(std::string_view, ValueNormalizer&) { return ErrorCode::invalid_setting; }

#endif

}  // namespace pii::unicode
