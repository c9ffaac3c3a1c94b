#include "mask/value_masker.hpp"

#include "detect/leaf_class.hpp"
#include "mask/json_scalar.hpp"
#include "mask/values.hpp"

namespace pii::mask {

using detect::LeafClass;

// Of a key that holds something itself, of a policy in which more than keys and bytes decides, and of a place that is cut up (cookies,
// headers) or names somebody, nothing.
Entry* ValueMasker::find_entry(const Masker::ValuePlace& place) {
  const PolicySpec& spec = work_.policy.spec();
  if (!work_.impl.bytes_tell || place.keys_.empty() || place.keys_.size() > spec.max_depth) return nullptr;
  Entry* entry = &places_.root();
  for (const std::string& key : place.keys_) {
    if (detect::classify_leaf(key).any(LeafClass::kWorthScanning)) return nullptr;
    entry = &places_.member(*entry, key);
  }
  const bool whole = entry->treatment == Treatment::whole && entry->type != Detector::person_name;
  return whole || entry->treatment == Treatment::scan ? entry : nullptr;
}

Entry* ValueMasker::entry_of(Masker::ValuePlace& place) {
  if (place.version_ == places_.version()) return place.entry_;
  if (places_.full()) return nullptr;  // until the next event
  place.around_ = 2;
  for (const std::string& key : place.keys_) place.around_ += key.size() + 5;  // {"key":}
  place.entry_ = find_entry(place);
  place.version_ = places_.version();
  return place.entry_;
}

bool ValueMasker::find(Masker::ValuePlace& place, std::string_view text, std::optional<MaskCounts>& before) {
  Entry* const entry = entry_of(place);
  const PolicySpec& spec = work_.policy.spec();
  if (entry == nullptr || work_.listener != nullptr || text.size() > spec.max_leaf_bytes || place.around_ + text.size() > spec.max_line_bytes) {
    return false;
  }
  work_.begin_event();
  work_.limited = true;
  if (text.empty()) return true;
  if (entry->treatment == Treatment::scan) return entry->quiet.is(text) || scan(text, *entry, before);
  before = work_.counts;
  const Layer raw{.text = text};
  mask_whole(work_, raw, detect::classify_leaf(text), false, *entry);
  return true;
}

// As Walker::visit_string() and what follows from it, where no path exempts anything.
bool ValueMasker::scan(std::string_view text, Entry& entry, std::optional<MaskCounts>& before) {
  const LeafClass bytes = detect::classify_leaf(text);
  if (!bytes.any(LeafClass::kWorthScanning)) return true;
  // What they stand for is looked at, and so is the result; and a document is walked.
  if (bytes.any(LeafClass::backslash | LeafClass::percent | LeafClass::non_ascii | LeafClass::brace)) return false;
  if (entry.never_scan && has_expected_shape(text)) return true;
  if (bytes.any(LeafClass::long_run) && is_identifier(text)) return true;
  before = work_.counts;
  scanner_.scan_text(add_leaf(work_, {.text = text}, bytes, entry));
  if (!work_.look_again) return true;
  work_.counts = *before;
  return false;
}

}  // namespace pii::mask
