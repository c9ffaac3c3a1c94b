#include "pii/providers/vault_provider.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "background_thread.hpp"
#include "telling_observer.hpp"
#include "vault/address.hpp"
#include "vault/curl_transport.hpp"
#include "vault/refresher.hpp"
#include "vault/system_pace.hpp"
#include "worn_key.hpp"

namespace pii::providers {
namespace {

// In a child of fork(2) libcurl may fail to start, and nobody is there to be told but the callers of load().
class BrokenTransport final : public vault::HttpTransport {
 public:
  explicit BrokenTransport(Error error) : error_(std::move(error)) {}
  Result<vault::HttpResponse> send(const vault::HttpRequest&) override { return error_; }
  void cancel() noexcept override {}
  void close() noexcept override {}

 private:
  const Error error_;
};

// The paths as they go into a URL.
Result<void> clean_paths(VaultSettings& settings) {
  for (const auto& [path, name] : {std::pair{&settings.token_keyset_path, "PII_VAULT_TOKEN_KEYSET_PATH"},
                                   {&settings.reveal_keyset_path, "PII_VAULT_REVEAL_KEYSET_PATH"},
                                   {&settings.auth_mount, "PII_VAULT_AUTH_MOUNT"}}) {
    if (path->empty()) continue;
    auto clean = vault::parse_api_path(*path, name);
    if (!clean) return std::move(clean).error();
    *path = *std::move(clean);
  }
  return {};
}

}  // namespace

// What belongs to one process.
class VaultProvider::Impl {
 public:
  using Clock = vault::Pace::Clock;

  Impl(const VaultProviderOptions& options, KeysetCell& token, KeysetCell& reveal,
       std::unique_ptr<vault::HttpTransport> transport)
      : process_(::getpid()),
        settings_(options.settings),
        transport_(std::move(transport)),
        session_(settings_, *transport_, pace_),
        refresher_(settings_, session_, pace_, token, reveal, TellingObserver::around(options.observer)),
        once_(!options.keep_fresh) {}

  ~Impl() {
    pace_.stop();
    transport_->cancel();
    if (thread_.joinable()) thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  pid_t process() const { return process_; }

  void start() {
    if (once_) return;
    thread_error_ =
        start_background_thread(thread_, "pii-vault", "Vault is not asked", [this] { keep_fresh(); });
  }

  Result<void> load(KeysetUsage usage) {
    if (once_ && !telling) ask_once();
    if (thread_error_) return *thread_error_;
    // A little more than an attempt may take: the thread's own account of it is better than ours.
    constexpr std::chrono::milliseconds kGrace{500};
    const auto patience = telling ? std::chrono::milliseconds(0) : settings_.timeout + kGrace;
    if (auto reason = refresher_.reason(usage, Clock::now() + patience)) return *std::move(reason);
    return {};
  }

  KeysetHealth health(KeysetUsage usage) const {
    KeysetHealth health = refresher_.health(usage);
    if (thread_error_ && health.configured && !health.last_error) health.last_error = thread_error_;
    return health;
  }

 private:
  void ask_once() {
    const std::lock_guard lock(once_mutex_);
    if (asked_) return;
    asked_ = true;
    refresher_.attempt();
    session_.begin();
    session_.end();
    transport_->close();
  }

  void keep_fresh() {
    while (!stopping()) {
      try {
        const auto now = Clock::now();
        if (now >= refresher_.next_attempt()) refresher_.attempt();
        if (session_.renew_at() && Clock::now() >= *session_.renew_at()) {
          session_.begin();
          session_.renew();
        }
        refresher_.withdraw_if_stale();
      } catch (const std::bad_alloc&) {  // the keysets in force stay; the next attempt may fare better
        if (!pace_.pause(std::chrono::seconds(1))) return;
      }
      auto wake = refresher_.next_attempt();
      if (session_.renew_at()) wake = std::min(wake, *session_.renew_at());
      if (refresher_.stale_at()) wake = std::min(wake, *refresher_.stale_at());
      if (!pace_.pause_until(wake)) return;
    }
  }
  bool stopping() { return !pace_.pause(std::chrono::milliseconds(0)); }

  const pid_t process_;
  const VaultSettings settings_;
  vault::SystemPace pace_;
  std::unique_ptr<vault::HttpTransport> transport_;
  vault::Session session_;
  vault::Refresher refresher_;
  const bool once_;
  std::mutex once_mutex_;
  bool asked_ = false;
  std::thread thread_;
  std::optional<Error> thread_error_;
};

VaultProvider::VaultProvider(VaultProviderOptions options)
    : options_(std::move(options)),
      token_cell_(cell_for_update(KeysetUsage::token)),
      reveal_cell_(cell_for_update(KeysetUsage::reveal)) {}

VaultProvider::~VaultProvider() {
  const Impl* impl = impl_.load();
  // In a child of fork(2) there is no thread to join, and its locks may be held for ever.
  if (impl != nullptr && impl->process() == ::getpid()) delete impl;
}

Result<std::shared_ptr<VaultProvider>> VaultProvider::make(VaultProviderOptions options) {
  if (auto clean = clean_paths(options.settings); !clean) return clean.error();
  auto transport = vault::make_curl_transport(options.settings);
  if (!transport) return std::move(transport).error();
  std::shared_ptr<VaultProvider> provider(new VaultProvider(std::move(options)));
  auto impl = std::make_unique<Impl>(provider->options_, provider->token_cell_, provider->reveal_cell_,
                                     *std::move(transport));
  impl->start();
  provider->impl_ = impl.release();
  return provider;
}

VaultProvider::Impl& VaultProvider::impl() const {
  return of_this_process(impl_, [this] {
    auto transport = vault::make_curl_transport(options_.settings);
    auto fresh = std::make_unique<Impl>(
        options_, token_cell_, reveal_cell_,
        transport ? *std::move(transport) : std::make_unique<BrokenTransport>(transport.error()));
    fresh->start();
    return fresh;
  });
}

Result<void> VaultProvider::load(KeysetUsage usage) { return impl().load(usage); }

void VaultProvider::key_is_worn(std::string_view kid, std::uint64_t ciphertexts) noexcept {
  tell_of_worn_key(options_.observer.get(), options_.settings.reveal_keyset_path, kid, ciphertexts);
}

ProviderHealth VaultProvider::health() const {
  const Impl& impl = this->impl();
  return {impl.health(KeysetUsage::token), impl.health(KeysetUsage::reveal)};
}

}  // namespace pii::providers
