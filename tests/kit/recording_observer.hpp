#pragma once

#include <mutex>
#include <string>
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

  std::vector<Event> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Event> events_;
};

}  // namespace pii::kit
