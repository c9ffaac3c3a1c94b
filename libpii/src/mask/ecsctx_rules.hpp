#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What the Python package ecsctx 0.5.5 does with keys, texts and headers, exactly (docs/compatibility.md "Masking"):
// the rules of the profiles ecsctx-compat and, with three defects cured, ecsctx-fixed.
namespace pii::mask::ecsctx {

/// A piece of a text and what becomes of it.
struct Replacement {
  enum class Kind : std::uint8_t { email, phone };
  std::size_t begin;
  std::size_t end;
  Kind kind;
};

/// The e-mails of a text, left to right. Linear time.
void find_emails(std::string_view text, std::vector<Replacement>& out);
/// The phones of a text, left to right. `fixed`: also Gulf forms, and the plus sign belongs to the number (D-12).
void find_phones(std::string_view text, bool fixed, std::vector<Replacement>& out);

/// Whether a value passes untouched: it begins with `ptok:` or `"ptok:`; `fixed`: only when it is a token (D-06).
bool passes_as_token(std::string_view value, bool fixed) noexcept;

/// Whether values under this key are tokenized: contains one of fifteen words and is none of twenty-two safe names.
bool is_sensitive_key(std::string_view key);
/// Whether a header's value is shortened.
bool is_authorization_key(std::string_view key);
/// `scheme first4****last4`, as that package writes it; appended to `out`.
void append_masked_header(std::string_view value, std::string& out);

/// A pattern of exempt paths: `items[*].name`, `*`.
class ExemptPath {
 public:
  struct Step {
    bool array;        // `[*]`
    bool any;          // `*`: any step but an array's
    std::string name;
  };
  explicit ExemptPath(std::string_view pattern);
  const std::vector<Step>& steps() const noexcept { return steps_; }

 private:
  std::vector<Step> steps_;
};

}  // namespace pii::mask::ecsctx
