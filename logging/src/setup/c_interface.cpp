#include <pthread.h>

#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "front/pipeline.hpp"
#include "pii/c_keys.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/log.h"
#include "pii/logging/logger.hpp"

namespace {

using namespace pii::log;

// C has no scopes: the session of this process that C began. Never destroyed, as loggers are used until the process is gone. The lock is
// held for moments only, never while anything is flushed or ended, so that a fork may take it.
struct OfC {
  // A pipeline lives for ever: it can be flushed while, and after, it ends.
  struct Begun {
    Pipeline* pipeline = nullptr;  // until its end has come back
    bool has_session = false;      // until somebody ends it
  };
  std::mutex mutex;
  Begun begun;

  Begun begin(Pipeline* pipeline) {
    const std::lock_guard lock(mutex);
    return std::exchange(begun, {pipeline, true});
  }
  Begun get() {
    const std::lock_guard lock(mutex);
    return begun;
  }
  // The session is the caller's to end, if there was one.
  Begun take() {
    const std::lock_guard lock(mutex);
    const Begun taken = begun;
    begun.has_session = false;
    return taken;
  }
  void forget(const Pipeline* pipeline) {
    const std::lock_guard lock(mutex);
    if (begun.pipeline == pipeline && !begun.has_session) begun = {};
  }
};
OfC& of_c() {
  static OfC& state = *new OfC;
  return state;
}
// What has ended in the parent has nothing of the child's, and its locks may be those of the parent's threads.
// Registered before what a program registers, as its handlers may log (session.cpp).
[[gnu::constructor(1000)]] void watch_forks_of_c() {
  ::pthread_atfork([] { of_c().mutex.lock(); }, [] { of_c().mutex.unlock(); },
                   [] {
                     OfC& state = of_c();
                     if (!is_in_force(state.begun.pipeline)) state.begun = {};
                     state.mutex.unlock();
                   });
}

std::string_view text_of(const char* text) noexcept { return text == nullptr ? std::string_view() : std::string_view(text); }

Field field_of(const pii_field& field) noexcept {
  const std::string_view key = text_of(field.key);
  const auto text = [&] {
    return field.value.text.data == nullptr ? std::string_view() : std::string_view(field.value.text.data, field.value.text.size);
  };
  switch (field.kind) {
    case PII_BOOL: return {key, field.value.boolean != 0};
    case PII_INT: return {key, field.value.integer};
    case PII_UINT: return {key, field.value.unsigned_integer};
    case PII_REAL: return {key, field.value.real};
    case PII_TEXT: return {key, text()};
    case PII_SENSITIVE: return sensitive(text_of(field.field_type), key, text());
    case PII_SECRET: return secret(key, {});
    case PII_NULL: break;
  }
  return {key, nullptr};
}

Level level_of(enum pii_log_level level) noexcept {
  return level < PII_LOG_TRACE || level > PII_LOG_CRITICAL ? Level::error : static_cast<Level>(level);
}

}  // namespace

extern "C" {

PII_EXPORT int pii_log_start(const pii_keys* keys) {
  return pii::c_call([&]() -> pii::Result<void> {
    auto configuration = configuration_from_environment();
    if (!configuration) return std::move(configuration).error();
    if (keys != nullptr) configuration->keys = keys->keys;
    auto pipeline = start_pipeline(*std::move(configuration), nullptr);
    if (!pipeline) return std::move(pipeline).error();
    const OfC::Begun old = of_c().begin(*pipeline);  // one that is there already may have been ended by others
    if (old.has_session) end_session(*old.pipeline, std::chrono::seconds(5));
    return {};
  });
}

PII_EXPORT int pii_log_enabled(enum pii_log_level level, const char* logger) {
  try {
    return get_logger(text_of(logger)).enabled(level_of(level)) ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

PII_EXPORT void pii_log_write(enum pii_log_level level, const char* logger, const char* event, const pii_field* fields, size_t count) {
  try {
    const Logger log = get_logger(text_of(logger));
    if (!log.enabled(level_of(level))) return;
    std::vector<Field> list;
    if (fields != nullptr) {
      for (size_t i = 0; i < count; ++i) list.push_back(field_of(fields[i]));
    }
    log.log_list(level_of(level), runtime_event(text_of(event), "", "", 0), list);
  } catch (...) {
    // No memory for the fields: there is nobody to tell.
  }
}

PII_EXPORT int pii_log_flush(unsigned milliseconds) {
  const OfC::Begun begun = of_c().get();
  return begun.pipeline == nullptr || begun.pipeline->flush(std::chrono::milliseconds(milliseconds)) ? 1 : 0;
}

PII_EXPORT int pii_log_end(unsigned milliseconds) {
  const OfC::Begun begun = of_c().take();
  if (begun.pipeline == nullptr) return 1;
  const std::chrono::milliseconds deadline(milliseconds);
  if (!begun.has_session) return begun.pipeline->flush(deadline) ? 1 : 0;  // another thread ends it
  const bool all = release_session(*begun.pipeline, deadline);
  of_c().forget(begun.pipeline);
  return all ? 1 : 0;
}

}  // extern "C"
