#include "configuration/environment_settings.hpp"

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "pii/keyset_signature.hpp"
#include "pii/names.hpp"

namespace pii::providers {
namespace {

Error invalid_setting(const char* name, std::string_view what, std::string hint) {
  return Error(ErrorCode::invalid_setting, std::string(name) + ": " + std::string(what), std::move(hint));
}

std::string lower_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// `digits` or `digits.digits` in milliseconds, or -1. No sign, exponent, space, underscore, infinity or hex,
// whatever Python's float() makes of them.
std::chrono::milliseconds parse_seconds(std::string_view text) {
  constexpr std::chrono::milliseconds kInvalid{-1};
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (!is_digits(whole)) return kInvalid;
  std::string thousandths = "000";
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (!is_digits(fraction)) return kInvalid;
    for (std::size_t i = 0; i < thousandths.size() && i < fraction.size(); ++i) thousandths[i] = fraction[i];
  }
  if (whole.size() > 9) return std::chrono::milliseconds::max();  // beyond every range
  const std::string digits = std::string(whole) + thousandths;
  std::chrono::milliseconds::rep value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return std::chrono::milliseconds(value);
}

std::string to_seconds(std::chrono::milliseconds time) {
  const auto whole = time.count() / 1000;
  const auto tenths = time.count() % 1000 / 100;
  return std::to_string(whole) + (tenths == 0 ? "" : "." + std::to_string(tenths));
}

}  // namespace

EnvironmentLookup process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

std::string EnvironmentSettings::text(const char* name) const {
  return lookup_(name).value_or(std::string());
}

Result<std::string> EnvironmentSettings::required(const char* name) const {
  std::string value = text(name);
  if (value.empty()) return Error(ErrorCode::not_configured, std::string(name) + " is not set");
  return value;
}

Result<std::chrono::milliseconds> EnvironmentSettings::seconds(const char* name,
                                                               const DurationRule& rule) const {
  const std::string value = text(name);
  if (value.empty()) return rule.absent;
  const std::string hint = "plain seconds from " + to_seconds(rule.least) + " to " + to_seconds(rule.most) +
                           ", such as " + to_seconds(rule.absent);
  const auto parsed = parse_seconds(value);
  if (parsed.count() < 0) return invalid_setting(name, "is not a plain decimal number", hint);
  if (parsed < rule.least || parsed > rule.most) return invalid_setting(name, "is out of range", hint);
  return parsed;
}

Result<std::string> EnvironmentSettings::reveal_path(const char* name, Access access) const {
  if (access != Access::full) return std::string();
  std::string path = text(name);
  if (path.empty()) {
    return Error(ErrorCode::invalid_setting, std::string(name) + " is not set, and PII_ACCESS is full",
                 "set it, or leave PII_ACCESS at tokenize");
  }
  return path;
}

Result<bool> EnvironmentSettings::yes_or_no(const char* name) const {
  const std::string value = lower_ascii(text(name));
  if (value == "1" || value == "true") return true;
  if (value.empty() || value == "0" || value == "false") return false;
  return invalid_setting(name, "is neither yes nor no", "set it to 1 or 0");
}

const char* EnvironmentSettings::first_of(std::initializer_list<const char*> names) const {
  for (const char* name : names) {
    if (!text(name).empty()) return name;
  }
  return "";
}

Result<ProviderKind> EnvironmentSettings::provider(TokenKeyset token_keyset) const {
  const std::string value = lower_ascii(text("PII_PROVIDER"));
  if (value == "file") return ProviderKind::file;
  if (value == "vault") return ProviderKind::vault;
  if (!value.empty())
    return invalid_setting("PII_PROVIDER", "is neither file nor vault", "set it to file or vault");
  if (!text("PII_TOKEN_KEYSET_PATH").empty()) return ProviderKind::file;
  if (token_keyset == TokenKeyset::optional && !text("PII_REVEAL_KEYSET_PATH").empty())
    return ProviderKind::file;
  return Error(ErrorCode::not_configured, "no keyset is configured",
               "set PII_TOKEN_KEYSET_PATH to a keyset file, or PII_PROVIDER=vault and PII_VAULT_*");
}

Result<Access> EnvironmentSettings::access() const {
  const std::string value = text("PII_ACCESS");
  if (value.empty() || value == "tokenize") return Access::tokenize;
  if (value == "full") return Access::full;
  return invalid_setting("PII_ACCESS", "is neither tokenize nor full",
                         "write it in lower case: tokenize (no reveal) or full");
}

Result<std::string> EnvironmentSettings::environment() const {
  const auto value = lookup_("PII_ENV");
  if (!value) return std::string("unknown");
  const auto name = Environment::make(*value);
  if (!name)
    return invalid_setting("PII_ENV", name.error().message(), "unset it, or give it a name such as prod");
  return name->name();
}

Result<std::string> EnvironmentSettings::verify_key() const {
  std::string key = text("PII_KEYSET_VERIFY_KEY");
  if (key.empty() || is_verify_key(key)) return key;
  return invalid_setting("PII_KEYSET_VERIFY_KEY", "is not 32 bytes in base64url",
                         "piictl keyset sign tells the one that belongs to a signing key");
}

}  // namespace pii::providers
