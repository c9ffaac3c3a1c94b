// What is in force in this process: the pipeline, the thread that flushes, and what a fork does to both.
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>

#include "front/pipeline.hpp"
#include "output/byte_sink.hpp"
#include "trace/held_spans.hpp"

namespace pii::log {

namespace {

constexpr std::chrono::milliseconds kTick{500};

struct Process {
  std::atomic<Pipeline*> current{nullptr};
  std::atomic<Pipeline*> outside{nullptr};  // of before and after; made when it is needed
  std::mutex mutex;  // installing, the flusher
  std::condition_variable wake;
  std::vector<std::unique_ptr<Pipeline>> all;  // kept: calls that began with one may still run
  std::size_t sessions = 0;  // of the current one
  std::unique_ptr<std::thread> flusher;
  std::atomic<bool> flusher_lost{false};  // by a fork
  std::vector<Pipeline*> forking;  // whose sinks are locked meanwhile
};

// Never destroyed, as loggers are used until the process is gone.
Process& process() {
  static Process& state = *new Process;
  return state;
}

// With the lock held, as is what follows: a fork must not leave it half made. Never destroyed, as the process is not.
std::shared_ptr<const MaskPolicy> default_policy() {
  static const auto& policy = *new std::shared_ptr<const MaskPolicy>(*MaskPolicy::compile(*PolicySpec::profile("default")));
  return policy;
}

Pipeline& outside_session() {
  Process& state = process();
  if (Pipeline* const made = state.outside.load(std::memory_order_acquire)) return *made;
  const std::lock_guard lock(state.mutex);
  if (Pipeline* const made = state.outside.load(std::memory_order_acquire)) return *made;
  Configuration configuration;
  configuration.outputs.push_back(standard_error());
  auto policy = default_policy();
  auto* const pipeline = new Pipeline(std::move(configuration), policy, engine_maskers(policy, {}));
  state.forking.reserve(2);
  state.outside.store(pipeline, std::memory_order_release);
  return *pipeline;
}

// Until another one is in force, or none: the next session has a flusher of its own.
void run_flusher(Pipeline* pipeline) {
  Process& state = process();
  std::uint64_t reopened = reopen_requests();
  pipeline->flush_due();  // sinks count on it from now on
  std::unique_lock lock(state.mutex);
  while (state.current.load() == pipeline) {
    state.wake.wait_for(lock, kTick);
    if (state.current.load() != pipeline) continue;
    lock.unlock();
    if (reopened != reopen_requests()) {
      reopened = reopen_requests();
      pipeline->reopen();
    }
    pipeline->flush_due();
    pipeline->report_drops(std::chrono::steady_clock::now());
    pipeline->report_validation(std::chrono::steady_clock::now());
    lock.lock();
  }
}

// With the lock held. Without a thread lines still go out, when the next one comes.
void start_flusher(Process& state) noexcept {
  try {
    state.flusher = std::make_unique<std::thread>(&run_flusher, state.current.load());
    ::pthread_setname_np(state.flusher->native_handle(), "pii-log");
  } catch (...) {
    state.flusher.reset();
  }
}

// With the lock held, so that nobody joins or forks what is ending. Returns the flusher, which end_taken_out() waits for.
std::unique_ptr<std::thread> take_out(Process& state) noexcept {
  state.current.store(nullptr);
  return std::move(state.flusher);
}

bool end_taken_out(Pipeline& pipeline, std::unique_ptr<std::thread> flusher, std::chrono::milliseconds deadline) noexcept {
  const auto end = std::chrono::steady_clock::now() + deadline;
  process().wake.notify_all();
  if (flusher != nullptr) flusher->join();
  pipeline.report_validation(std::chrono::steady_clock::time_point::max() - std::chrono::minutes(2));
  const bool all = pipeline.flush(left_until(end));
  pipeline.end(end);
  return all;
}

void before_fork() {
  Process& state = process();
  state.mutex.lock();
  lock_loggers();
  trace::HeldSpans::of_process().before_fork();
  for (Pipeline* const pipeline : {state.current.load(), state.outside.load()}) {
    if (pipeline == nullptr) continue;
    pipeline->before_fork();
    state.forking.push_back(pipeline);
  }
}
void let_go(Process& state, bool in_child) noexcept {
  for (Pipeline* const pipeline : state.forking) pipeline->after_fork(in_child);
  state.forking.clear();
  trace::HeldSpans::of_process().after_fork(in_child);
  unlock_loggers();
}
void after_fork_in_parent() {
  Process& state = process();
  let_go(state, false);
  state.mutex.unlock();
}
void after_fork_in_child() {
  Process& state = process();
  let_go(state, true);
  // The thread is not here; its handle must not be joined, so it is let go.
  if (state.flusher != nullptr) state.flusher_lost.store(true);
  static_cast<void>(state.flusher.release());
  state.mutex.unlock();
}

// Before anybody else's: the handlers of a program may log, before ours take the locks and after they are let go.
[[gnu::constructor(1000)]] void watch_forks() { ::pthread_atfork(&before_fork, &after_fork_in_parent, &after_fork_in_child); }

void restart_flusher_in_child(Process& state) noexcept {
  if (!state.flusher_lost.load(std::memory_order_relaxed) || !state.flusher_lost.exchange(false)) return;
  const std::lock_guard lock(state.mutex);
  if (state.current.load() != nullptr && state.flusher == nullptr) start_flusher(state);
}

Result<void> check_outputs(const std::vector<Output>& outputs, const Sink* spans) {
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    if (output->sink == nullptr) return Error(ErrorCode::invalid_setting, "an output has no sink");
    if (std::any_of(outputs.begin(), output, [&](const Output& other) { return other.sink == output->sink; })) {
      return Error(ErrorCode::invalid_setting, "two outputs have one sink");
    }
    if (output->sink.get() == spans) return Error(ErrorCode::invalid_setting, "an output and the spans have one sink");
  }
  return {};
}

bool same_sink(const Sink* a, const Sink* b) {
  if (a == b || a == nullptr || b == nullptr) return a == b;
  const std::string target = a->target();
  return !target.empty() && target == b->target();
}

auto plain_settings(const Configuration& c) {
  return std::tie(c.service_name, c.service_version, c.project, c.environment, c.instance, c.level, c.levels, c.root_fields, c.validation,
                  c.origin, c.process, c.span_ids, c.keys.provider, c.keys.full_access, c.clock);
}

}  // namespace

