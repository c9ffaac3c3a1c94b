#include "mask/walker.hpp"

#include <algorithm>

#include "detect/leaf_class.hpp"
#include "detect/scanner.hpp"
#include "mask/hex_digit.hpp"
#include "mask/report.hpp"
#include "mask/text.hpp"
#include "mask/values.hpp"

namespace pii::mask {
namespace {

[[gnu::noinline]] bool is_long_blank(const char* text, std::size_t begin, std::size_t end) noexcept {
  for (; begin < end; ++begin) {
    if (!is_blank(text[begin])) return false;
  }
  return true;
}

// Nothing or one blank, nearly always.
inline bool is_blank_between(const char* text, std::size_t begin, std::size_t end) noexcept {
  if (begin >= end) return true;
  return (text[begin] == ' ' && begin + 1 == end) || is_long_blank(text, begin, end);
}

// The number grammar of RFC 8259.
bool is_number(std::string_view text) noexcept {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i > first;
  };
  if (i < text.size() && text[i] == '-') ++i;
  if (i < text.size() && text[i] == '0') {
    ++i;
  } else if (!digits()) {
    return false;
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < text.size() && (text[i] | 0x20) == 'e') {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

// A UUID or hex of sixteen digits and more with a letter in it: no detector finds anything in one.
bool is_identifier(std::string_view text) noexcept {
  constexpr std::string_view kUuid = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const bool uuid = text.size() == kUuid.size() && text[8] == '-';
  // An IBAN may be hex as well: AE07 0331 2345 6789 0123 456.
  if (!uuid && text.size() >= 4 && is_letter(text[0]) && is_letter(text[1]) && is_digit(text[2]) && is_digit(text[3])) return false;
  bool letter = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (uuid && kUuid[i] == '-') {
      if (text[i] != '-') return false;
    } else if (hex_digit(text[i]) < 0) {
      return false;
    }
    letter |= !is_digit(text[i]) && text[i] != '-';
  }
  return letter && text.size() >= 16;
}

// `\n{`: what the escape stands for may be white space or a bracket.
bool begins_with_escape(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text.starts_with('\\');
}

bool is_json_scalar(std::string_view text) noexcept {
  return text == "true" || text == "false" || text == "null" || is_number(text);
}

}  // namespace

// The state of walking one text.
class Walker::Run {
 public:
  Run(Walker& walker, const Layer& text, std::uint32_t embedded)
      : walker_(walker), text_(text), data_(text.text.data()), embedded_(embedded), base_(walker.frames_.size()),
        next_(walker.indexes_[embedded].begin()), end_(walker.indexes_[embedded].end()) {}

  bool walk(Entry& root) {
    if (!value(root)) return false;
    while (walker_.frames_.size() > base_) {
      if (!(walker_.frames_.back().object_id != 0 ? walk_object() : walk_array())) return false;
    }
    return next_ == end_ && is_blank_between(data_, cursor_, text_.text.size());
  }

 private:
  // Members of the innermost container until it ends or another one begins in it.
  bool walk_object() {
    const std::size_t depth = walker_.frames_.size();
    do {
      if (after_value_) {
        if (!at_structure()) return false;
        if (data_[*next_] == '}') return close();
        if (data_[*next_] != ',') return false;
        take();
      } else if (at_structure() && data_[*next_] == '}') {
        return close();
      }
      if (!at_structure() || data_[*next_] != '"' || !member()) return false;
    } while (walker_.frames_.size() == depth);
    return true;
  }

  bool walk_array() {
    const std::size_t depth = walker_.frames_.size();
    do {
      if (after_value_) {
        if (!at_structure()) return false;
        if (data_[*next_] == ']') return close();
        if (data_[*next_] != ',') return false;
        take();
      } else if (at_structure() && data_[*next_] == ']') {
        return close();
      }
      Frame& frame = walker_.frames_.back();
      if (!value(walker_.places_.element(*frame.entry, frame.index++))) return false;
    } while (walker_.frames_.size() == depth);
    return true;
  }

