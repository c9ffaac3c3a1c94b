#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "pii/logging/trace.hpp"
#include "pii/logging/value.hpp"
#include "ship/otlp_writer.hpp"
#include "ship/protocols.hpp"

namespace pii::ship {

/// An AnyValue.
template <class Writer>
void write_any(const log::Value& value, Writer& out) {
  using log::Value;
  const auto& data = value.data();
  if (const auto* const flag = std::get_if<bool>(&data)) {
    out.boolean(2, "boolValue", *flag);
  } else if (const auto* const integer = std::get_if<std::int64_t>(&data)) {
    out.int64(3, "intValue", *integer);
  } else if (const auto* const real = std::get_if<double>(&data)) {
    out.real(4, "doubleValue", *real);
  } else if (const auto* const number = std::get_if<log::NumberText>(&data)) {
    out.text(1, "stringValue", number->text);
  } else if (const auto* const text = value.text()) {
    out.text(1, "stringValue", *text);
  } else if (const auto* const array = std::get_if<log::Array>(&data)) {
    out.message(5, "arrayValue", [&](auto& list) {
      list.list(1, "values", [&](auto add) {
        for (const Value& item : *array) add([&](auto& any) { write_any(item, any); });
      });
    });
  } else if (const log::Object* const object = value.object()) {
    out.message(6, "kvlistValue", [&](auto& list) {
      list.list(1, "values", [&](auto add) {
        for (const auto& member : object->members()) {
          add([&](auto& pair) {
            pair.text(1, "key", member.first);
            pair.message(2, "value", [&](auto& any) { write_any(member.second, any); });
          });
        }
      });
    });
  }
}

/// One KeyValue, by the `add` of a list.
template <class Add>
void write_pair(std::string_view key, const log::Value& value, Add add) {
  add([&](auto& pair) {
    pair.text(1, "key", key);
    pair.message(2, "value", [&](auto& any) { write_any(value, any); });
  });
}

template <class Writer>
void write_resource(const Otlp& target, Writer& out) {
  out.message(1, "resource", [&](auto& resource) {
    resource.list(1, "attributes", [&](auto add) {
      for (const auto& [key, value] : target.resource) write_pair(key, log::Value(value), add);
    });
  });
}

/// Appends what `write` tells a writer, in the target's encoding.
template <class Write>
void write_body(const Otlp& target, std::string& body, Write write) {
  if (target.json) {
    body += '{';
    JsonWriter writer(body);
    write(writer);
    body += '}';
  } else {
    ProtoWriter writer(body);
    write(writer);
  }
}

/// What both signals have: the encoding, the statuses of the specification, partial success.
class OtlpProtocol : public Protocol {
 public:
  OtlpProtocol(Otlp target, std::string_view rejected) : target_(std::move(target)), rejected_(rejected) {}
  Judgement read(const Response& response, std::span<const Record> records) const override;
  bool retries(long status) const noexcept override { return status == 429 || status == 502 || status == 503 || status == 504; }

 protected:
  const Otlp target_;

 private:
  const std::string_view rejected_;  // the count's name in JSON
};

/// How many records an answer says were refused. Errors in it count as none.
std::uint64_t read_partial_success(std::string_view body, bool json, std::string_view rejected);

}  // namespace pii::ship
