#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// A JSON text that may hold secrets, read strictly (RFC 8259 in UTF-8, no duplicate member names) without
/// copying it out of guarded memory. Reading is const and may be done from any thread.
class PII_EXPORT SecretJson {
 public:
  /// Errors: malformed_json (byte offset), too_large; never the text.
  static Result<SecretJson> parse(SecretBytes text, std::size_t max_depth);
  SecretJson(SecretJson&& other) noexcept;
  SecretJson& operator=(SecretJson&& other) noexcept;
  ~SecretJson();

  /// One value. Valid while the SecretJson lives and is not moved from.
  class PII_EXPORT Value {
   public:
    bool is_object() const noexcept;
    bool is_array() const noexcept;
    bool is_string() const noexcept;
    bool is_null() const noexcept;
    bool is_true() const noexcept;
    /// Objects: the value of a member.
    std::optional<Value> find(std::string_view name) const noexcept;
    /// Whole numbers that fit.
    std::optional<std::int64_t> integer() const noexcept;
    /// Strings: the text without escapes, straight into guarded memory.
    SecretBytes secret_text() const;
    /// Strings that are no secret: the text without escapes, or empty when it is longer than `limit`.
    std::string plain_text(std::size_t limit = 1024) const;
    /// The value as it is written, with its quotes or brackets.
    SecretBytes written() const;
    /// Arrays: the elements. Objects: the members' values. Otherwise nothing.
    std::size_t size() const noexcept;
    std::optional<Value> at(std::size_t position) const noexcept;
    /// Objects: the name of the member at `position`, or empty.
    std::string name_at(std::size_t position) const;

   private:
    friend class SecretJson;
    Value(const void* document, std::uint32_t index) noexcept : document_(document), index_(index) {}
    const void* document_;  // the parsed text, private to the library
    std::uint32_t index_;
  };

  Value root() const noexcept;
  /// The value at the end of a path of members.
  std::optional<Value> find(std::initializer_list<std::string_view> path) const noexcept;

 private:
  struct State;
  explicit SecretJson(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// `text` as a JSON string with its quotes appended at `out`: for writing a secret into a body without copies.
/// `out` must hold json_string_size(text) bytes; the text must be UTF-8.
PII_EXPORT std::size_t json_string_size(std::string_view text) noexcept;
PII_EXPORT std::size_t write_json_string(std::string_view text, std::byte* out) noexcept;

}  // namespace pii
