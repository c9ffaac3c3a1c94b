// logiscout's /ingest: events grouped by the request they belong to; its receiver joins what has one id.
#include <map>

#include "encode/json_writer.hpp"
#include "encode/timestamp.hpp"
#include "fields/json_reader.hpp"
#include "ship/protocols.hpp"

namespace pii::ship {

namespace {

using log::Object;
using log::Value;

// A member behind dots, flat or nested: `log.level`, `trace.id`.
const Value* find(const Object& event, std::string_view path) {
  if (const Value* const flat = event.find(path)) return flat;
  const std::size_t dot = path.find('.');
  const Value* const outer = dot == std::string_view::npos ? nullptr : event.find(path.substr(0, dot));
  return outer != nullptr && outer->object() != nullptr ? find(*outer->object(), path.substr(dot + 1)) : nullptr;
}
std::string_view text(const Object& event, std::string_view path) {
  const Value* const value = find(event, path);
  return value != nullptr && value->text() != nullptr ? std::string_view(*value->text()) : std::string_view();
}

struct Payload {
  std::string started;
  std::string last;
  Value method, path, status, duration;
  std::string logs;
  std::size_t count = 0;
};

void add_text(std::string_view name, std::string_view value, std::string& out) {
  log::write_name(name, out.back() != '{', out);
  log::write_string(value, out);
}
void add_value(std::string_view name, const Value& value, std::string& out) {
  log::write_name(name, out.back() != '{', out);
  log::write_value(value, nullptr, out);
}

void add_event(const Object& event, Payload& payload) {
  const std::string_view time = text(event, "@timestamp");
  if (payload.started.empty() || time < payload.started) payload.started = time;
  if (time > payload.last) payload.last = time;
  const auto keep = [&](std::string_view path, Value& into) {
    if (const Value* const value = find(event, path)) into = *value;
  };
  keep("http.request.method", payload.method);
  keep("url.path", payload.path);
  keep("http.response.status_code", payload.status);
  keep("event.duration", payload.duration);
  if (payload.count++ != 0) payload.logs += ',';
  std::string one = "{";
  add_text("timestamp", time, one);
  add_text("level", text(event, "log.level"), one);
  add_text("message", text(event, "message"), one);
  add_text("logger_name", text(event, "log.logger"), one);
  Object metadata;
  for (const auto& [name, value] : event.members()) {
    constexpr std::string_view kElsewhere[] = {"@timestamp", "log.level", "message", "log.logger", "ecs.version", "error"};
    if (std::find(std::begin(kElsewhere), std::end(kElsewhere), name) == std::end(kElsewhere)) metadata.set(name, value);
  }
  add_value("metadata", Value(std::move(metadata)), one);
  const Value* const error = event.find("error");
  Object exception;
  if (error != nullptr && error->object() != nullptr) {
    for (const auto& [from, to] : {std::pair("type", "type"), std::pair("message", "message"), std::pair("stack_trace", "traceback")}) {
      if (const Value* const value = error->object()->find(from)) exception.set(to, *value);
    }
  }
  add_value("exception", exception.empty() ? Value() : Value(std::move(exception)), one);
  payload.logs += one + "}";
}

class Logiscout final : public PlainProtocol {
  void encode(std::span<const Record> records, std::string& body) const override {
    std::vector<std::string> order;
    std::map<std::string, Payload, std::less<>> payloads;
    for (const Record& record : records) {
      const auto event = log::read_json(record.json());
      if (!event || event->object() == nullptr) continue;
      std::string_view id = text(*event->object(), "extra.correlation_id");
      if (id.empty()) id = text(*event->object(), "trace.id");
      auto found = payloads.find(id);
      if (found == payloads.end()) {
        found = payloads.emplace(std::string(id), Payload{}).first;
        order.emplace_back(id);
      }
      add_event(*event->object(), found->second);
    }
    body += R"({"payloads":[)";
    std::size_t logs = 0;
    for (const std::string& id : order) {
      const Payload& payload = payloads.find(id)->second;
      std::string one = "{";
      add_text("correlationId", id, one);
      add_text("startedAt", payload.started, one);
      // Without an answer the request goes on, and a later payload of its id ends it.
      const bool ended = std::holds_alternative<std::int64_t>(payload.status.data());
      add_value("endedAt", ended ? Value(payload.last) : Value(), one);
      const auto* const ns = std::get_if<std::int64_t>(&payload.duration.data());
      add_value("durationMS", ns == nullptr ? Value() : Value(static_cast<double>(*ns) / 1e6), one);
      one += R"(,"request":{)";
      add_value("method", payload.method, one);
      add_value("path", payload.path, one);
      add_value("statusCode", payload.status, one);
      one += R"(},"logs":[)" + payload.logs + "]}";
      logs += payload.count;
      if (body.back() == '}') body += ',';
      body += one;
    }
    body += R"(],"batch_metadata":{"total_requests":)" + std::to_string(order.size()) + R"(,"total_logs":)" + std::to_string(logs) +
            R"(,"flushed_at":")";
    log::write_timestamp(std::chrono::system_clock::now(), 3, body);
    body += "\"}}";
  }
};

}  // namespace

std::unique_ptr<const Protocol> logiscout_protocol() { return std::make_unique<Logiscout>(); }

}  // namespace pii::ship
