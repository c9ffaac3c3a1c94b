#pragma once

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "pii/logging/context.hpp"

namespace pii::log {

/// The context of one coroutine: on the thread from here on, away from it while the coroutine is suspended in with_context(), and on
/// whatever thread resumes it. A local of the coroutine; a coroutine that it awaits takes capture() as an argument and has a scope
/// of its own. Suspend in with_context() only, and let no ScopedContext live across it: bind() here instead.
class CoroutineScope {
 public:
  explicit CoroutineScope(Context context = capture()) : context_(std::move(context)), token_(attach(context_)) {}
  CoroutineScope(const CoroutineScope&) = delete;
  CoroutineScope& operator=(const CoroutineScope&) = delete;
  ~CoroutineScope() { leave(); }

  /// Binds more until the coroutine's end.
  template <std::same_as<ContextEntry>... Entries>
  void bind(const Entries&... entries) {
    const ContextEntry list[] = {entries...};
    context_ = context_.with(list);
    if (!token_) return;
    leave();
    enter();
  }
  void leave() noexcept {
    if (token_) reset(*token_);
    token_.reset();
  }
  void enter() {
    if (!token_) token_ = attach(context_);
  }

 private:
  Context context_;
  std::optional<BindToken> token_;
};

/// What `awaitable` awaits, with the scope's context off the thread from suspension to resumption.
template <class Awaiter>
class ContextAwaiter {
 public:
  template <class Make>
  ContextAwaiter(CoroutineScope& scope, Make make) : scope_(scope), inner_(make()) {}  // in place: awaiters may be immovable

  bool await_ready() { return inner_.await_ready(); }
  template <class Promise>
  auto await_suspend(std::coroutine_handle<Promise> coroutine) {
    // Before the other side knows the coroutine: then another thread may run it, and this object be gone.
    scope_.leave();
    try {
      return inner_.await_suspend(coroutine);
    } catch (...) {
      scope_.enter();  // it did not suspend
      throw;
    }
  }
  decltype(auto) await_resume() {
    scope_.enter();
    return inner_.await_resume();
  }

 private:
  CoroutineScope& scope_;
  Awaiter inner_;
};

/// `co_await with_context(scope, read_some())`. The promise's await_transform does not see `awaitable`.
template <class Awaitable>
auto with_context(CoroutineScope& scope, Awaitable&& awaitable) {
  const auto awaiter = [&awaitable]() -> decltype(auto) {
    if constexpr (requires { std::forward<Awaitable>(awaitable).operator co_await(); }) {
      return std::forward<Awaitable>(awaitable).operator co_await();
    } else if constexpr (requires { operator co_await(std::forward<Awaitable>(awaitable)); }) {
      return operator co_await(std::forward<Awaitable>(awaitable));
    } else {
      return std::forward<Awaitable>(awaitable);
    }
  };
  using Made = decltype(awaiter());
  // A temporary is kept, what has a name is referred to.
  using Kept = std::conditional_t<std::is_rvalue_reference_v<Made>, std::remove_reference_t<Made>, Made>;
  return ContextAwaiter<Kept>(scope, awaiter);
}

}  // namespace pii::log
