#include "settings.hpp"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <string_view>

#include "home.hpp"
#include "pii/providers/file_provider.hpp"
#include "pii/providers/vault_provider.hpp"
#include "report.hpp"
#include "seal.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetUsage;
using pii::Result;

bool any_pii_variable() {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (text.starts_with("PII_") && equals != std::string_view::npos && equals + 1 < text.size()) return true;
  }
  return false;
}

// PII_* as they are once flags, or the home, have had their say.
class Overlay {
 public:
  void set(const char* name, std::string value) { values_[name] = std::move(value); }
  void hide(const char* name) { values_[name] = std::nullopt; }
  std::optional<std::string> get(const char* name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? process_(name) : found->second;
  }
  std::string text(const char* name) const { return get(name).value_or(std::string()); }

 private:
  pii::providers::EnvironmentLookup process_ = pii::providers::process_environment();
  std::map<std::string, std::optional<std::string>, std::less<>> values_;
};

// Where a keyset is decides who provides it.
void apply_keyset_flag(const std::string& source, const char* file_name, const char* vault_name,
                       Overlay& overlay) {
  if (source.empty()) return;
  const bool vault = is_in_vault(source);
  overlay.set("PII_PROVIDER", vault ? "vault" : "file");
  overlay.set(vault ? vault_name : file_name, std::string(vault_path(source)));
}

void apply_flags(const CommonFlags& flags, std::optional<KeysetUsage> usage, Overlay& overlay) {
  const std::pair<const char*, const std::string*> pairs[] = {
      {"PII_ENV", &flags.env}, {"PII_ACCESS", &flags.access}, {"PII_PROVIDER", &flags.provider}};
  for (const auto& [name, value] : pairs) {
    if (!value->empty()) overlay.set(name, *value);
  }
  const auto apply_token = [&] {
    apply_keyset_flag(flags.token_keyset, "PII_TOKEN_KEYSET_PATH", "PII_VAULT_TOKEN_KEYSET_PATH", overlay);
  };
  // The one that the command uses comes last and has the last word.
  if (usage != KeysetUsage::token) apply_token();
  apply_keyset_flag(flags.reveal_keyset, "PII_REVEAL_KEYSET_PATH", "PII_VAULT_REVEAL_KEYSET_PATH", overlay);
  if (usage == KeysetUsage::token) apply_token();
  // Who names the reveal keyset means to use it, unless access was said elsewhere.
  if (!flags.reveal_keyset.empty() && overlay.text("PII_ACCESS").empty()) overlay.set("PII_ACCESS", "full");
}

Result<void> apply_home(const Home& home, Overlay& overlay) {
  auto config = load_home_config(home);
  if (!config) return std::move(config).error();
  overlay.set("PII_PROVIDER", "file");
  overlay.set("PII_TOKEN_KEYSET_PATH", home.token_path());
  overlay.set("PII_REVEAL_KEYSET_PATH", home.reveal_path());
  overlay.set("PII_ENV", config->env);
  overlay.set("PII_ACCESS", config->access);
  return {};
}

// Leaves out what the command does not use, so that it is not asked for.
Result<void> narrow(KeysetUsage usage, Overlay& overlay) {
  const std::string access = overlay.text("PII_ACCESS");
  if (usage == KeysetUsage::token) {
    overlay.hide("PII_REVEAL_KEYSET_PATH");
    overlay.hide("PII_VAULT_REVEAL_KEYSET_PATH");
    if (access == "full") overlay.set("PII_ACCESS", "tokenize");
    return {};
  }
  const bool configured = !overlay.text("PII_REVEAL_KEYSET_PATH").empty() ||
                          !overlay.text("PII_TOKEN_KEYSET_PATH").empty() ||
                          !overlay.text("PII_PROVIDER").empty();
  if (configured && (access.empty() || access == "tokenize")) {
    return Error(ErrorCode::access_denied, "access is tokenize, which allows neither protect nor reveal",
                 "who may read values back says --access full, or sets PII_ACCESS=full");
  }
  return {};
}

