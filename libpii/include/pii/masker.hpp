#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pii/detector.hpp"
#include "pii/export.hpp"
#include "pii/mask_policy.hpp"
#include "pii/names.hpp"
#include "pii/provider.hpp"

namespace pii {

/// What a masker works with. Without a provider, or while it has no keyset, tokens become [PII_REDACTED].
struct MaskKeys {
  std::shared_ptr<KeysetProvider> provider = {};
  std::optional<Environment> environment = {};
  bool full_access = false;  // the action `encrypt` may use the reveal keyset
};

/// How often what was masked, and what went wrong. No values.
struct MaskCounts {
  std::uint64_t events = 0;      // lines or documents
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t not_json = 0;    // events masked as text
  std::uint64_t too_long = 0;    // events replaced by a placeholder
  std::uint64_t failed = 0;      // leaves or events redacted because of an error
  std::uint64_t redacted_without_key = 0;
  std::array<std::uint64_t, kDetectorCount> found = {};

  std::uint64_t findings() const noexcept;
  MaskCounts& operator+=(const MaskCounts& other) noexcept;
};

/// One thing found, as a scan reports it. Views live during the call.
struct MaskFinding {
  Detector detector;
  std::string_view custom_id;  // Detector::custom
  std::string_view path;       // path pattern (`payload.items[*].email`), already masked; empty in plain text
  std::string_view shape;      // `Aa9@a.a`: letters and digits of the value as classes, runs shortened
  std::uint64_t event;         // counted from 0 in this masker
};
class PII_EXPORT MaskListener {
 public:
  virtual ~MaskListener();
  virtual void on_finding(const MaskFinding& finding) = 0;
};

/// Replaces personal data in JSON events and text, and copies every other byte through. The output of anything that went
/// wrong is redacted, never passed: where memory runs out an event's place is taken by a placeholder, and when there is none for that
/// std::bad_alloc leaves `out` as it was. One object serves one thread (it keeps caches and buffers, and gives back what an event
/// beyond 1 MiB needed); make one a thread. Nothing blocks but the provider's first load. docs/masking.md is the specification.
class PII_EXPORT Masker {
 public:
  class ValuePlace;

  Masker(std::shared_ptr<const MaskPolicy> policy, MaskKeys keys);
  Masker(Masker&&) noexcept;
  Masker& operator=(Masker&&) noexcept;
  ~Masker();

  /// Masks lines (each ends with LF, CRLF or the end of `lines`): one JSON event or one line of text each. Appends to `out`.
  void mask_lines(std::string_view lines, std::string& out);
  /// Masks one JSON document that may span lines (RFC 8259). What is not JSON is masked as text. Appends to `out`.
  void mask_document(std::string_view document, std::string& out);
  /// Masks one piece of plain text, without looking for JSON. Appends to `out`.
  void mask_text(std::string_view text, std::string& out);

  /// Whether `text`, as a JSON string without escapes under a key that says nothing of it, stays as it is in every event that has no
  /// person's name in it. Never for policies in which more than the text's bytes decides: paths, patterns, ecsctx's rules.
  bool leaves_alone(std::string_view text) const noexcept;
  /// Masks `text`, a JSON string without escapes, as in an event that has it alone at `place`; appends to `out`. False, and nothing
  /// written: more than the text and its keys decides (whom it names, a document in it, what is to be looked at again, the policy, a
  /// listener), or memory ran out: it must be masked in its event. Counted as found, not as an event. No allocation in the steady state.
  bool mask_value(ValuePlace& place, std::string_view text, std::string& out) noexcept;
  /// Reports each finding from now on; null: no longer. Masking is the same with and without.
  void set_listener(MaskListener* listener) noexcept;
  const MaskCounts& counts() const noexcept;

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

namespace mask {
struct Entry;
class ValueMasker;
}  // namespace mask

/// Where a value stands in events: the keys from the event's object to it, each as between its quotes. What a masker has decided of it
/// is kept here until it is used with another one. As a masker, it serves one thread.
class Masker::ValuePlace {
 public:
  explicit ValuePlace(std::vector<std::string> keys) : keys_(std::move(keys)) {}

 private:
  friend class mask::ValueMasker;
  std::vector<std::string> keys_;
  std::size_t around_ = 0;        // bytes of an event around the value
  std::uint64_t version_ = 0;     // of the masker's table of places; 0: not found yet
  mask::Entry* entry_ = nullptr;  // null: not by its text alone
};

/// The form of a value that the masker tokenizes (docs/masking.md "Canonical form"): e-mail lower-cased, phone as E.164 with
/// `regions[0]` as the default, card and identity numbers as digits, IBAN in capitals without blanks, addresses of RFC 5952.
/// Values that do not look like their type come back stripped. `regions` as in PolicySpec.
PII_EXPORT std::string canonical_form(std::string_view field_type, std::string_view value,
                                      const std::vector<std::string>& regions);

}  // namespace pii
