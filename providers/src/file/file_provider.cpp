#include "pii/providers/file_provider.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "background_thread.hpp"
#include "file/keyset_file.hpp"
#include "telling_observer.hpp"
#include "worn_key.hpp"

namespace pii::providers {
namespace {

using Clock = KeysetFile::Clock;

// After a failed load() the same answer is given for a while, so that a missing file does not cost every call
// an open(2).
constexpr std::chrono::milliseconds kMinRetryTime{10};
constexpr std::chrono::milliseconds kMaxRetryTime{1000};

std::chrono::milliseconds retry_time(std::chrono::milliseconds check_interval) {
  if (check_interval.count() == 0) return kMaxRetryTime;
  return std::clamp(check_interval / 10, kMinRetryTime, kMaxRetryTime);
}

Error not_configured(KeysetUsage usage) {
  if (usage == KeysetUsage::token) {
    return Error(ErrorCode::not_configured, "no token keyset is configured", "set PII_TOKEN_KEYSET_PATH");
  }
  return Error(ErrorCode::access_denied,
               "this process has no reveal keyset, so it can neither protect nor reveal",
               "set PII_ACCESS=full and PII_REVEAL_KEYSET_PATH");
}

Error being_read() { return Error(ErrorCode::provider_unavailable, "the keyset file is being read"); }

FileProviderOptions with_telling_observer(FileProviderOptions options) {
  options.observer = TellingObserver::around(std::move(options.observer));
  return options;
}

}  // namespace

// What belongs to one process.
class FileProvider::Impl {
 public:
  Impl(const FileProviderOptions& options, KeysetCell& token, KeysetCell& reveal)
      : process_(::getpid()), options_(with_telling_observer(options)), interval_(options.check_interval) {
    if (!options.token_path.empty()) {
      entry(KeysetUsage::token).file.emplace(KeysetUsage::token, options.token_path, options_, token);
    }
    if (!options.reveal_path.empty()) {
      entry(KeysetUsage::reveal)
          .file.emplace(KeysetUsage::reveal, options.reveal_path, options_, reveal);
    }
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  pid_t process() const { return process_; }

  void start() {
    if (interval_.count() <= 0) return;
    const auto pause = pause_after(look_at_all());
    thread_error_ = start_background_thread(thread_, "pii-files", "the keyset files are not watched",
                                            [this, pause] { watch(pause); });
  }

  Result<void> load(KeysetUsage usage) {
    Entry& watched = entry(usage);
    if (!watched.file) return not_configured(usage);
    for (;;) {
      {
        const std::lock_guard lock(mutex_);
        if (watched.file->in_force()) return {};
        const auto now = Clock::now();
        if (watched.failed_until && now < *watched.failed_until) return *watched.file->last_error();
        if (watched.file->look(now) == KeysetFile::Look::settled) {
          if (watched.file->in_force()) return {};
          watched.failed_until = Clock::now() + retry_time(interval_);
          return *watched.file->last_error();
        }
      }
      std::this_thread::sleep_for(kSettleTime);
    }
  }

  // What load() answers on a thread that is telling the observer: it may hold the mutex.
  Result<void> known(KeysetUsage usage) {
    const Entry& watched = entry(usage);
    if (!watched.file) return not_configured(usage);
    if (watched.file->in_force()) return {};
    if (auto error = watched.file->last_error()) return *std::move(error);
    return being_read();
  }

  void check_now() {
    while (look_at_all() == KeysetFile::Look::unsettled) std::this_thread::sleep_for(kSettleTime);
  }

  KeysetHealth health(KeysetUsage usage) const {
    const auto& file = entries_[static_cast<std::size_t>(usage)].file;
    if (!file) return {};
    KeysetHealth health = file->health();
    if (thread_error_ && !health.last_error) health.last_error = thread_error_;
    return health;
  }

 private:
  struct Entry {
    std::optional<KeysetFile> file;
    std::optional<Clock::time_point> failed_until;
  };

  Entry& entry(KeysetUsage usage) { return entries_[static_cast<std::size_t>(usage)]; }

  KeysetFile::Look look_at_all() {
    const std::lock_guard lock(mutex_);
    auto all = KeysetFile::Look::settled;
    for (Entry& watched : entries_) {
      if (!watched.file) continue;
      if (watched.file->look(Clock::now()) == KeysetFile::Look::unsettled) all = KeysetFile::Look::unsettled;
    }
    return all;
  }

  std::chrono::milliseconds pause_after(KeysetFile::Look look) const {
    return look == KeysetFile::Look::unsettled ? std::min(interval_, kSettleTime) : interval_;
  }

  void watch(std::chrono::milliseconds pause) {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        if (wake_.wait_for(lock, pause, [this] { return stopping_; })) return;
      }
      try {
        pause = pause_after(look_at_all());
      } catch (const std::bad_alloc&) {  // the keysets in force stay; the next look may fare better
        pause = interval_;
      }
    }
  }

  const pid_t process_;
  const FileProviderOptions options_;
  const std::chrono::milliseconds interval_;
  std::array<Entry, 2> entries_;  // by KeysetUsage
  std::mutex mutex_;              // one look at a time
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
  std::optional<Error> thread_error_;
};

FileProvider::FileProvider(FileProviderOptions options)
    : options_(std::move(options)),
      token_cell_(cell_for_update(KeysetUsage::token)),
      reveal_cell_(cell_for_update(KeysetUsage::reveal)) {
  auto impl = std::make_unique<Impl>(options_, token_cell_, reveal_cell_);
  impl->start();
  impl_ = impl.release();
}

std::shared_ptr<FileProvider> FileProvider::make(FileProviderOptions options) {
  return std::shared_ptr<FileProvider>(new FileProvider(std::move(options)));
}

FileProvider::~FileProvider() {
  const Impl* impl = impl_.load();
  // In a child of fork(2) there is no thread to join, and its locks may be held for ever.
  if (impl->process() == ::getpid()) delete impl;
}

FileProvider::Impl& FileProvider::impl() const {
  return of_this_process(impl_, [this] {
    auto fresh = std::make_unique<Impl>(options_, token_cell_, reveal_cell_);
    fresh->start();
    return fresh;
  });
}

Result<void> FileProvider::load(KeysetUsage usage) {
  if (!telling) return impl().load(usage);
  // In a child of fork(2) the first look may be under way, and a second one would tell the observer again, and so on.
  Impl* const impl = impl_.load();
  return impl->process() == ::getpid() ? impl->known(usage) : being_read();
}

ProviderHealth FileProvider::health() const {
  const Impl& impl = this->impl();
  return {impl.health(KeysetUsage::token), impl.health(KeysetUsage::reveal)};
}

void FileProvider::key_is_worn(std::string_view kid, std::uint64_t ciphertexts) noexcept {
  tell_of_worn_key(options_.observer.get(), options_.reveal_path, kid, ciphertexts);
}

void FileProvider::check_now() {
  if (!telling) impl().check_now();
}

}  // namespace pii::providers
