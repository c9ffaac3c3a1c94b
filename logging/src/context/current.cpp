// The context of each thread, and the tokens that restore it.
#include <algorithm>
#include <atomic>
#include <vector>

#include "context/context_data.hpp"
#include "pii/logging/context.hpp"
#include "pii/logging/handler.hpp"

namespace pii::log {

namespace {

std::atomic<std::uint64_t> last_token{0};

struct Bound {
  std::uint64_t token;
  Context before;
};

// Logging goes on while a thread's objects are destroyed: then there is no context any more.
thread_local constinit bool thread_ended = false;

struct ThreadContext {
  Context current;
  std::vector<Bound> bound;
  ~ThreadContext() { thread_ended = true; }
};
thread_local ThreadContext thread_context;
const Context kNone;

}  // namespace

const Context& current_context() noexcept { return thread_ended ? kNone : thread_context.current; }

std::string build_traceparent() { return trace::to_traceparent(current_context().span()); }

std::string current_correlation_id() {
  const Context::Data* const data = current_context().data();
  if (data == nullptr) return {};
  if (!data->correlation_id.empty()) return data->correlation_id;
  return data->span.trace_id.valid() ? trace::to_string(data->span.trace_id) : std::string();
}

BindToken attach(Context next) {
  if (thread_ended) return {};
  const std::uint64_t token = last_token.fetch_add(1, std::memory_order_relaxed) + 1;
  thread_context.bound.push_back({token, thread_context.current});
  thread_context.current = std::move(next);
  return {token};
}

bool reset(BindToken token) noexcept {
  if (!thread_ended) {
    auto& bound = thread_context.bound;
    const auto found = std::find_if(bound.rbegin(), bound.rend(), [&](const Bound& b) { return b.token == token.id; });
    if (found != bound.rend()) {
      thread_context.current = std::move(found->before);
      bound.erase(found.base() - 1, bound.end());
      return true;
    }
  }
  count_ignored_reset();
  return false;
}

}  // namespace pii::log
