#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/keyset_record.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// A keyset document being changed: what is told of its keys is edited in record() (by pii::key_life), the
/// keys themselves stay in guarded memory. One thread at a time.
class PII_EXPORT KeysetDraft {
 public:
  /// An empty document of schema 2 with an id of its own. Keys come with key_life::stage.
  static KeysetDraft make(KeysetUsage usage);
  /// A document of either schema. Errors: those of parse_keyset.
  static Result<KeysetDraft> read(SecretBytes document);
  KeysetDraft(KeysetDraft&& other) noexcept;
  KeysetDraft& operator=(KeysetDraft&& other) noexcept;
  ~KeysetDraft();

  const KeysetRecord& record() const noexcept;
  KeysetRecord& record() noexcept;
  /// Gives a key of the record that has none yet its bytes. Errors: usage, invalid_keyset (size); already_exists for the
  /// bytes of another key of the keyset, compared in constant time, and for the check value of a destroyed one.
  Result<void> set_key(std::string_view kid, SecretBytes key);
  /// Whether the document carries a signature, which no change survives.
  bool was_signed() const noexcept;

  /// Schema 1 to 2: the same keys, an id, and dates from `now` on. Unknown members get names with x_. Errors:
  /// already_exists for a document of schema 2.
  Result<void> upgrade(Seconds now);

  /// The document of schema 2 with the next revision. New keys without bytes get 32 random ones, destroyed
  /// ones lose theirs. Errors: usage for schema 1; those of parse_keyset, whose rules the result fulfils.
  Result<SecretBytes> write(Seconds now);
  /// What a reader of version 1 may have of it, as a document of schema 1. Errors: guard_refused when no key
  /// of version 1 is active.
  Result<SecretBytes> write_schema_1() const;

  struct State;  // private to the library

 private:
  explicit KeysetDraft(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace pii
