#include "encode/encoder.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>

#include "encode/timestamp.hpp"

namespace pii::log {

namespace {

// Texts that stand in every line and are ours.
void write_plain(std::string_view before, std::string_view text, std::string_view after, std::string& out) {
  out.append(before).append(text).append(after);
}

// A text of the event's own `log` object that stands flat at the root instead.
std::string_view take_log_text(EventTree& tree, std::string_view name, std::string_view otherwise) {
  const std::int32_t log = tree.find(EventTree::kRootNode, "log");
  if (log < 0 || !tree.node(log).object) return otherwise;
  const std::int32_t member = tree.find(log, name);
  if (member < 0 || tree.node(member).value.kind != ValueRef::Kind::text) return otherwise;
  const std::string_view text = tree.node(member).value.text;
  tree.remove(log, name);
  if (tree.node(log).first < 0) tree.remove(EventTree::kRootNode, "log");
  return text;
}

bool flat_reserved(std::string_view key) noexcept {
  return key == "event" || key == "level" || key == "logger" || key == "timestamp" || key == "trace_id" || key == "span_id";
}

// The span id in a UUID's form: its digits, then what every service makes of the trace's last bytes, as a variant of RFC 9562. One
// span has one UUID, and who knows ecsctx's rule finds the id of the wire in it.
std::string uuid_of(const trace::SpanContext& span) {
  const std::string id = trace::to_string(span.span_id);
  std::string rest = trace::to_string(span.trace_id).substr(16);
  rest[0] = "89ab"[span.trace_id.bytes[8] >> 4 & 3];
  return id.substr(0, 8) + "-" + id.substr(8, 4) + "-" + id.substr(12) + "-" + rest.substr(0, 4) + "-" + rest.substr(4);
}

void add_process(EventTree& tree, char (&thread)[16]) {
  tree.add_at_root("process.name", std::string_view(program_invocation_short_name));
  tree.add_at_root("process.pid", ::getpid());
  tree.add_at_root("process.thread.id", ::gettid());
  if (::pthread_getname_np(::pthread_self(), thread, sizeof thread) == 0) tree.add_at_root("process.thread.name", std::string_view(thread));
}

}  // namespace

void write_members(const EventTree& tree, std::int32_t parent, bool comma, SensitiveWriter* sensitive, std::string& out) {
  for (std::int32_t i = tree.node(parent).first; i >= 0; i = tree.node(i).next) {
    const EventTree::Node& node = tree.node(i);
    write_name(node.key, comma, out);
    comma = true;
    if (node.object) {
      out += '{';
      write_members(tree, i, false, sensitive, out);
      out += '}';
    } else {
      write_value(node.value, sensitive, out);
    }
  }
}

Encoder::Encoder(const Configuration& configuration)
    : root_fields_(configuration.root_fields), validation_(configuration.validation), origin_(configuration.origin),
      process_(configuration.process), span_ids_(configuration.span_ids) {
  Object service;
  service.set("name", Value(configuration.service_name));
  service.set("version", Value(configuration.service_version));
  if (!configuration.instance.empty()) {
    Object node;
    node.set("name", Value(configuration.instance));
    service.set("node", Value(std::move(node)));
  }
  service_ = Value(std::move(service));
  Object project;
  project.set("name", Value(configuration.project));
  project_ = Value(std::move(project));
  end_ = R"(,"service":)";
  write_value(service_, nullptr, end_);
  end_ += R"(,"project":)";
  write_value(project_, nullptr, end_);
  end_ += "}\n";
}

EncodingNotes Encoder::ecs(const Event& event, EventTree& tree, SensitiveWriter* sensitive, std::string& out) const {
  EncodingNotes notes;
  std::string uuid;  // the tree has views of these
  char thread[16];
  tree.clear(&root_fields_);
  tree.add(event.fields);
  if (event.bound != nullptr) {
    tree.next_source();
    tree.add(event.bound->fields);
  }
  if (event.context != nullptr && !event.context->empty()) {
    tree.next_source();
    const trace::SpanContext& span = event.context->span();
    const Value* const bound_span = event.context->to_ecs().find("span");
    const Value* const id = bound_span != nullptr && bound_span->object() != nullptr ? bound_span->object()->find("id") : nullptr;
    // Only what is the context's own: an id that someone bound stays as it was bound.
    if (span_ids_ == SpanIdForm::uuid && span.valid() && id != nullptr && id->text() != nullptr && *id->text() == trace::to_string(span.span_id)) {
      uuid = uuid_of(span);
      tree.add_at_root("span.id", std::string_view(uuid));
    }
    tree.add(event.context->to_ecs());
  }
  tree.next_source();
  // What no event changes was written beforehand; only an event with a `service` or `project` of its own needs them merged.
  const bool own = tree.find(EventTree::kRootNode, "service") >= 0 || tree.find(EventTree::kRootNode, "project") >= 0;
  if (own) {
    tree.add_at_root("service", service_);
    tree.add_at_root("project", project_);
  }
  if (origin_ && event.where.line != 0) {
    tree.add_at_root("log.origin.file.name", std::string_view(event.where.file));
    tree.add_at_root("log.origin.file.line", event.where.line);
    tree.add_at_root("log.origin.function", std::string_view(event.where.function));
  }
  if (process_) add_process(tree, thread);
  if (validation_ != Validation::off) {
    notes.warnings = tree.validate(validation_ == Validation::fix,
                                   [&](std::string_view name, const ValueRef&) { notes.flat_objects |= reserved_bit(name); });
  }
  notes.conflicts = tree.conflicts();
  notes.redundant = tree.redundant();

  const std::string_view level = take_log_text(tree, "level", to_string(event.level));
  const std::string_view logger = take_log_text(tree, "logger", event.logger);
  out += R"({"@timestamp":")";
  write_timestamp(event.time, 3, out);
  out += R"(","log.level":)";
  write_string(level, out);
  out += R"(,"message":)";
  write_string(event.name, out);
  if (!logger.empty()) {
    out += R"(,"log.logger":)";
    write_string(logger, out);
  }
  out += R"(,"ecs.version":"1.12.0")";
  write_members(tree, EventTree::kRootNode, true, sensitive, out);
  out += own ? std::string_view("}\n") : std::string_view(end_);
  return notes;
}