  // Whether the next structural character is the next one that is no white space.
  bool at_structure() const noexcept { return next_ != end_ && is_blank_between(data_, cursor_, *next_); }

  bool close() {
    take();
    walker_.frames_.pop_back();
    after_value_ = true;
    return true;
  }

  bool member() {
    if (walker_.places_.full()) [[unlikely]] {
      if (embedded_ == 0) walker_.find_entries_anew();
    }
    const std::uint32_t begin = next_[0] + 1, close = next_[1];
    if (next_ + 2 >= end_ || data_[next_[2]] != ':' || !is_blank_between(data_, close + 1, next_[2])) return false;
    Frame& frame = walker_.frames_.back();
    Entry& entry = walker_.places_.next_member(*frame.entry, frame.previous, {data_ + begin, close - begin});
    frame.previous = &entry;
    if (entry.scan_key) [[unlikely]] walker_.visit_key(text_, begin, close, entry, frame.object_id);
    cursor_ = next_[2] + 1;
    next_ += 3;
    return value(entry);
  }

  bool value(Entry& entry) {
    after_value_ = true;
    const std::size_t until = next_ == end_ ? text_.text.size() : *next_;
    if (!is_blank_between(data_, cursor_, until)) return scalar(entry, until);
    if (next_ == end_) return false;
    switch (data_[until]) {
      case '"': {
        const std::uint32_t close = next_[1];
        walker_.visit_string(text_, static_cast<std::uint32_t>(until) + 1, close, entry, embedded_);
        next_ += 2;
        cursor_ = close + 1;
        return true;
      }
      case '{': return open(entry, ++walker_.objects_);
      case '[': return open(entry, 0);
      default: return false;
    }
  }

  bool scalar(Entry& entry, std::size_t until) {
    std::size_t begin = cursor_, end = until;
    while (is_blank(data_[begin])) ++begin;
    while (is_blank(data_[end - 1])) --end;
    if (!is_json_scalar({data_ + begin, end - begin})) return false;
    cursor_ = until;
    mask_scalar(walker_.work_, text_.part(begin, end), entry, walker_.path(entry));
    return true;
  }

  bool open(Entry& entry, std::uint32_t object_id) {
    if (walker_.frames_.size() - base_ >= walker_.work_.policy.spec().max_depth) return skip(entry);
    take();
    walker_.frames_.push_back({&entry, nullptr, 0, object_id});
    after_value_ = false;
    return true;
  }

  // Too deep: the container goes as a whole.
  bool skip(const Entry& entry) {
    const std::uint32_t begin = *next_;
    std::size_t depth = 0;
    do {
      const char c = data_[*next_];
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      take();
    } while (depth > 0 && next_ != end_);
    if (depth > 0) return false;
    if (entry.treatment == Treatment::untouched) return true;
    Edit at = edit_of(text_.part(begin, cursor_));
    at.quoted = true;
    at.text = "[PII_REDACTED]";
    walker_.work_.edits.push_back(at);
    ++walker_.work_.counts.failed;
    return true;
  }

  void take() noexcept { cursor_ = *next_++ + 1; }

