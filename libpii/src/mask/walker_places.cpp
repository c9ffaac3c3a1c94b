// Where a walk stands: for the listener, in a document in a string, where a member names another one, and when the table of places begins anew.
#include "mask/named_value.hpp"
#include "mask/report.hpp"
#include "mask/text.hpp"
#include "mask/values.hpp"
#include "mask/walker.hpp"

namespace pii::mask {

// Shapes point to places.
void Walker::forget() {
  shapes_.clear();
  places_.clear();
}

std::string_view Walker::path_of(const Entry& entry) {
  path_.clear();
  const auto add_key = [this](const Entry& of) {
    if (of.key.empty()) return;
    if (!path_.empty()) path_ += '.';
    append_shown_key(work_, of.key, path_);
  };
  for (const Frame& frame : frames_) {
    add_key(*frame.entry);
    if (frame.object_id == 0) path_ += "[*]";
  }
  add_key(entry);
  return work_.arena.copy(path_);
}

bool Walker::walk_embedded(const Layer& raw, Entry& entry, std::uint32_t embedded) {
  EscapeFaults faults;
  const Layer document = unescape_json(raw, work_.arena, faults);
  const std::string_view trimmed = trim(document.text);
  if (faults.bad_escape || trimmed.size() < 2 || (trimmed.front() != '{' && trimmed.front() != '[')) return false;
  return indexes_[embedded + 1].build(document.text, reader_) && walk(document, entry, embedded + 1);
}

Entry& Walker::by_names_beside(const Layer& text, std::uint32_t embedded, const std::uint32_t* key, Entry*& entry) {
  const JsonIndex& index = indexes_[embedded];
  const NamesBeside beside = names_beside(text.text, index.begin(), index.end(), key);
  if (beside.by_contents) learning_ = false;  // the next event of this shape has other names there
  if (beside.count == 0) return *entry;
  // A short number is a measurement, unless it would be dropped. Nothing is between the colon of a string or container and where that begins.
  const std::string_view number = trim(text.text.substr(key[2] + 1, key[3] - key[2] - 1));
  const bool measures = !number.empty() && number.size() < kShortestNumber;
  if (places_.full() && embedded == 0) {
    find_entries_anew(text);
    entry = &places_.next_member(*frames_.back().entry, nullptr, text.text.substr(key[0] + 1, key[1] - key[0] - 1), may_share());
  }
  // A secret before personal data, and that before a header, of which something stays.
  const auto rank = [](const Entry& named) {
    if (named.by_key != Treatment::whole) return 0;
    return named.verdict == KeyVerdict::Kind::secret || named.verdict == KeyVerdict::Kind::drop ? 2 : 1;
  };
  Entry* best = nullptr;
  bool several = false, header = false;
  for (std::size_t i = 0; i < beside.count; ++i) {
    Entry* const named = places_.named_member(*frames_.back().entry, beside.names[i], may_share());
    if (named == nullptr || (measures && named->verdict != KeyVerdict::Kind::drop)) continue;
    several |= best != nullptr;
    header |= rank(*named) == 0;
    if (best == nullptr || rank(*named) > rank(*best)) best = named;
  }
  // The name may be masked itself, and other names, here or in the container, then make something else of what is left of a header.
  const char mark = text.text[key[3]];
  work_.look_again |= header && (several || mark == '{' || mark == '[');
  return best != nullptr ? *best : *entry;
}

// Clears the table and walks down again to where the event stands.
void Walker::find_entries_anew(const Layer& event) {
  std::vector<std::string> keys;
  for (const Frame& frame : frames_) keys.emplace_back(frame.entry->key);
  for (PlainLeaf& leaf : work_.plain_leaves) {
    if (leaf.entry == nullptr) continue;
    const Layer raw = event.part(leaf.begin - event.base, leaf.end - event.base);
    mask_string(work_, raw, detect::classify_leaf(raw.text), *leaf.entry);
    leaf = {leaf.begin, leaf.begin};
  }
  for (Leaf& leaf : work_.leaves) leaf.entry = nullptr;
  for (KeyLeaf& key : work_.key_leaves) key.entry = nullptr;
  forget();
  learning_ = false;
  Entry* entry = &places_.root();
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    if (i > 0) {
      const Frame& above = frames_[i - 1];
      entry = above.object_id != 0 ? &places_.member(*entry, keys[i]) : &places_.element(*entry, above.index - 1);
    }
    frames_[i].entry = entry;
    frames_[i].previous = nullptr;
  }
  places_.keep_what_stands();
}

}  // namespace pii::mask
