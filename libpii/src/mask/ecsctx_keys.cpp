#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "base/thread_scratch.hpp"
#include "mask/ecsctx_rules.hpp"
#include "normalize/ascii.hpp"
#include "normalize/lower.hpp"
#include "normalize/unicode_rules.hpp"
#include "pii/token.hpp"

namespace pii::mask::ecsctx {
namespace {

constexpr std::array<std::string_view, 22> kSafeNames{"gateway_name", "vendor_name",
                                                      "module_name",  "func_name",
                                                      "task_name",    "service_name",
                                                      "app_name",     "project_name",
                                                      "class_name",   "method_name",
                                                      "view_name",    "username",
                                                      "site_name",    "domain_name",
                                                      "bank_name",    "display_name",
                                                      "install_name", "installation_name",
                                                      "event_name",   "customer_id",
                                                      "id",           "pk"};
constexpr std::array<std::string_view, 15> kSensitiveWords{
    "name",   "payer", "billing", "shipping",  "customer",    "cardholder", "email", "phone",
    "mobile", "tel",   "contact", "recipient", "beneficiary", "address",    "udf"};
constexpr std::array<std::string_view, 5> kAuthorizationKeys{"authorization", "api-key", "x-api-key",
                                                             "api_key", "apikey"};

template <class Words>
bool is_one_of(const Words& words, std::string_view text) noexcept {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string lower(std::string_view key) {
  if (base::find_invalid_utf8(key) != std::string_view::npos) {
    std::string text(key);
    for (char& byte : text) byte = unicode::lower_ascii(byte);
    return text;
  }
  std::string text(unicode::max_lower_size(key.size()), '\0');
  text.resize(unicode::lower(key, 0, text.data()));
  return text;
}

bool contains(std::string_view text, std::string_view word) noexcept {
  return text.find(word) != std::string_view::npos;
}

bool is_whole(std::string_view value, const std::vector<Replacement>& found) noexcept {
  return found.size() == 1 && found[0].begin == 0 && found[0].end == value.size();
}

/// Not with a letter, as most values do.
bool may_begin_phone(std::string_view value) noexcept {
  return !value.empty() && !(value[0] >= 'a' && value[0] <= 'z') && !(value[0] >= 'A' && value[0] <= 'Z');
}

/// As nearly all phones are written: what match_international() takes whole, whatever country it is of.
bool is_international(std::string_view value) noexcept {
  constexpr std::size_t kLeast = 8, kMost = 15;
  if (value.size() <= kLeast || value.size() > 1 + kMost || value.front() != '+') return false;
  return std::all_of(value.begin() + 1, value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Only digits and what stands between them in numbers, at least seven.
bool looks_like_phone(std::string_view value) noexcept {
  const auto digits = std::count_if(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 7 && digits <= 15 && value.find_first_not_of("+-.() 0123456789") == std::string_view::npos;
}

}  // namespace

bool passes_as_token(std::string_view value, bool fixed) noexcept {
  if (!value.starts_with("ptok:") && !value.starts_with("\"ptok:")) return false;
  if (!fixed) return true;
  if (value.size() > 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return Token::parse(value).has_value();
}

Unquoted unquote(std::string_view value) noexcept {
  if (!value.starts_with('"') || !value.ends_with('"')) return {value, false};
  const std::size_t first = value.find_first_not_of('"');
  if (first == std::string_view::npos) return {{}, true};
  return {value.substr(first, value.find_last_not_of('"') + 1 - first), true};
}

bool is_sensitive_key(std::string_view key) {
  const std::string text = lower(key);
  if (is_one_of(kSafeNames, text)) return false;
  return std::any_of(kSensitiveWords.begin(), kSensitiveWords.end(),
                     [&](std::string_view word) { return contains(text, word); });
}

KeyHint hint_of(std::string_view key) {
  const std::string text = lower(key);
  if (contains(text, "phone") || contains(text, "mobile") || contains(text, "tel")) {
    return contains(text, "email") ? KeyHint::phone_or_email : KeyHint::phone;
  }
  return contains(text, "email") ? KeyHint::email : KeyHint::none;
}

const char* fixed_field_type(KeyHint hint, std::string_view value) {
  if (is_international(value)) return "phone";
  if (!unicode::is_stripped_ascii(value)) {
    if (base::find_invalid_utf8(value) != std::string_view::npos) return "generic";
    value = unicode::strip(value);
  }
  struct Found;
  auto& found = base::thread_scratch<std::vector<Replacement>, Found>();
  found.clear();
  find_emails(value, found);
  if (is_whole(value, found)) return "email";
  found.clear();
  if (may_begin_phone(value)) find_phones(value, true, found);
  if (is_whole(value, found)) return "phone";
  const bool phone_key = hint == KeyHint::phone || hint == KeyHint::phone_or_email;
  // The phone rule drops all letters: what is no number would share one token.
  if (phone_key && looks_like_phone(value)) return "phone";
  return hint == KeyHint::email || hint == KeyHint::phone_or_email ? "email" : "generic";
}

bool is_authorization_key(std::string_view key) {
  // The longest has 13 letters, and a letter has at most 3 bytes before it is lowered.
  return key.size() <= 3 * kAuthorizationKeys[0].size() && is_one_of(kAuthorizationKeys, lower(key));
}

}  // namespace pii::mask::ecsctx
