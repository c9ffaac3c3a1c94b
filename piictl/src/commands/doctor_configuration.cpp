#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "clock.hpp"
#include "commands/doctor_checks.hpp"
#include "keyset_file.hpp"
#include "keyset_summary.hpp"
#include "pii/keyset_document.hpp"
#include "pii/protector.hpp"
#include "pii/tokenizer.hpp"
#include "report.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetUsage;
using Status = Check::Status;

constexpr std::int64_t kOldKeyDays = 365;

Check failed(std::string name, const Error& error) {
  return {std::move(name), Status::fail, error.message(), error.hint(), error.code()};
}

std::string describe(const Settings& settings) {
  const auto& configuration = settings.configuration;
  const bool full = configuration.access == pii::providers::Access::full;
  return (settings.home ? "home " + *settings.home : std::string("flags and PII_* variables")) +
         ", environment \"" + configuration.environment + "\", access " + (full ? "full" : "tokenize");
}

Check check_permissions(const std::string& name, const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0)
    return {name, Status::warn, path + ": cannot be looked at", "check the path"};
  if ((status.st_mode & 0022) != 0) {
    return {name, Status::fail, path + ": others may write it, and so choose your keys", "chmod 600 " + path,
            ErrorCode::file_permission};
  }
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return {name, Status::warn, path + ": another user owns it", "chown it to the user who runs the service"};
  }
  if ((status.st_mode & 0044) != 0) {
    return {name, Status::warn, path + ": others may read it", "chmod 600 " + path};
  }
  return {name, Status::ok, "only its owner may read or write " + path};
}

Check check_folder(const std::string& name, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  struct stat status = {};
  if (::stat(folder.c_str(), &status) == 0 && (status.st_mode & 0022) != 0 &&
      (status.st_mode & S_ISVTX) == 0) {
    return {name, Status::fail, folder + ": others may put another file in its place", "chmod go-w " + folder,
            ErrorCode::file_permission};
  }
  return {name, Status::ok, "only its owner may replace files in " + folder};
}

Check check_age(const std::string& name, const pii::Keyset& keyset) {
  const std::string primary = writing_kid(keyset);
  for (const pii::KeyInfo& key : keyset.keys()) {
    if (key.kid != primary) continue;
    const auto days = age_in_days(key.created_at, std::time(nullptr));
    if (!days)
      return {name, Status::warn, "nothing says how old " + key.kid + " is", "piictl keyset lint tells more"};
    const std::string detail = "the primary key " + key.kid + " is " + std::to_string(*days) + " days old";
    if (*days < kOldKeyDays) return {name, Status::ok, detail};
    return {name, Status::warn, detail, "piictl rotate makes a new one"};
  }
  return {name, Status::fail, "no primary key", "", ErrorCode::invalid_keyset};
}

// One value through the keyset and back, with the settings that commands would use.
Check dry_run(const std::string& name, KeysetUsage usage, const CommonFlags& flags) {
  const Report silent(false, true, false);
  const auto keyset = open_keyset(usage, Session{.flags = flags, .report = silent, .opens_again = true});
  if (!keyset) return failed(name, keyset.error());
  const auto field = pii::FieldType::make("doctor");
  if (!field) return failed(name, field.error());
  constexpr std::string_view kValue = "dry run";
  if (usage == KeysetUsage::token) {
    const auto& keys = keyset->provider->cell(usage).read()->keys();
    const auto makes_tokens = [](const pii::KeyInfo& key) { return role_of(key.type) == pii::KeyRole::token; };
    if (std::ranges::none_of(keys, makes_tokens)) return {name, Status::ok, "no key for tokens here: index and preserve alone"};
    const auto token = pii::Tokenizer(keyset->provider, keyset->environment).tokenize(*field, kValue);
    return token ? Check{name, Status::ok, "a value became a token"} : failed(name, token.error());
  }
  const pii::Protector protector(keyset->provider, keyset->environment);
  pii::Binding binding;
  if (keyset->provider->cell(usage).read()->policy().require_record) binding.record = "doctor";
  const auto ciphertext = protector.protect(*field, kValue, binding);
  if (!ciphertext) return failed(name, ciphertext.error());
  const auto revealed = protector.reveal(*field, *ciphertext, pii::Base64Mode::strict, binding);
  if (!revealed) return failed(name, revealed.error());
  if (revealed->expose() != kValue)
    return {name, Status::fail, "a value came back changed", "", ErrorCode::internal};
  return {name, Status::ok, "a value was protected and revealed"};
}

void check_keyset(std::vector<Check>& checks, KeysetUsage usage, const std::string& path,
                  const CommonFlags& flags) {
  const std::string name = std::string(pii::to_string(usage)) + " keyset";
  if (path.empty()) {
    checks.push_back({name, Status::ok,
                      usage == KeysetUsage::token ? "not configured: no tokens here"
                                                  : "not configured: neither protect nor reveal here"});
    return;
  }
  const Report silent(false, true, false);
  const auto loaded = load_keyset_file(Session{.flags = flags, .report = silent}, path);
  if (!loaded) {
    checks.push_back(failed(name, loaded.error()));
    return;
  }
  if (loaded->keyset->usage() != usage) {
    checks.push_back({name, Status::fail,
                      path + ": is a " + std::string(pii::to_string(loaded->keyset->usage())) + " keyset",
                      "name the right file", ErrorCode::invalid_keyset});
    return;
  }
  const std::size_t count = loaded->keyset->keys().size();
  checks.push_back({name, Status::ok,
                    path + ": " + std::to_string(count) + (count == 1 ? " key" : " keys") + ", primary " +
                        loaded->keyset->primary_kid()});
  checks.push_back(check_permissions(name + " permissions", path));
  checks.push_back(check_folder(name + " folder", path));
  checks.push_back(check_age(name + " age", *loaded->keyset));
  const auto findings = pii::lint_keyset_document(loaded->document());
  if (findings && !findings->empty()) {
    checks.push_back({name + " lint", Status::warn, std::to_string(findings->size()) + " findings",
                      "piictl keyset lint " + path});
  }
  checks.push_back(dry_run(name + " dry run", usage, flags));
}

}  // namespace

std::vector<Check> check_configuration(const CommonFlags& flags) {
  const auto settings = load_settings(flags, std::nullopt);
  if (!settings) return {failed("configuration", settings.error())};
  std::vector<Check> checks = {{"configuration", Status::ok, describe(*settings)}};
  if (!settings->environment_named) {
    checks[0] = {"configuration", Status::warn, describe(*settings),
                 "set PII_ENV: values of one environment never match another's"};
  }
  if (settings->configuration.provider == pii::providers::ProviderKind::vault) {
    const auto& vault = settings->configuration.vault;
    std::ranges::move(check_vault(vault), std::back_inserter(checks));
    if (std::ranges::find(checks, Status::fail, &Check::status) != checks.end()) return checks;
    if (!vault.token_keyset_path.empty())
      checks.push_back(dry_run("token keyset dry run", KeysetUsage::token, flags));
    if (!vault.reveal_keyset_path.empty()) {
      checks.push_back(dry_run("reveal keyset dry run", KeysetUsage::reveal, flags));
    }
    return checks;
  }
  check_keyset(checks, KeysetUsage::token, settings->configuration.token_keyset_path, flags);
  check_keyset(checks, KeysetUsage::reveal, settings->configuration.reveal_keyset_path, flags);
  return checks;
}

}  // namespace piictl
