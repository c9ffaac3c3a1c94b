#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pii/observer.hpp"

namespace pii::kit {

/// Remembers every event.
class RecordingObserver final : public Observer {
 public:
  struct Event {
    ProviderEvent::Kind kind;
    KeysetUsage usage;
    std::string source;
    std::string primary_kid;
    ErrorCode code;
    std::string message;
  };

  void on_event(const ProviderEvent& event) noexcept override {
    const std::lock_guard lock(mutex_);
    events_.push_back({event.kind, event.usage, std::string(event.source), std::string(event.primary_kid),
                       event.error != nullptr ? event.error->code() : ErrorCode::ok,
                       event.error != nullptr ? event.error->message() : ""});
  }

  std::size_t count(ProviderEvent::Kind kind) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(events_.begin(), events_.end(),
                                                  [kind](const Event& event) { return event.kind == kind; }));
  }

  std::vector<Event> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Event> events_;
};

}  // namespace pii::kit