// prepare_vault() has said it.
// What the provider says of itself, a command says when it fails; that a key is worn it could not know.
class WearWarner final : public pii::Observer {
 public:
  explicit WearWarner(const Report& report) : report_(report) {}
  void on_event(const pii::ProviderEvent& event) noexcept override {
    if (event.kind == pii::ProviderEvent::Kind::key_worn) report_.warning(event.error->message());
  }

 private:
  const Report report_;
};

class FileWarner final : public pii::Observer {
 public:
  explicit FileWarner(const Report& report) : report_(report) {}
  void on_event(const pii::ProviderEvent& event) noexcept override {
    const bool told = event.kind == pii::ProviderEvent::Kind::permissions_too_wide ||
                      event.kind == pii::ProviderEvent::Kind::key_worn;
    if (told && event.error != nullptr) {
      report_.warning(event.error->message());
    }
  }

 private:
  const Report report_;
};

const std::string& reveal_place(const pii::providers::Configuration& configuration) {
  return configuration.provider == pii::providers::ProviderKind::vault ? configuration.vault.reveal_keyset_path
                                                                       : configuration.reveal_keyset_path;
}

// A provider that asks once, and for nothing but the keyset of `usage`; with `reveal_too` also for that one.
Result<std::shared_ptr<pii::KeysetProvider>> make_short_provider(
    KeysetUsage usage, bool reveal_too, const pii::providers::Configuration& configuration,
    const Session& session) {
  const bool token = usage == KeysetUsage::token;
  const bool reveal = !token || reveal_too;
  if (configuration.provider == pii::providers::ProviderKind::vault) {
    pii::providers::VaultProviderOptions options{configuration.vault, false,
                                                 std::make_shared<WearWarner>(session.report)};
    options.settings.verify_key = configuration.keyset_verify_key;
    if (!token) options.settings.token_keyset_path.clear();
    if (!reveal) options.settings.reveal_keyset_path.clear();
    prepare_vault(options.settings);
    auto provider = pii::providers::VaultProvider::make(std::move(options));
    if (!provider) return std::move(provider).error();
    return std::shared_ptr<pii::KeysetProvider>(*std::move(provider));
  }
  pii::providers::FileProviderOptions options;
  if (token) options.token_path = configuration.token_keyset_path;
  if (reveal) options.reveal_path = configuration.reveal_keyset_path;
  options.check_interval = std::chrono::milliseconds(0);
  options.verify_key = configuration.keyset_verify_key;
  options.observer = std::make_shared<FileWarner>(session.report);
  Session asking = session;
  asking.keysets.reset();  // the provider, which keeps this, is among them
  options.unseal = [asking](const pii::SecretBytes& sealed) -> Result<pii::SecretBytes> {
    auto opened = open_seal(asking, pii::SecretBytes::copy_of(sealed.expose()));
    if (!opened) return std::move(opened).error();
    return *std::move(opened->opened);
  };
  return std::shared_ptr<pii::KeysetProvider>(pii::providers::FileProvider::make(std::move(options)));
}

// A token of the environment was used; it need not stay where a look at this process finds it.
void forget_token(const pii::providers::VaultSettings& settings) {
  if (settings.token_variable.empty()) return;
  if (char* value = std::getenv(settings.token_variable.c_str())) pii::wipe(value, std::strlen(value));
}

}  // namespace

