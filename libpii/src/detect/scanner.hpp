#pragma once

#include <string_view>
#include <vector>

#include "detect/finding.hpp"
#include "detect/leaf_class.hpp"
#include "detect/numbers.hpp"
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

/// A text on its way through the detectors: what they all ask about it is found once. `text` is folded text
/// (mask/layer.hpp); bytes that are not UTF-8 may stand in it and separate. All that it is given must outlive it; `numbers` is
/// room to work in. Linear time, no allocation but in `numbers` and spans. Nothing is looked for in `taken`; `leaf` may be of the rest.
class TextScan {
 public:
  TextScan(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints, Numbers& numbers, const Spans& taken);

  /// Finds what proves itself by its form (level S of docs/detectors.md): runs the detectors in the order of the catalogue,
  /// each from left to right over what is still free, and adds what it finds to `spans`.
  void find_strong(Spans& spans) {
    if (strong_ != 0) run_strong(spans);
  }
  /// Finds what needs context (level C): the same, after find_strong() and whatever else was added to `spans`.
  void find_with_context(Spans& spans) const {
    if ((asked_ | weak_) != 0) run_with_context(spans);
  }

 private:
  void run_strong(Spans& spans);
  void run_with_context(Spans& spans) const;

  std::string_view text_;
  const Settings& settings_;
  const Hints& hints_;
  const Numbers& numbers_;
  // Passes that may find anything, of the enabled ones: of level S, those of them that the policy asks context for, and of level C.
  std::uint64_t strong_, asked_, weak_;
};

/// Whether some detector runs only because of what the class says; else a text of which less is said is looked at alike.
bool asks_for_any(LeafClass leaf) noexcept;
/// The class of what no span covers of a text, each stretch of it for itself: what the detectors may find something in.
LeafClass classify_free(std::string_view text, const Spans& spans) noexcept;

/// The two as functions.
void scan_strong(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints, Spans& spans);
void scan_with_context(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints, Spans& spans);

/// The detector that `text` is one match of from end to end (surrounding blanks left out), S or C with
/// context given; none when it is not. For values under a sensitive key. `leaf` may have bits that `text` has not.
Detector whole_match(std::string_view text, LeafClass leaf, const Settings& settings, DetectorSet context);
Detector whole_match(std::string_view text, const Settings& settings, DetectorSet context);

/// Gives back what long texts needed on this thread.
void give_back_memory() noexcept;

}  // namespace pii::detect