// A policy or a processor that someone made is like no other; what compares by its address is compared so.
bool are_equal(const Configuration& a, const Configuration& b) {
  const auto same_output = [](const Output& one, const Output& other) {
    return std::tie(one.format, one.level, one.color, one.logger, one.additive) ==
               std::tie(other.format, other.level, other.color, other.logger, other.additive) &&
           same_sink(one.sink.get(), other.sink.get());
  };
  return plain_settings(a) == plain_settings(b) && a.policy == b.policy && a.processors.empty() && b.processors.empty() &&
         a.keys.environment.has_value() == b.keys.environment.has_value() &&
         (!a.keys.environment || a.keys.environment->name() == b.keys.environment->name()) && same_sink(a.spans.get(), b.spans.get()) &&
         std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(), same_output);
}

Pipeline& Pipeline::current() noexcept {
  Process& state = process();
  Pipeline* const pipeline = state.current.load(std::memory_order_acquire);
  if (pipeline == nullptr) return outside_session();
  restart_flusher_in_child(state);
  return *pipeline;
}

Result<Pipeline*> start_pipeline(Configuration configuration, MaskerMaker maskers) {
  if (configuration.outputs.empty()) configuration.outputs.push_back(standard_output());
  for (Output& output : configuration.outputs) {
    if (output.format == Format::automatic) output.format = Format::ecs;
  }
  if (auto good = check_outputs(configuration.outputs, configuration.spans.get()); !good) return std::move(good).error();
  Process& state = process();
  const std::lock_guard lock(state.mutex);
  auto policy = configuration.policy != nullptr ? configuration.policy : default_policy();
  if (!maskers) maskers = engine_maskers(policy, configuration.keys);
  if (Pipeline* const current = state.current.load()) {
    if (!are_equal(current->configuration(), configuration)) {
      return Error(ErrorCode::conflict, "logging has been started already, by another configuration");
    }
    ++state.sessions;
    return current;
  }
  state.sessions = 1;
  state.forking.reserve(2);
  apply_levels(configuration);
  auto pipeline = std::make_unique<Pipeline>(std::move(configuration), std::move(policy), std::move(maskers));
  state.current.store(pipeline.get(), std::memory_order_release);
  state.all.push_back(std::move(pipeline));
  start_flusher(state);
  return state.all.back().get();
}

bool end_pipeline(Pipeline& pipeline, std::chrono::milliseconds deadline) noexcept {
  Process& state = process();
  std::unique_lock lock(state.mutex);
  if (state.current.load() != &pipeline) {
    lock.unlock();
    return pipeline.flush(deadline);
  }
  auto flusher = take_out(state);
  lock.unlock();
  return end_taken_out(pipeline, std::move(flusher), deadline);
}

// Who has called shutdown() has waited as long as he wanted.
std::optional<bool> end_session(Pipeline& pipeline, std::chrono::milliseconds deadline) noexcept {
  Process& state = process();
  std::unique_lock lock(state.mutex);
  if (state.current.load() != &pipeline || --state.sessions != 0) return std::nullopt;
  auto flusher = take_out(state);
  lock.unlock();
  return end_taken_out(pipeline, std::move(flusher), deadline);
}

bool release_session(Pipeline& pipeline, std::chrono::milliseconds deadline) noexcept {
  const auto ended = end_session(pipeline, deadline);
  return ended ? *ended : pipeline.flush(deadline);
}

bool is_in_force(const Pipeline* pipeline) noexcept { return pipeline != nullptr && process().current.load() == pipeline; }

void pipeline_crashed(int dump) noexcept {
  if (Pipeline* const pipeline = process().current.load()) pipeline->crashed(dump);
}

Result<Session> init(Configuration configuration) {
  auto pipeline = start_pipeline(std::move(configuration), nullptr);
  if (!pipeline) return std::move(pipeline).error();
  return Session(*pipeline);
}

Session::Session(Session&& other) noexcept : pipeline_(std::exchange(other.pipeline_, nullptr)) {}
Session::~Session() {
  if (pipeline_ != nullptr) end_session(*pipeline_, std::chrono::seconds(5));
}

bool Session::flush(std::chrono::milliseconds deadline) const noexcept { return pipeline_->flush(deadline); }
void Session::reopen() const noexcept { pipeline_->reopen(); }

bool Session::release(std::chrono::milliseconds deadline) noexcept {
  Pipeline* const pipeline = std::exchange(pipeline_, nullptr);
  return pipeline == nullptr || release_session(*pipeline, deadline);
}

bool Session::shutdown(std::chrono::milliseconds deadline) noexcept { return end_pipeline(*pipeline_, deadline); }

Stats Session::stats() const {
  Stats stats = pipeline_->stats();
  stats.outside_session = outside_session().stats().accepted;
  return stats;
}

}  // namespace pii::log
