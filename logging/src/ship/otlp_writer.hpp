#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "encode/json_writer.hpp"

namespace pii::ship {

// The two encodings of OTLP behind one set of calls: each takes a field's number and its JSON name, so that a message is described once
// (https://opentelemetry.io/docs/specs/otlp/, "JSON Protobuf Encoding").

/// Protobuf's wire format.
class ProtoWriter {
 public:
  explicit ProtoWriter(std::string& out) : out_(out) {}

  void text(unsigned field, std::string_view, std::string_view value) { block(field, value); }
  void id(unsigned field, std::string_view, std::span<const std::uint8_t> bytes) {
    block(field, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  void number(unsigned field, std::string_view, std::uint64_t value) {  // uint32, enum
    tag(field, 0);
    varint(value);
  }
  void int64(unsigned field, std::string_view name, std::int64_t value) { number(field, name, static_cast<std::uint64_t>(value)); }
  void boolean(unsigned field, std::string_view name, bool value) { number(field, name, value ? 1 : 0); }
  void real(unsigned field, std::string_view name, double value) { fixed64(field, name, std::bit_cast<std::uint64_t>(value)); }
  void fixed64(unsigned field, std::string_view, std::uint64_t value) {
    tag(field, 1);
    little(value);
  }
  void fixed32(unsigned field, std::string_view, std::uint32_t value) {
    tag(field, 5);
    little(value);
  }
  template <class Fill>
  void message(unsigned field, std::string_view, Fill fill) {
    std::string inner;
    ProtoWriter writer(inner);
    fill(writer);
    block(field, inner);
  }
  /// `each` is given a callable that adds one message.
  template <class Each>
  void list(unsigned field, std::string_view name, Each each) {
    each([&](auto fill) { message(field, name, fill); });
  }

 private:
  void tag(unsigned field, unsigned type) { varint(field << 3 | type); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
    out_ += static_cast<char>(value);
  }
  void little(auto value) {
    for (std::size_t i = 0; i < sizeof value; ++i) out_ += static_cast<char>(value >> (8 * i));
  }
  void block(unsigned field, std::string_view bytes) {
    tag(field, 2);
    varint(bytes.size());
    out_ += bytes;
  }

  std::string& out_;
};

/// JSON: ids as hex, 64-bit numbers as text.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void text(unsigned, std::string_view name, std::string_view value) {
    key(name);
    log::write_string(value, out_);
  }
  void id(unsigned, std::string_view name, std::span<const std::uint8_t> bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    key(name);
    out_ += '"';
    for (const std::uint8_t byte : bytes) out_.append({kDigits[byte >> 4], kDigits[byte & 15]});
    out_ += '"';
  }
  void number(unsigned, std::string_view name, std::uint64_t value) {
    key(name);
    out_ += std::to_string(value);
  }
  void int64(unsigned, std::string_view name, std::int64_t value) { quoted(name, std::to_string(value)); }
  void boolean(unsigned, std::string_view name, bool value) {
    key(name);
    out_ += value ? "true" : "false";
  }
  void real(unsigned, std::string_view name, double value) {
    key(name);
    log::write_value(value, nullptr, out_);
  }
  void fixed64(unsigned, std::string_view name, std::uint64_t value) { quoted(name, std::to_string(value)); }
  void fixed32(unsigned field, std::string_view name, std::uint32_t value) { number(field, name, value); }
  template <class Fill>
  void message(unsigned, std::string_view name, Fill fill) {
    key(name);
    braces(fill);
  }
  template <class Each>
  void list(unsigned, std::string_view name, Each each) {
    key(name);
    out_ += '[';
    bool first = true;
    each([&](auto fill) {
      if (!first) out_ += ',';
      first = false;
      braces(fill);
    });
    out_ += ']';
  }

 private:
  template <class Fill>
  void braces(Fill fill) {
    out_ += '{';
    JsonWriter writer(out_);
    fill(writer);
    out_ += '}';
  }
  void key(std::string_view name) {
    log::write_name(name, !first_, out_);
    first_ = false;
  }
  void quoted(std::string_view name, std::string_view digits) {
    key(name);
    out_.append("\"").append(digits).append("\"");
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace pii::ship
