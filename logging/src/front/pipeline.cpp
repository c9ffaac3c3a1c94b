#include "front/pipeline.hpp"

#include <algorithm>

#include "context/context_data.hpp"
#include "fields/json_reader.hpp"
#include "front/message_words.hpp"
#include "front/record_stage.hpp"
#include "output/pretty.hpp"
#include "pii/logging/masking.hpp"
#include "trace/held_spans.hpp"

namespace pii::log {

struct Pipeline::ThreadState {
  explicit ThreadState(Pipeline* owner) : pipeline(owner), stage(owner->maskers_()), accepted(owner->accepted_.take()) {}
  ~ThreadState() { accepted.give_back(); }
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;

  const Pipeline* pipeline;
  MaskingStage stage;
  EventTree tree;
  std::string line;
  std::string pretty;
  SharedCount::Part& accepted;
  bool busy = false;
};

// Who logs while the state is in use gets another one.
class Pipeline::Busy {
 public:
  explicit Busy(ThreadState& state) noexcept : state_(state) { state_.busy = true; }
  ~Busy() { state_.busy = false; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  ThreadState& state_;
};

namespace {

// Lines are written while a thread's objects are destroyed, too: then each makes its own state.
thread_local constinit bool thread_ended = false;
thread_local constinit void* state_of_thread = nullptr;
struct StateOwner {
  void (*destroy)(void*) = nullptr;
  ~StateOwner() {
    thread_ended = true;
    if (destroy != nullptr) destroy(std::exchange(state_of_thread, nullptr));
  }
};
thread_local StateOwner state_owner;

bool is_local(const Field& field) noexcept { return field.value.kind == ValueRef::Kind::local; }

}  // namespace

Pipeline::Pipeline(Configuration configuration, std::shared_ptr<const MaskPolicy> policy, MaskerMaker maskers)
    : configuration_(std::move(configuration)), policy_(std::move(policy)), maskers_(std::move(maskers)), encoder_(configuration_),
      processes_(!configuration_.processors.empty()) {
  for (const Output& output : configuration_.outputs) {
    (output.format == Format::ecs ? any_ecs_ : any_flat_) = true;
    by_logger_ |= !output.logger.empty();
  }
}

// A sink, a field or a keyset's provider that logs while a line is being made gets a state of its own, too.
Pipeline::ThreadState& Pipeline::other_state(std::unique_ptr<ThreadState>& fallback) {
  auto* const state = static_cast<ThreadState*>(state_of_thread);
  auto made = std::make_unique<ThreadState>(this);
  if (thread_ended || (state != nullptr && state->busy)) {
    fallback = std::move(made);
    return *fallback;
  }
  delete state;
  state_of_thread = made.get();
  state_owner.destroy = [](void* old) { delete static_cast<ThreadState*>(old); };
  return *made.release();
}
inline Pipeline::ThreadState& Pipeline::thread_state(std::unique_ptr<ThreadState>& fallback) {
  auto* const state = static_cast<ThreadState*>(state_of_thread);
  return state != nullptr && state->pipeline == this && !state->busy ? *state : other_state(fallback);
}

void Pipeline::write(Event& event) noexcept {
  event.context = &current_context();
  if (event.level >= Level::error && event.context->span().trace_id.valid()) {
    trace::HeldSpans::of_process().fail(event.context->span().trace_id);
  }
  if (processes_ && RecordStage::runs_processor()) {
    accepted_.add(1);
    filtered_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  try {
    std::unique_ptr<ThreadState> fallback;
    ThreadState& state = thread_state(fallback);
    const Busy busy(state);
    event.time = configuration_.clock();
    event.local = std::any_of(event.fields.begin(), event.fields.end(), is_local);
    state.accepted.add_one();
    processes_ ? write_processed(event, state) : write_lines(event, state);
  } catch (...) {
    accepted_.add(1);
    count_encode_failure();  // no memory for a state
  }
}

void Pipeline::write_processed(Event& event, ThreadState& state) noexcept {
  RecordStage stage;
  const auto outcome = stage.apply(configuration_.processors, event);
  if (outcome == RecordStage::Outcome::failed) count_encode_failure();
  if (outcome == RecordStage::Outcome::dropped) {
    filtered_.fetch_add(1, std::memory_order_relaxed);
  } else {
    write_lines(event, state);
  }
}

void Pipeline::tell(const EventName& name, std::span<const Field> fields) noexcept {
  Event event(Level::warning, "pii.log", name, fields, nullptr, {});
  write(event);
}

MaskedLine Pipeline::encode_and_mask(const Event& event, bool flat, ThreadState& state, EncodingNotes& notes) noexcept {
  TokenWriter tokens(configuration_.keys, *policy_);
  state.line.clear();
  try {
    notes = flat ? encoder_.flat(event, state.tree, &tokens, state.line) : encoder_.ecs(event, state.tree, &tokens, state.line);
  } catch (...) {
    count_encode_failure();
    state.line.clear();  // masked, this is the placeholder
  }
  bool failed = false;
  MaskedLine masked = state.stage.mask(state.line, event.level, event.local, failed);
  if (!event.words.empty() && !failed) {
    try {
      if (auto line = with_words(masked.text(), event, flat, encoder_.root_fields())) {
        masked = state.stage.mask(*line, event.level, event.local, failed);
      }
    } catch (...) {
      // No memory for the words: the line is whole without them.
    }
  }
  if (failed) mask_failures_.fetch_add(1, std::memory_order_relaxed);
  return masked;
}

// As Python's `propagate`: an output that is not additive keeps events from the outputs of loggers above its own.
bool Pipeline::is_for(const Output& output, std::string_view logger) const noexcept {
  const auto within = [&](std::string_view above) {
    return above.empty() || (logger.starts_with(above) && (logger.size() == above.size() || logger[above.size()] == '.'));
  };
  if (!within(output.logger)) return false;
  return std::none_of(configuration_.outputs.begin(), configuration_.outputs.end(), [&](const Output& other) {
    return !other.additive && other.logger.size() > output.logger.size() && within(other.logger);
  });
}

void Pipeline::count(const EncodingNotes& notes) noexcept {
  if ((notes.conflicts | notes.redundant | notes.warnings) == 0) return;
  if (notes.conflicts != 0) conflicts_.fetch_add(notes.conflicts, std::memory_order_relaxed);
  if (notes.redundant != 0) redundant_.fetch_add(notes.redundant, std::memory_order_relaxed);
  if (notes.warnings == 0) return;
  warnings_.fetch_add(notes.warnings, std::memory_order_relaxed);
  flat_objects_.fetch_or(notes.flat_objects, std::memory_order_relaxed);
}

void Pipeline::write_line(const Event& event, bool flat, ThreadState& state) noexcept {
  EncodingNotes notes;
  bool failed = false;
  MaskedLine masked = state.stage.known(event, flat, encoder_, notes, failed);
  if (failed) mask_failures_.fetch_add(1, std::memory_order_relaxed);
  if (masked.text().empty()) masked = encode_and_mask(event, flat, state, notes);
  count(notes);
  for (const Output& output : configuration_.outputs) {
    if (event.level < output.level || (output.format == Format::ecs) == flat) continue;
    if (by_logger_ && !is_for(output, event.logger)) continue;
    if (event.local && output.sink->remote()) continue;
    if (output.format != Format::pretty) {
      output.sink->write(masked);
      continue;
    }
    try {
      output.sink->write(MaskingStage::rendered(masked, state.pretty, [&](std::string_view line, std::string& out) {
        write_pretty(line, output.color, out);
      }));
    } catch (...) {
      output.sink->write(masked);
    }
  }
}

std::string Pipeline::mask_json(const Value& value) noexcept {
  try {
    std::unique_ptr<ThreadState> fallback;
    ThreadState& state = thread_state(fallback);
    const Busy busy(state);
    TokenWriter tokens(configuration_.keys, *policy_);
    std::string line;
    write_value(value, &tokens, line);
    line += '\n';
    bool failed = false;
    const MaskedLine masked = state.stage.mask(line, Level::info, false, failed);
    if (!failed) return std::string(masked.text().substr(0, masked.text().size() - 1));
  } catch (...) {
    // Counted below.
  }
  mask_failures_.fetch_add(1, std::memory_order_relaxed);
  return "null";
}

std::string masked(std::string_view text) noexcept {
  try {
    Object event;
    event.set("message", Value(std::string(text)));
    const auto back = read_json(Pipeline::current().mask_json(Value(std::move(event))), SIZE_MAX);
    const Value* const message = back && back->object() != nullptr ? back->object()->find("message") : nullptr;
    if (message != nullptr && message->text() != nullptr) return *message->text();
  } catch (...) {
    // No memory: nothing of it is shown.
  }
  return "LOG_MASKING_ERROR";
}

void Pipeline::write_span(const trace::FinishedSpan& span) noexcept {
  Sink* const exporter = configuration_.spans.get();
  if (exporter == nullptr) return;
  try {
    std::unique_ptr<ThreadState> fallback;
    ThreadState& state = thread_state(fallback);
    const Busy busy(state);
    TokenWriter tokens(configuration_.keys, *policy_);
    state.line = "{";
    for (const auto& [name, value] : span.personal.members()) {
      write_name(name, state.line.size() > 1, state.line);
      write_value(value, &tokens, state.line);
    }
    state.line += "}\n";
    bool failed = false;
    const MaskedLine masked = state.stage.mask(state.line, Level::info, false, failed);
    if (failed) mask_failures_.fetch_add(1, std::memory_order_relaxed);
    exporter->write(MaskingStage::rendered(masked, state.pretty, [&](std::string_view line, std::string& out) {
      trace::write_numbers(span, out);
      out.append(",").append(line.substr(1));
    }));
  } catch (...) {
    count_encode_failure();
  }
}

template <class Do>
void Pipeline::each_sink(Do what) const {
  for (const Output& output : configuration_.outputs) what(*output.sink);
  if (configuration_.spans != nullptr) what(*configuration_.spans);
}

bool Pipeline::flush(std::chrono::milliseconds deadline) noexcept {
  const auto end = std::chrono::steady_clock::now() + deadline;
  bool all = true;
  // All of them begin before one of them is waited for.
  each_sink([](Sink& sink) { sink.flush(std::chrono::milliseconds(0)); });
  each_sink([&](Sink& sink) { all &= sink.flush(left_until(end)); });
  return all;
}

void Pipeline::flush_due() noexcept { each_sink([](Sink& sink) { sink.flush_due(); }); }
// What a limit keeps back is in another output, or was not wanted.
static std::uint64_t lost_lines(const Sink& sink) noexcept {
  const SinkCounts counts = sink.counts();
  return counts.dropped - counts.suppressed + counts.failed;
}

void Pipeline::report_drops(std::chrono::steady_clock::time_point now) noexcept {
  if (now < report_after_) return;
  try {
    reported_drops_.resize(configuration_.outputs.size());
    for (std::size_t i = 0; i < configuration_.outputs.size(); ++i) {
      const std::uint64_t lost = lost_lines(*configuration_.outputs[i].sink);
      if (lost <= reported_drops_[i]) continue;
      const Field fields[] = {kv("output", i), kv("dropped", lost - reported_drops_[i]), kv("dropped_total", lost)};
      tell(EventName("log_records_dropped"), fields);
      // One that goes to the same place may be lost, too: that is no news.
      reported_drops_[i] = lost_lines(*configuration_.outputs[i].sink);
      report_after_ = now + std::chrono::seconds(10);
    }
  } catch (...) {
    // No memory: later.
  }
}

void Pipeline::report_validation(std::chrono::steady_clock::time_point now) noexcept {
  if (flat_objects_.load(std::memory_order_relaxed) == 0 || now < validation_after_) return;
  const std::uint32_t bits = flat_objects_.exchange(0, std::memory_order_relaxed);
  validation_after_ = now + std::chrono::minutes(1);
  try {
    const OwnedField names = kv("fields", reserved_names(bits));
    const Field fields[] = {names, kv("warnings_total", warnings_.load(std::memory_order_relaxed))};
    tell(EventName("ecs_fields_not_objects"), fields);
  } catch (...) {
    // No memory: the counter has it.
  }
}

void Pipeline::reopen() noexcept { each_sink([](Sink& sink) { sink.reopen(); }); }
void Pipeline::end(std::chrono::steady_clock::time_point deadline) noexcept {
  each_sink([&](Sink& sink) { sink.end(left_until(deadline)); });
}
void Pipeline::crashed(int dump) noexcept {
  for (const Output& output : configuration_.outputs) output.sink->crashed(dump);
}
void Pipeline::before_fork() noexcept { each_sink([](Sink& sink) { sink.before_fork(); }); }
void Pipeline::after_fork(bool in_child) noexcept { each_sink([&](Sink& sink) { sink.after_fork(in_child); }); }

Stats Pipeline::stats() const {
  Stats stats;
  stats.accepted = accepted_.sum();
  stats.mask_failures = mask_failures_.load(std::memory_order_relaxed);
  stats.encode_failures = encode_failures_.load(std::memory_order_relaxed);
  stats.field_conflicts = conflicts_.load(std::memory_order_relaxed);
  stats.validation_warnings = warnings_.load(std::memory_order_relaxed);
  stats.redundant_fields = redundant_.load(std::memory_order_relaxed);
  stats.redundant_binds = redundant_binds();
  stats.filtered = filtered_.load(std::memory_order_relaxed);
  stats.runtime_events = runtime_event_count();
  stats.invalid_context = invalid_contexts();
  stats.ignored_resets = ignored_resets();
  for (const Output& output : configuration_.outputs) stats.outputs.push_back(output.sink->counts());
  if (configuration_.spans != nullptr) stats.spans = configuration_.spans->counts();
  return stats;
}

}  // namespace pii::log
