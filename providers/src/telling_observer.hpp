#pragma once

#include <memory>
#include <utility>

#include "pii/observer.hpp"

namespace pii::providers {

// Whether this thread is telling an observer something. A logger that is one may ask for the keyset meanwhile, to mask what it was
// told: that must neither wait for what this thread holds nor look again.
inline thread_local constinit bool telling = false;

class TellingObserver final : public Observer {
 public:
  /// Null for null.
  static std::shared_ptr<Observer> around(std::shared_ptr<Observer> observer) {
    if (observer == nullptr) return nullptr;
    return std::make_shared<TellingObserver>(std::move(observer));
  }
  explicit TellingObserver(std::shared_ptr<Observer> observer) : observer_(std::move(observer)) {}

  void on_event(const ProviderEvent& event) noexcept override {
    const bool before = std::exchange(telling, true);
    observer_->on_event(event);
    telling = before;
  }

 private:
  const std::shared_ptr<Observer> observer_;
};

}  // namespace pii::providers
