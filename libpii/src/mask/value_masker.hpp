#pragma once

#include <optional>
#include <string_view>

#include "mask/leaf_scan.hpp"
#include "mask/place_table.hpp"
#include "mask/work.hpp"

namespace pii::mask {

/// Finds what is to be replaced in a single value (Masker::mask_value): what the walk over an event of this one member would find,
/// without event, index and walk.
class ValueMasker {
 public:
  ValueMasker(Work& work, PlaceTable& places, LeafScanner& scanner) : work_(work), places_(places), scanner_(scanner) {}

  /// The work holds the edits then, counted from the begin of `text`. False: its event has to be walked, and nothing was counted.
  /// `before`: what the counts were, once something may be counted; for who finds out later that it has to be walked.
  bool find(Masker::ValuePlace& place, std::string_view text, std::optional<MaskCounts>& before);

 private:
  Entry* entry_of(Masker::ValuePlace& place);
  Entry* find_entry(const Masker::ValuePlace& place);
  bool scan(std::string_view text, Entry& entry, std::optional<MaskCounts>& before);

  Work& work_;
  PlaceTable& places_;
  LeafScanner& scanner_;
};

}  // namespace pii::mask
