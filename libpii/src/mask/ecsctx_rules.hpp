#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// What the Python package ecsctx 0.5.5 does with keys, texts and headers, exactly (docs/compatibility.md
// "Masking"): the rules of the profiles ecsctx-compat and, with three defects cured (`fixed`), ecsctx-fixed.
// Texts are UTF-8; bytes that are not stand between words.
namespace pii::mask::ecsctx {

/// A piece of a text that a token takes the place of.
struct Replacement {
  enum class Kind : std::uint8_t { email, phone };
  std::size_t begin;
  std::size_t end;
  Kind kind;

  friend bool operator==(const Replacement&, const Replacement&) = default;
};
/// The field type that a piece is tokenized with.
constexpr const char* field_type_of(Replacement::Kind kind) noexcept {
  return kind == Replacement::Kind::email ? "email" : "phone";
}

/// Adds the e-mails of a text, left to right. Linear time.
void find_emails(std::string_view text, std::vector<Replacement>& out);
/// Adds the phones of a text, left to right. `fixed`: also international forms in any grouping, and the plus
/// sign belongs to the number (D-12). Linear time.
void find_phones(std::string_view text, bool fixed, std::vector<Replacement>& out);

/// What scrubbing a text replaces. That package looks for phones in the text in which e-mails are tokens
/// already.
struct ScrubPlan {
  std::vector<Replacement> pieces = {};  // left to right, apart, in the text as it is
  bool depends_on_tokens =
      false;  // a phone stands at an e-mail: only scrub_exactly() knows. Never if `fixed`
  std::vector<Replacement> emails = {};  // room to work in
};
/// Makes the plan of a text, using `plan` again. With `depends_on_tokens` false it holds as long as no token
/// written for an e-mail holds_phone(); else scrub_exactly().
void plan_scrub(std::string_view text, bool fixed, ScrubPlan& plan);
/// Whether the text of a token has digits that would be taken for a phone (one in some hundred million has).
/// For compat.
bool holds_phone(std::string_view token);

/// Appends what takes a value's place.
using AppendToken = std::function<void(Replacement::Kind kind, std::string_view value, std::string& out)>;
/// Scrubs for any text; appended to `out`.
void scrub_exactly(std::string_view text, bool fixed, const AppendToken& append_token, std::string& out);

/// Whether a value passes untouched: it begins with `ptok:` or `"ptok:`; `fixed`: only when it is a whole
/// token, bare or in quotes (D-06).
bool passes_as_token(std::string_view value, bool fixed) noexcept;
/// What of a value is tokenized: quotes at both ends stay outside, one each. Empty values are kept as they
/// are.
struct Unquoted {
  std::string_view value;
  bool quoted;
};
Unquoted unquote(std::string_view value) noexcept;

/// Whether values under this key are tokenized: contains one of fifteen words and is none of twenty-two safe
/// names.
bool is_sensitive_key(std::string_view key);
/// What a key says of its values beside that they are sensitive (D-15).
enum class KeyHint : std::uint8_t { none, phone, email, phone_or_email };
KeyHint hint_of(std::string_view key);
/// The field type for a value (unquoted) under a sensitive key, `fixed` (D-15): `email` or `phone` when the
/// value is one or the key says so, else `generic`, which is the only one without `fixed`.
const char* fixed_field_type(KeyHint hint, std::string_view value);
inline const char* fixed_field_type(std::string_view key, std::string_view value) { return fixed_field_type(hint_of(key), value); }

/// Whether a header's value is shortened.
bool is_authorization_key(std::string_view key);
/// `scheme first4****last4`, as that package writes it; appended to `out`.
void append_masked_header(std::string_view value, std::string& out);

/// The step of a path into an array. A member of that name is taken for one too.
inline constexpr std::string_view kArrayStep = "[*]";

/// A pattern of exempt paths: `items[*].name`, `*`. Everything is accepted: what has no step matches every
/// path.
class ExemptPath {
 public:
  struct Step {
    bool array;  // `[*]`
    bool any;    // `*`: any step but an array's
    std::string name;

    bool accepts(std::string_view key) const noexcept {
      if (array || any) return (key == kArrayStep) == array;
      return key == name;
    }
  };
  explicit ExemptPath(std::string_view pattern);
  const std::vector<Step>& steps() const noexcept { return steps_; }
  /// Whether the pattern is a beginning of the path, given as its keys (kArrayStep for elements).
  bool matches(const std::vector<std::string_view>& path) const noexcept;

 private:
  std::vector<Step> steps_;
};

}  // namespace pii::mask::ecsctx
