#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "detect/outputs.hpp"
#include "detect/scanner.hpp"
#include "mask/key_policy.hpp"
#include "mask/path_pattern.hpp"
#include "pii/mask_policy.hpp"
#include "pii/names.hpp"
#include "pii/result.hpp"

namespace pii {

/// What the engine sees of a policy: everything made ready once.
struct MaskPolicy::Impl {
  explicit Impl(const PolicySpec& spec) : keys(spec) {}
  /// Errors: invalid_setting.
  Result<void> prepare(const PolicySpec& spec);

  mask::KeyPolicy keys;
  /// What a key says; headers that the policy does not want are plain.
  mask::KeySaid say(std::string_view key, mask::KeyRole above) const;
  /// Whether a value may be named so by a member beside it: what was masked says nothing (docs/masking.md section 3).
  bool can_name(std::string_view name) const;
  /// What a key is to those below it.
  mask::KeyRole role_of(std::string_view key) const;
  detect::Settings settings;
  std::vector<std::string> labels;  // with brackets, of the policy and its detectors
  std::string label_of[kDetectorCount];    // `[DETECTOR_NAME]`
  std::vector<std::string> custom_labels;  // the same for spec.custom[i]
  std::string_view label(Detector detector, std::uint16_t custom) const noexcept {
    return detector == Detector::custom ? custom_labels[custom] : label_of[static_cast<int>(detector)];
  }
  std::vector<FieldType> fields;            // by detector, then by custom detector
  std::uint16_t field_index(Detector detector, std::uint16_t custom) const noexcept {
    return static_cast<std::uint16_t>(detector == Detector::custom ? kDetectorCount + custom
                                                                   : static_cast<int>(detector));
  }

  // All path patterns of the policy in one matcher: include, then never_scan, then paths.
  std::vector<mask::PathPattern> patterns;
  std::size_t never_scan_begin = 0;
  std::size_t paths_begin = 0;
  bool includes_all = true;

  std::unordered_set<std::string> allow_values;   // canonical or as written, lower case
  std::vector<std::string> allow_domains;         // lower case
  bool allows_any = false;                        // of those, of patterns or of test cards
  std::vector<std::vector<std::string>> custom_keywords;  // lower case

  bool scans_every_text = false;  // some pattern or detector needs no telling byte
  bool bytes_tell = false;  // Masker::leaves_alone() can be asked
  bool shortens_headers = true;  // in the form of docs/masking.md section 4
  std::uint8_t v4_prefix = 0;  // 0: addresses are not shortened
  std::uint8_t v6_prefix = 0;

  detect::OutputGrammar grammar() const noexcept;

 private:
  mask::KeySaid say_plain(std::string_view key, mask::KeyRole above) const;
  Result<void> prepare_actions(const PolicySpec& spec);
  Result<void> prepare_paths(const PolicySpec& spec);
};

}  // namespace pii
