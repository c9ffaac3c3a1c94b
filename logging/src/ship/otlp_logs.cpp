// ECS lines as OTLP log records.
#include <map>

#include "encode/placement.hpp"
#include "fields/json_reader.hpp"
#include "pii/logging/level.hpp"
#include "ship/iso_time.hpp"
#include "ship/otlp.hpp"

namespace pii::ship {

namespace {

using log::Object;
using log::Value;

std::string_view text_of(const Object& event, std::string_view name) {
  const Value* const value = event.find(name);
  return value != nullptr && value->text() != nullptr ? std::string_view(*value->text()) : std::string_view();
}
std::string_view text_of(const Object& event, std::string_view outer, std::string_view name) {
  const Value* const value = event.find(outer);
  return value != nullptr && value->object() != nullptr ? text_of(*value->object(), name) : std::string_view();
}

// The first number of each of OTLP's ranges.
unsigned severity(std::string_view level) {
  switch (log::parse_level(level).value_or(log::Level::info)) {
    case log::Level::trace: return 1;
    case log::Level::debug: return 5;
    case log::Level::info: return 9;
    case log::Level::warning: return 13;
    case log::Level::error: return 17;
    default: return 21;
  }
}

std::string_view attribute_name(std::string_view path) {
  if (path == "error.type") return "exception.type";
  if (path == "error.message") return "exception.message";
  if (path == "error.stack_trace") return "exception.stacktrace";
  return path;
}

// Said elsewhere in the record, or by the resource.
bool is_elsewhere(std::string_view path) {
  constexpr std::string_view kPaths[] = {"@timestamp", "log.level", "message", "log.logger", "ecs.version", "trace.id", "span.id",
                                         "service.name", "service.version"};
  return std::find(std::begin(kPaths), std::end(kPaths), path) != std::end(kPaths);
}

// Parts that are no names are not put together: masked one by one, together they may say more.
bool flattens(const Object& members) {
  return std::all_of(members.members().begin(), members.members().end(), [](const auto& member) { return log::is_path(member.first); });
}

template <class Add>
void write_attributes(const Object& members, const std::string& prefix, Add add) {
  for (const auto& [name, value] : members.members()) {
    const std::string path = prefix.empty() ? name : prefix + "." + name;
    if (is_elsewhere(path)) continue;
    if (value.object() != nullptr && flattens(*value.object())) {
      write_attributes(*value.object(), path, add);
    } else {
      write_pair(attribute_name(path), value, add);
    }
  }
}

template <class Writer>
void write_log(const Record& record, const Object& event, Writer& out) {
  const std::uint64_t time = parse_iso_nanoseconds(text_of(event, "@timestamp")).value_or(0);
  const std::string_view level = text_of(event, "log.level");
  out.fixed64(1, "timeUnixNano", time);
  out.fixed64(11, "observedTimeUnixNano", time);
  out.number(2, "severityNumber", severity(level));
  if (!level.empty()) out.text(3, "severityText", level);
  out.message(5, "body", [&](auto& body) {
    // A line that is no event (it never should be) is its own body.
    body.text(1, "stringValue", event.empty() ? record.json() : text_of(event, "message"));
  });
  out.list(6, "attributes", [&](auto add) { write_attributes(event, {}, add); });
  if (const auto id = trace::parse_trace_id(text_of(event, "trace", "id"))) out.id(9, "traceId", id->bytes);
  if (const auto id = trace::parse_span_id(text_of(event, "span", "id"))) out.id(10, "spanId", id->bytes);
}

class OtlpLogs final : public OtlpProtocol {
 public:
  explicit OtlpLogs(Otlp target) : OtlpProtocol(std::move(target), "rejectedLogRecords") {}

  void encode(std::span<const Record> records, std::string& body) const override {
    std::map<std::string, std::vector<std::pair<const Record*, Object>>> scopes;
    for (const Record& record : records) {
      auto value = log::read_json(record.json());
      Object event = value && value->object() != nullptr ? std::move(*value->object()) : Object();
      std::string logger(text_of(event, "log.logger"));
      scopes[std::move(logger)].emplace_back(&record, std::move(event));
    }
    write_body(target_, body, [&](auto& writer) { write(scopes, writer); });
  }

 private:
  template <class Scopes, class Writer>
  void write(const Scopes& scopes, Writer& out) const {
    out.list(1, "resourceLogs", [&](auto add) {
      add([&](auto& resource_logs) {
        write_resource(target_, resource_logs);
        resource_logs.list(2, "scopeLogs", [&](auto add_scope) {
          for (const auto& scope : scopes) {
            add_scope([&](auto& scope_logs) {
              scope_logs.message(1, "scope", [&](auto& s) { s.text(1, "name", scope.first); });
              scope_logs.list(2, "logRecords", [&](auto add_record) {
                for (const auto& entry : scope.second) add_record([&](auto& r) { write_log(*entry.first, entry.second, r); });
              });
            });
          }
        });
      });
    });
  }
};

}  // namespace

std::unique_ptr<const Protocol> otlp_logs_protocol(const Otlp& target) { return std::make_unique<OtlpLogs>(target); }

}  // namespace pii::ship