  Walker& walker_;
  const Layer& text_;
  const char* data_;
  std::uint32_t embedded_;
  std::size_t base_;
  const std::uint32_t* next_;
  const std::uint32_t* end_;
  std::size_t cursor_ = 0;  // behind what was understood last
  bool after_value_ = false;
};

Walker::Walker(Work& work, PlaceTable& places)
    : work_(work), places_(places), indexes_(work.policy.spec().embedded_json_depth + 1) {}

bool Walker::walk(const Layer& event) {
  if (places_.full()) places_.clear();
  objects_ = 0;
  return walk(event, places_.root(), 0);
}

bool Walker::walk(const Layer& text, Entry& entry, std::uint32_t embedded) {
  if (!indexes_[embedded].build(text.text)) return false;
  const std::size_t edits = work_.edits.size(), leaves = work_.leaves.size(), plain = work_.plain_leaves.size();
  const std::size_t names = work_.names.size(), frames = frames_.size();
  const std::uint32_t objects = objects_;
  const std::size_t reports = work_.reports.size();
  const MaskCounts counts = work_.counts;
  if (Run(*this, text, embedded).walk(entry)) return true;
  work_.edits.resize(edits);
  work_.leaves.resize(leaves);
  work_.plain_leaves.resize(plain);
  work_.names.shrink(names);
  work_.reports.resize(reports);
  work_.counts = counts;
  frames_.resize(frames);
  objects_ = objects;
  return false;
}

void Walker::visit_string(const Layer& text, std::uint32_t begin, std::uint32_t end, Entry& entry,
                          std::uint32_t embedded) {
  using detect::LeafClass;
  if (entry.treatment == Treatment::scan || entry.treatment == Treatment::ecsctx_text) {
    if (begin == end) return;
    const LeafClass bytes = detect::classify_leaf(text.text.substr(begin, end - begin));
    if (!bytes.any(work_.worth_scanning) && work_.listener == nullptr && text.places == nullptr) [[likely]] {
      if (entry.treatment == Treatment::scan && !entry.skip_detectors) {
        work_.plain_leaves.push_back({text.base + begin, text.base + end});
      }
      return;
    }
    return visit_text(text.part(begin, end), bytes, entry, embedded);
  }
  if (entry.treatment == Treatment::untouched || (begin == end && entry.treatment != Treatment::ecsctx_header)) return;
  mask_string(work_, text.part(begin, end), {}, entry, path(entry));
}

// A string in which something may be found.
void Walker::visit_text(const Layer& raw, detect::LeafClass bytes, Entry& entry, std::uint32_t embedded) {
  using detect::LeafClass;
  if (entry.treatment == Treatment::scan) {
    if (bytes.any(LeafClass::long_run) && !work_.impl.scans_every_text && is_identifier(raw.text)) return;
    const bool may_be_json = bytes.any(LeafClass::brace) || begins_with_escape(raw.text);
    if (may_be_json && embedded < work_.policy.spec().embedded_json_depth && walk_embedded(raw, entry, embedded)) return;
  }
  mask_string(work_, raw, bytes, entry, path(entry));
}

bool Walker::walk_embedded(const Layer& raw, Entry& entry, std::uint32_t embedded) {
  EscapeFaults faults;
  const Layer document = unescape_json(raw, work_.arena, faults);
  const std::string_view trimmed = trim(document.text);
  if (faults.bad_escape || trimmed.size() < 2 || (trimmed.front() != '{' && trimmed.front() != '[')) return false;
  return walk(document, entry, embedded + 1);
}

void Walker::visit_key(const Layer& text, std::uint32_t begin, std::uint32_t end, Entry& entry,
                       std::uint32_t object_id) {
  if (entry.treatment == Treatment::untouched) return;
  const Layer raw = text.part(begin, end);
  work_.leaves.push_back({.raw = raw,
                          .bytes = detect::classify_leaf(raw.text),
                          .json = true,
                          .path = path(entry),
                          .object = object_id,
                          .key_entry = &entry});
}

std::string_view Walker::path(const Entry& entry) {
  if (work_.listener == nullptr) return {};
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

// Clears the table and walks down again to where the event stands.
void Walker::find_entries_anew() {
  std::vector<std::string> keys;
  for (const Frame& frame : frames_) keys.emplace_back(frame.entry->key);
  for (Leaf& leaf : work_.leaves) leaf.key_entry = nullptr;
  places_.clear();
  Entry* entry = &places_.root();
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    if (i > 0) {
      const Frame& above = frames_[i - 1];
      entry = above.object_id != 0 ? &places_.member(*entry, keys[i]) : &places_.element(*entry, above.index - 1);
    }
    frames_[i].entry = entry;
    frames_[i].previous = nullptr;
  }
}

}  // namespace pii::mask
