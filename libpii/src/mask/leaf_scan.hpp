#pragma once

#include "detect/numbers.hpp"
#include "mask/pairs.hpp"
#include "mask/work.hpp"

namespace pii::mask {

/// Whether a name of the event stands in the line where nothing is replaced yet; also true where that is not easily told.
bool names_stand_in(const Work& work, std::string_view line);

/// The second round (docs/masking.md section 5): looks for personal data in texts by its form.
class LeafScanner {
 public:
  explicit LeafScanner(Work& work) : work_(work), pairs_(work) {}

  /// All leaves of the event, and the names in its plain ones.
  void scan_event(std::string_view line);
  /// A text that is no JSON.
  void scan_text(const Leaf& leaf);
  /// Gives back what a long text needed.
  void give_back() noexcept {
    pairs_.give_back();
    spans_ = {};
    walls_ = {};
    numbers_ = {};
  }

 private:
  struct OutputMark;

  void scan_read(const Leaf& leaf, const Layer& raw, const Layer& plain, const Layer& folded, detect::LeafClass bytes);
  /// All that is looked for, in its order, in what spans_ leaves free; `again`: in the text looked at last, where it was replaced.
  void find(const Leaf& leaf, std::string_view text, const std::uint32_t* places, detect::LeafClass bytes, bool again);
  void find_outputs(std::string_view text, detect::LeafClass bytes);
  void find_outputs(std::string_view text, const OutputMark& mark);
  void find_custom(const Leaf& leaf, std::string_view text);
  void add_edits(const Leaf& leaf, const Layer& folded);
  bool is_alike(Detector detector) const noexcept;
  bool is_shortened(std::string_view text, const detect::Span& span);
  void add_span_edit(const Leaf& leaf, const Layer& folded, const detect::Span& span);
  bool are_settled_pairs(std::size_t first_edit) const;
  bool is_settled_key(const Leaf& leaf, const Layer& plain, std::size_t first_edit);
  bool settle(const Leaf& leaf, const Layer& plain, const Layer& folded, detect::LeafClass bytes, std::size_t first_edit);
  bool add_walls(const Layer& folded, std::size_t first_edit, char* text);
  bool stands_as_output(std::string_view text, const detect::Span& span, bool label) const;
  void keep_apart(const Leaf& leaf, std::size_t first_edit);
  MaskedKeys::Name masked_name(const Leaf& leaf, std::size_t first_edit);
  std::string_view without_plus(std::string_view value);
  void scan_names_only(const Layer& raw);
  /// What lies beyond the policy's limit for a leaf goes; returns what is left to scan.
  Layer cut(const Leaf& leaf);

  Work& work_;
  Pairs pairs_;
  detect::Spans spans_;
  detect::Numbers numbers_;
  detect::LeafClass rest_;  // of what exact pairs and outputs leave of the text looked at last
  detect::Spans walls_;  // what was replaced of the text looked at, as settle() sees it
};

}  // namespace pii::mask
