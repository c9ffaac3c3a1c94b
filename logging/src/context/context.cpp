#include "pii/logging/context.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <atomic>

#include "context/context_data.hpp"
#include "encode/json_writer.hpp"
#include "pii/logging/error_field.hpp"

namespace pii::log {

namespace {
std::atomic<std::uint64_t> ignored_reset_count{0};
std::atomic<std::uint64_t> invalid_context_count{0};
std::atomic<std::uint64_t> redundant_bind_count{0};
const trace::SpanContext kNoSpan{};
const Object kNoObject{};

// Values that are bound already, and bound again.
std::uint64_t said_again(const Object& bound, const Object& more) {
  std::uint64_t count = 0;
  for (const auto& [name, value] : more.members()) {
    const Value* const old = bound.find(name);
    if (old == nullptr) continue;
    count += old->object() != nullptr && value.object() != nullptr ? said_again(*old->object(), *value.object()) : *old == value ? 1 : 0;
  }
  return count;
}
void count_redundant(std::uint64_t count) noexcept {
  if (count != 0) redundant_bind_count.fetch_add(count, std::memory_order_relaxed);
}

void apply(const ContextEntry& entry, Context::Data& data) {
  using Part = ContextEntry::Part;
  switch (entry.part) {
    case Part::extra:
    case Part::labels:
      if (const Object* const object = entry.value.object()) {
        Object& there = entry.part == Part::extra ? data.extra : data.labels;
        count_redundant(said_again(there, *object));
        there.merge(*object);
      }
      break;
    case Part::correlation_id:
      if (const std::string* const text = entry.value.text()) data.correlation_id = *text;
      break;
    case Part::trace: data.span = entry.span; break;
    default: {
      if (entry.value.is_null()) break;
      Value& named = data.named[static_cast<std::size_t>(entry.part)];
      count_redundant(named == entry.value ? 1 : 0);
      named = entry.value;
    }
  }
}

Object& object_member(Object& event, std::string_view name) {
  Value* member = event.find(name);
  if (member == nullptr || member->object() == nullptr) {
    event.set(name, Value(Object{}));
    member = event.find(name);
  }
  return *member->object();
}

Object make_ecs(const Context::Data& data) {
  Object event;
  if (data.span.trace_id.valid()) object_member(event, "trace").set("id", Value(trace::to_string(data.span.trace_id)));
  if (data.span.valid()) {
    object_member(event, "span").set("id", Value(trace::to_string(data.span.span_id)));
  }
  for (std::size_t i = 0; i < Context::Data::kNamed; ++i) {
    const NamedField& field = kNamedFields[i];
    if (data.named[i].is_null()) continue;
    (field.object.empty() ? event : object_member(event, field.object)).set(field.member, data.named[i]);
  }
  if (!data.correlation_id.empty()) event.set("correlation_id", Value(data.correlation_id));
  for (const auto& [name, value] : data.labels.members()) object_member(event, "labels").set(label_name(name), label_value(value));
  event.merge(data.extra);
  return event;
}

template <class Change>
Context changed(const Context& context, Change change) {
  auto data = context.data() == nullptr ? std::make_shared<Context::Data>() : std::make_shared<Context::Data>(*context.data());
  change(*data);
  data->ecs = make_ecs(*data);
  data->leaves = Leaves(data->ecs);
  return Context(std::move(data));
}
}  // namespace

void count_ignored_reset() noexcept { ignored_reset_count.fetch_add(1, std::memory_order_relaxed); }
void count_invalid_context() noexcept { invalid_context_count.fetch_add(1, std::memory_order_relaxed); }
std::uint64_t ignored_resets() noexcept { return ignored_reset_count.load(std::memory_order_relaxed); }
std::uint64_t redundant_binds() noexcept { return redundant_bind_count.load(std::memory_order_relaxed); }
std::uint64_t invalid_contexts() noexcept { return invalid_context_count.load(std::memory_order_relaxed); }

ContextEntry client_ip(std::string_view address) {
  unsigned char bytes[16];
  const std::string text(address);
  if (::inet_pton(AF_INET, text.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, text.c_str(), bytes) == 1) {
    return {ContextEntry::Part::client_ip, Value(text)};
  }
  count_invalid_context();
  return {ContextEntry::Part::client_ip, Value()};
}

ContextEntry extra_from(const std::function<void(FieldWriter&)>& fill) {
  FieldWriter writer;
  try {
    fill(writer);
  } catch (...) {
    const ErrorField error(std::current_exception());
    writer.add("log_bind_error", static_cast<Field>(error).value);
  }
  return {ContextEntry::Part::extra, Value(std::move(writer).take())};
}

std::string label_name(std::string_view name) {
  std::string result(name);
  std::replace_if(result.begin(), result.end(), [](char c) { return c == '.' || c == '*' || c == '\\'; }, '_');
  return result;
}

Value label_value(const Value& value) {
  const bool scalar = value.object() == nullptr && !std::holds_alternative<Array>(value.data()) && !value.is_null();
  if (scalar) return value;
  // A nested value that is personal is redacted here: the text that it becomes says no more what it is.
  std::string text;
  write_value(value, nullptr, text);
  return Value(std::move(text));
}

Context Context::with(std::span<const ContextEntry> entries) const {
  return changed(*this, [&](Data& data) {
    for (const ContextEntry& entry : entries) apply(entry, data);
  });
}

Context Context::without(ContextEntry::Part part) const {
  return changed(*this, [&](Data& data) {
    using Part = ContextEntry::Part;
    switch (part) {
      case Part::extra: data.extra = {}; break;
      case Part::labels: data.labels = {}; break;
      case Part::correlation_id: data.correlation_id.clear(); break;
      case Part::trace: data.span = {}; break;
      default: data.named[static_cast<std::size_t>(part)] = {};
    }
  });
}

Context Context::without_extra(std::string_view name) const {
  return changed(*this, [&](Data& data) { data.extra.erase(name); });
}

const trace::SpanContext& Context::span() const noexcept { return data_ == nullptr ? kNoSpan : data_->span; }

const Object& Context::to_ecs() const noexcept { return data_ == nullptr ? kNoObject : data_->ecs; }

}  // namespace pii::log
