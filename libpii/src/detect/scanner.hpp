#pragma once

#include <string_view>
#include <vector>

#include "detect/finding.hpp"
#include "detect/leaf_class.hpp"
#include "detect/regions.hpp"
#include "pii/detector.hpp"

namespace pii::detect {

/// What a policy says to the detectors.
struct Settings {
  DetectorSet enabled;
  DetectorSet context_required;  // self-proving detectors that ask for context all the same
  Regions regions;               // for national phone forms
  ExtraIins extra_iins;
  bool skip_private_ips = false;
};

/// What is known of a text from where it stands.
struct Hints {
  DetectorSet context;        // detectors whose context words stand in the keys above
  bool version_like = false;  // a key such as `version`: dotted numbers are no addresses
};

/// Finds what proves itself by its form (level S of docs/detectors.md): runs the detectors in the order of
/// the catalogue, each from left to right over what is still free, and adds what it finds to `spans`. `text`
/// is folded text (mask/fold.hpp); bytes that are not UTF-8 may stand in it and separate. Linear time, no
/// allocation but in `spans`.
void scan_strong(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints,
                 Spans& spans);

/// Finds what needs context (level C): the same, after scan_strong() and whatever else was added to `spans`.
void scan_with_context(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints,
                       Spans& spans);

/// The detector that `text` is one match of from end to end (surrounding blanks left out), S or C with
/// context given; none when it is not. For values under a sensitive key.
Detector whole_match(std::string_view text, const Settings& settings, DetectorSet context);

}  // namespace pii::detect
