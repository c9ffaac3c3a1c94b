#include "vault/refresher.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "keyset_trust.hpp"
#include "vault/kv.hpp"

namespace pii::providers::vault {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr milliseconds kBackOffBase{1000};
constexpr milliseconds kBackOffMost{60'000};
constexpr milliseconds kBackOffLeast{100};
// How soon renewed credentials are noticed; asking costs a file read, for the login guard holds the network
// back.
constexpr milliseconds kCredentialsLook{5'000};

bool is_equal(const Error& a, const Error& b) { return a.code() == b.code() && a.message() == b.message(); }

}  // namespace

Refresher::Refresher(const VaultSettings& settings, Session& session, Pace& pace, KeysetCell& token,
                     KeysetCell& reveal, std::shared_ptr<Observer> observer)
    : settings_(settings),
      session_(session),
      pace_(pace),
      observer_(std::move(observer)),
      next_attempt_(pace.now()) {
  entries_[0] = {KeysetUsage::token, settings.token_keyset_path, &token, {}, {}, nullptr, {}};
  entries_[1] = {KeysetUsage::reveal, settings.reveal_keyset_path, &reveal, {}, {}, nullptr, {}};
}

void Refresher::attempt() {
  if (settings_.skip_verify) warn_of_skipped_verification();
  session_.begin();
  const auto failure = find_all();
  const auto now = pace_.now();
  if (failure) {
    const bool credentials = failure->error.code() == ErrorCode::login_failed;
    const milliseconds most = std::min(settings_.refresh, credentials ? kCredentialsLook : kBackOffMost);
    const milliseconds asked =
        std::chrono::duration_cast<milliseconds>(failure->retry_after.value_or(seconds(0)));
    const auto pause =
        std::max(kBackOffLeast, jittered(pace_, std::min(kBackOffBase, most), failures_, most));
    ++failures_;
    next_attempt_ = now + std::max(pause, std::min(asked, settings_.refresh));
    fail(*failure);
  } else {
    failures_ = 0;
    last_success_ = now;
    // A tenth less or more, so that a fleet that started together does not stay together.
    next_attempt_ = now + milliseconds(static_cast<milliseconds::rep>(
                              static_cast<double>(settings_.refresh.count()) * (0.9 + 0.2 * pace_.chance())));
    accept();
  }
  for (Entry& entry : entries_) entry.found.reset();
  {
    const std::lock_guard lock(mutex_);
    attempted_ = true;
  }
  first_attempt_over_.notify_all();
}

std::optional<Failure> Refresher::find_all() {
  for (Entry& entry : entries_) {
    if (entry.path.empty()) continue;
    if (auto failure = find(entry)) return failure;
  }
  return std::nullopt;
}

std::optional<Failure> Refresher::find(Entry& entry) {
  VaultSecret secret;
  if (auto failure = read_kv(session_, entry.path, secret)) return failure;
  const auto current = entry.cell->share();
  auto keyset = accept_keyset(secret.document, entry.usage, settings_.verify_key, current.get());
  if (!keyset) {
    return Failure{Failure::Kind::other,
                   Error(keyset.error().code(), "vault:" + entry.path + ": " + keyset.error().message(),
                         keyset.error().hint())};
  }
  entry.found_revision = secret.version;
  const bool same = current != nullptr && current->fingerprint() == (*keyset)->fingerprint();
  entry.found = same ? current : *std::move(keyset);
  return std::nullopt;
}

// All are there: only now the first of them comes into force.
void Refresher::accept() {
  std::array<bool, 2> is_new{};
  bool recovered = false;
  {
    const std::lock_guard lock(mutex_);
    const auto now = system_clock::now();
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      Entry& entry = entries_[i];
      if (entry.path.empty()) continue;
      is_new[i] = entry.cell->share() != entry.found;
      if (is_new[i]) entry.cell->replace(entry.found);
      if (is_new[i]) entry.loaded_at = now;
      entry.revision = entry.found_revision;
    }
    recovered = last_error_.has_value();
    last_error_.reset();
    checked_at_ = confirmed_at_ = now;
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (is_new[i] || (recovered && !entries_[i].path.empty())) {
      notify(ProviderEvent::Kind::loaded, entries_[i], nullptr);
    }
  }
}

void Refresher::fail(const Failure& failure) {
  bool is_news = false;
  {
    const std::lock_guard lock(mutex_);
    checked_at_ = system_clock::now();
    is_news = !last_error_ || !is_equal(*last_error_, failure.error);
    last_error_ = failure.error;
  }
  if (!is_news) return;
  for (const Entry& entry : entries_) {
    if (entry.path.empty()) continue;
    const bool in_force = entry.cell->share() != nullptr;
    notify(in_force ? ProviderEvent::Kind::reload_failed : ProviderEvent::Kind::load_failed, entry,
           &failure.error);
  }
}

std::optional<Pace::Clock::time_point> Refresher::stale_at() const {
  if (settings_.max_stale.count() == 0 || !last_success_) return std::nullopt;
  return *last_success_ + settings_.max_stale;
}

void Refresher::withdraw_if_stale() {
  const auto end = stale_at();
  if (!end || pace_.now() < *end) return;
  last_success_.reset();
  const Error error(ErrorCode::provider_unavailable,
                    "the keysets are older than PII_MAX_STALE_SECONDS allows, and Vault cannot be asked",
                    "piictl doctor tells what keeps it from being asked");
  {
    const std::lock_guard lock(mutex_);
    last_error_ = error;
    for (Entry& entry : entries_) {
      if (!entry.path.empty()) entry.cell->replace(nullptr);
    }
  }
  for (const Entry& entry : entries_) {
    if (!entry.path.empty()) notify(ProviderEvent::Kind::withdrawn, entry, &error);
  }
}

std::optional<Error> Refresher::reason(KeysetUsage usage, Pace::Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const Entry& entry = entries_[static_cast<std::size_t>(usage)];
  if (entry.path.empty()) {
    if (usage == KeysetUsage::token) {
      return Error(ErrorCode::not_configured, "no token keyset is configured",
                   "set PII_VAULT_TOKEN_KEYSET_PATH");
    }
    return Error(ErrorCode::access_denied,
                 "this process has no reveal keyset, so it can neither protect nor reveal",
                 "set PII_ACCESS=full and PII_VAULT_REVEAL_KEYSET_PATH");
  }
  first_attempt_over_.wait_until(lock, deadline, [this] { return attempted_; });
  if (entry.cell->share() != nullptr) return std::nullopt;
  if (last_error_) return last_error_;
  return Error(ErrorCode::provider_unavailable, "vault:" + entry.path + ": no answer yet",
               "PII_VAULT_TIMEOUT sets how long to wait");
}

KeysetHealth Refresher::health(KeysetUsage usage) const {
  const std::lock_guard lock(mutex_);
  const Entry& entry = entries_[static_cast<std::size_t>(usage)];
  KeysetHealth health;
  if (entry.path.empty()) return health;
  health.configured = true;
  health.source = "vault:" + entry.path;
  if (const auto current = entry.cell->share()) {
    health.in_force = true;
    health.primary_kid = current->primary_kid();
    health.fingerprint = current->fingerprint();
    health.revision = entry.revision;
  }
  health.loaded_at = entry.loaded_at;
  health.checked_at = checked_at_;
  health.confirmed_at = confirmed_at_;
  health.last_error = last_error_;
  if (settings_.skip_verify) health.warning = "PII_VAULT_SKIP_VERIFY: anybody may pose as the server";
  return health;
}

void Refresher::notify(ProviderEvent::Kind kind, const Entry& entry, const Error* error) const {
  if (observer_ == nullptr) return;
  const auto current = entry.cell->share();
  const std::string source = "vault:" + entry.path;
  observer_->on_event(
      {kind, entry.usage, source, current != nullptr ? std::string_view(current->primary_kid()) : "", error});
}

void Refresher::warn_of_skipped_verification() const {
  const Error error(
      ErrorCode::invalid_setting,
      "PII_VAULT_SKIP_VERIFY is set: the server's certificate is not checked, and anybody may pose as it "
      "and take the credentials",
      "unset it, and name the authority in PII_VAULT_CACERT_PATH");
  if (observer_ == nullptr) {
    // Nobody listens, and this must not go unheard.
    std::fputs(("pii: warning: " + error.message() + "\n").c_str(), stderr);
    return;
  }
  for (const Entry& entry : entries_) {
    if (!entry.path.empty()) return notify(ProviderEvent::Kind::not_verified, entry, &error);
  }
}

}  // namespace pii::providers::vault