EncodingNotes Encoder::flat(const Event& event, EventTree& tree, SensitiveWriter* sensitive, std::string& out) const {
  tree.clear(&root_fields_);
  const auto add = [&](std::string_view key, const ValueRef& value) { tree.add_flat(key, value, flat_reserved(key)); };
  for (const Field& field : event.fields) {
    if (field.value.kind != ValueRef::Kind::local) add(field.key, field.value);
  }
  EncodingNotes notes;
  notes.conflicts = tree.conflicts();
  tree.next_source();
  if (event.bound != nullptr) {
    for (const auto& [name, value] : event.bound->fields.members()) add(name, value);
  }
  out += R"({"event":)";
  write_string(event.name, out);
  if (event.context != nullptr && !event.context->empty()) {
    for (const auto& [name, value] : event.context->to_ecs().members()) {
      if (name != "trace" && name != "span") add(name, value);
    }
    if (const trace::SpanContext& span = event.context->span(); span.valid()) {
      write_plain(R"(,"trace_id":")", trace::to_string(span.trace_id), "\"", out);
      write_plain(R"(,"span_id":")", trace::to_string(span.span_id), "\"", out);
      write_plain(R"(,"trace_flags":")", trace::to_traceparent(span).substr(53), "\"", out);
    }
  }
  notes.redundant = tree.redundant();
  write_members(tree, EventTree::kRootNode, true, sensitive, out);
  if (!event.logger.empty()) {
    out += R"(,"logger":)";
    write_string(event.logger, out);
  }
  write_plain(R"(,"level":")", to_string(event.level), R"(","timestamp":")", out);
  write_timestamp(event.time, 6, out);
  out += "\"}\n";
  return notes;
}

}  // namespace pii::log