Result<Settings> load_settings(const CommonFlags& flags, std::optional<KeysetUsage> usage) {
  if (!usage && !flags.token_keyset.empty() && !flags.reveal_keyset.empty() &&
      is_in_vault(flags.token_keyset) != is_in_vault(flags.reveal_keyset)) {
    return Error(ErrorCode::usage, "one keyset is a file, and the other is in Vault",
                 "name one of them at a time");
  }
  Overlay overlay;
  Settings settings;
  const bool named = !flags.token_keyset.empty() || !flags.reveal_keyset.empty() || flags.provider == "vault";
  if (!named && !any_pii_variable()) {
    auto home = find_home();
    if (!home) return std::move(home).error();
    if (auto applied = apply_home(*home, overlay); !applied) return applied.error();
    settings.home = home->folder;
  }
  apply_flags(flags, usage, overlay);
  settings.full_access = overlay.text("PII_ACCESS") == "full";
  if (usage) {
    if (auto narrowed = narrow(*usage, overlay); !narrowed) return narrowed.error();
  }
  settings.environment_named = overlay.get("PII_ENV").has_value();
  auto configuration = pii::providers::configuration_from_environment(
      [&overlay](const char* name) { return overlay.get(name); }, pii::providers::TokenKeyset::optional);
  if (!configuration) {
    const std::string& hint = configuration.error().hint();
    if (!hint.empty() && configuration.error().code() == ErrorCode::not_configured) {
      return Error(ErrorCode::not_configured, configuration.error().message(),
                   hint + "; or name the file with --token-keyset or --reveal-keyset");
    }
    if (!hint.empty()) return std::move(configuration).error();
    return Error(configuration.error().code(), configuration.error().message(),
                 "set it, or name the keyset with --token-keyset or --reveal-keyset");
  }
  settings.configuration = std::move(*configuration);
  return settings;
}

Result<pii::providers::VaultSettings> load_vault_settings(const CommonFlags& flags) {
  Overlay overlay;
  apply_flags(flags, std::nullopt, overlay);
  overlay.set("PII_PROVIDER", "vault");
  // Asked for: where the server is and how to log in. Whether access is full is not this question.
  const bool reveal = !overlay.text("PII_VAULT_REVEAL_KEYSET_PATH").empty();
  overlay.set("PII_ACCESS", reveal ? "full" : "tokenize");
  auto configuration = pii::providers::configuration_from_environment(
      [&overlay](const char* name) { return overlay.get(name); }, pii::providers::TokenKeyset::optional);
  if (!configuration) {
    const Error& error = configuration.error();
    if (error.code() != ErrorCode::not_configured || !error.hint().empty()) return error;
    return Error(error.code(), error.message(), "PII_VAULT_* say where the server is and how to log in: man piictl");
  }
  return std::move(configuration->vault);
}

namespace {

// `reveal_too`: what a policy that encrypts needs beside the token keyset.
Result<OpenKeyset> open(KeysetUsage usage, bool reveal_too, const Session& session) {
  auto settings = load_settings(session.flags, reveal_too ? std::optional<KeysetUsage>() : usage);
  if (!settings) return std::move(settings).error();
  const auto& configuration = settings->configuration;
  auto environment = pii::Environment::make(configuration.environment);
  if (!environment) return std::move(environment).error();

  const bool full = configuration.access == pii::providers::Access::full;
  reveal_too = reveal_too && full && !reveal_place(configuration).empty();
  auto made = make_short_provider(usage, reveal_too, configuration, session);
  if (!made) return std::move(made).error();
  std::shared_ptr<pii::KeysetProvider> provider = *std::move(made);
  auto loaded = provider->load(usage);
  if (loaded && reveal_too) loaded = provider->load(KeysetUsage::reveal);
  if (!loaded) {
    const Error& error = loaded.error();
    if (error.code() != ErrorCode::too_large || !error.hint().empty()) return error;
    return Error(error.code(), error.message(), "is this the right file?");
  }
  if (session.keysets) session.keysets->push_back(provider);
  if (!session.opens_again) forget_token(configuration.vault);
  if (settings->home) session.report.note("using the local keysets of " + *settings->home);
  if (!settings->environment_named) {
    session.report.note("no environment is named, so it is \"unknown\"; --env or PII_ENV names one");
  }
  return OpenKeyset{std::move(provider), *std::move(environment), reveal_too, settings->full_access};
}

}  // namespace

Result<OpenKeyset> open_keyset(KeysetUsage usage, const Session& session) {
  return open(usage, false, session);
}

Result<OpenKeyset> open_keysets(const Session& session) { return open(KeysetUsage::token, true, session); }

}  // namespace piictl
