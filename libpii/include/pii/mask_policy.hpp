#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pii/detector.hpp"
#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii {

/// What takes a value's place. All of it lies in the closed grammar of docs/masking.md, so that masking twice changes
/// nothing.
struct MaskAction {
  enum class Type : std::uint8_t {
    token,        // ptok:…, the field type follows from the detector
    redact,       // `label`
    partial,      // **** and the last `keep_last` characters
    card_parts,   // the first `bin` digits, ******, and the last 4 if `keep_last`
    keep_domain,  // token@domain; for what is no e-mail a token
    ip_prefix,    // the network, /v4 or /v6; for what is no address a token
    encrypt,      // penc:…, needs full access, else it redacts
    drop,         // [DROPPED]
  };
  Type type = Type::token;
  /// redact: `[NAME]`, NAME of A-Z, 0-9 and _ with a letter first, at most 32; `[{detector}]` is the detector's name in
  /// capitals. Empty: [PII_REDACTED].
  std::string label = {};
  std::uint8_t keep_last = 0;  // partial: 0 to 4; card_parts: 0 or 4
  std::uint8_t bin = 0;        // card_parts: 0, 6 or 8 (8 only of 16 digits and more)
  std::uint8_t v4_prefix = 24;  // 8 to 31
  std::uint8_t v6_prefix = 48;  // 16 to 127

  friend bool operator==(const MaskAction&, const MaskAction&) = default;
};

/// Finds a pattern of the user's. Implementations are immutable and serve many threads.
class PII_EXPORT PatternMatcher {
 public:
  struct Match {
    std::size_t begin;
    std::size_t end;
  };
  virtual ~PatternMatcher();
  /// The leftmost match that begins at `from` or later; matches are never empty. Time linear in the text.
  virtual std::optional<Match> find(std::string_view text, std::size_t from) const = 0;
};

/// What a candidate must pass besides its pattern.
struct CandidateCheck {
  enum class Kind : std::uint8_t { none, luhn, mod97, verhoeff, min_entropy, non_hex };
  Kind kind = Kind::none;
  double min_entropy = 0;  // bits a character
};

/// A detector of the user's: pattern behind literal keywords.
struct CustomDetector {
  std::string id;                        // [a-z][a-z0-9_]{0,31}, not a name of the catalogue
  std::vector<std::string> keywords;     // one of them must stand in the leaf or its key (ASCII case folded); empty: always
  std::shared_ptr<const PatternMatcher> matcher;
  CandidateCheck check = {};
  MaskAction action = {};
};

/// What a path pattern decides; the last matching rule wins.
struct PathRule {
  enum class Exempt : std::uint8_t { none, keys, detectors, all };
  std::string path;  // docs/policy.md: a.b, a[*].b, a[0], *, **, ['a.b']
  Exempt exempt = Exempt::none;
  std::optional<MaskAction> action = {};  // for every scalar there
};

/// The whole of a policy, as data: what a policy file says (pii::policy reads them) or a program fills in.
/// Start from profile(): a default-constructed one has no detector enabled.
struct PolicySpec {
  enum class Rules : std::uint8_t { catalogue, ecsctx_compat, ecsctx_fixed };
  enum class OnError : std::uint8_t { redact_leaf, drop_event, placeholder_event };
  enum class OverLimit : std::uint8_t { redact_tail, redact_leaf };
  enum class Inherit : std::uint8_t { none, arrays, objects };
  enum class Stats : std::uint8_t { off, counts, paths };

  Rules rules = Rules::catalogue;
  OnError on_error = OnError::redact_leaf;

  std::uint32_t max_depth = 64;             // containers; deeper ones are redacted whole
  std::uint32_t max_leaf_bytes = 65536;     // what of a string is scanned
  OverLimit over_limit = OverLimit::redact_tail;
  std::uint32_t embedded_json_depth = 2;    // JSON texts inside strings, inside one another
  std::uint32_t max_line_bytes = 1048576;   // a longer line becomes a placeholder event

  std::vector<std::string> include = {"**"};
  std::vector<std::string> never_scan = {};  // paths whose values of the expected shape (hex, UUID, time) stay unseen

  DetectorSet enabled = {};           // filled by profile()
  DetectorSet context_required = {};  // self-proving detectors that ask for context all the same
  std::array<MaskAction, kDetectorCount> actions = {};
  std::vector<std::string> regions = {"KW", "SA", "AE", "BH", "QA", "OM", "US"};  // national phone forms, the default first
  std::vector<std::string> extra_iins = {};  // card prefixes of 4 to 8 digits beside the built-in table
  bool skip_private_ips = false;
  std::vector<CustomDetector> custom = {};

  /// Whether a phrase of the lists below can be found in keys. Errors: invalid_setting, with why alone: it has no word, or more than six.
  PII_EXPORT static Result<void> check_key_phrase(std::string_view phrase);
  // Word n-grams, as in docs/detectors.md "Keys"; they add to the built-in lists.
  struct KeyWords {
    std::string words;  // "customer name"
    Detector type = Detector::generic;
  };
  std::vector<KeyWords> sensitive_keys = {};
  std::vector<std::string> drop_keys = {};
  std::vector<std::string> safe_keys = {};
  Inherit inherit = Inherit::arrays;

  std::vector<PathRule> paths = {};

  std::vector<std::string> allow_values = {};
  std::vector<std::string> allow_domains = {};
  std::vector<std::shared_ptr<const PatternMatcher>> allow_patterns = {};
  bool allow_test_cards = false;  // test numbers that payment providers publish stay readable

  // What who reports on masking may tell; masking is the same whatever stands here.
  Stats stats = Stats::counts;
  double report_rate = 1.0;  // the share of events whose places are counted

  /// Rules::ecsctx_*: exempt path patterns, as that package writes them.
  std::vector<std::string> ecsctx_exempt_paths = {};

  /// `default`, `gulf-payments`, `pci-strict`, `secrets-only`, `ecsctx-compat`, `ecsctx-fixed`. Errors: invalid_setting.
  PII_EXPORT static Result<PolicySpec> profile(std::string_view name);
  PII_EXPORT static std::vector<std::string_view> profile_names();
};

/// A compiled policy: immutable, shared by all maskers that follow it.
class PII_EXPORT MaskPolicy {
 public:
  /// Errors: invalid_setting, naming the member and why. Refused: outputs outside the grammar, `exempt: all` under `**`,
  /// empty patterns, limits out of range.
  static Result<std::shared_ptr<const MaskPolicy>> compile(PolicySpec spec);

  ~MaskPolicy();
  MaskPolicy(const MaskPolicy&) = delete;
  MaskPolicy& operator=(const MaskPolicy&) = delete;

  const PolicySpec& spec() const noexcept { return spec_; }

  struct Impl;
  const Impl& impl() const noexcept { return *impl_; }

 private:
  MaskPolicy(PolicySpec spec, std::unique_ptr<const Impl> impl);

  PolicySpec spec_;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace pii
