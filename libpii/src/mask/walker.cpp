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
  if (text.front() == '-' || is_digit(text.front())) return is_number(text);
  return text == "true" || text == "false" || text == "null";
}

}  // namespace

// One text on its way. Where it stands is kept in a local of walk(), which everything hot is inlined into: half the walk's
// time went into loading and storing it.
class Walker::Run {
 public:
  Run(Walker& walker, const Layer& text, std::uint32_t embedded)
      : walker_(walker), text_(text), data_(text.text.data()), embedded_(embedded), base_(walker.frames_.size()) {}

  bool walk(Entry& root) {
    const JsonIndex& index = walker_.indexes_[embedded_];
    Place at{index.begin(), index.end(), 0};
    Step step = value(at, root);
    while (walker_.frames_.size() > base_ && step != Step::fault) {
      const bool first = step == Step::opened;
      step = walker_.frames_.back().object_id != 0 ? members(at, first) : elements(at, first);
    }
    return step != Step::fault && at.next == at.end && is_blank_between(data_, at.behind, text_.text.size());
  }

 private:
  struct Place {
    const std::uint32_t* next;  // structural character
    const std::uint32_t* end;
    std::size_t behind;         // what was understood last
    void take() noexcept { behind = *next++ + 1; }
  };
  enum class Step : std::uint8_t { done, opened, fault };

  // Whether the next structural character is the next one that is no white space.
  bool at_structure(const Place& at) const noexcept { return at.next != at.end && is_blank_between(data_, at.behind, *at.next); }

  // Members of the innermost object until it ends or another container begins in it.
  [[gnu::always_inline]] Step members(Place& at, bool first) {
    for (;; first = false) {
      if (!at_structure(at)) return Step::fault;
      if (data_[*at.next] == '}') return close(at);
      if (!first) {
        if (data_[*at.next] != ',') return Step::fault;
        at.take();
        if (!at_structure(at)) return Step::fault;
      }
      if (data_[*at.next] != '"') return Step::fault;
      const Step step = member(at);
      if (step != Step::done) return step;
    }
  }

  [[gnu::always_inline]] Step elements(Place& at, bool first) {
    for (;; first = false) {
      const bool structure = at_structure(at);
      if (structure && data_[*at.next] == ']') return close(at);
      if (!first) {
        if (!structure || data_[*at.next] != ',') return Step::fault;
        at.take();
      }
      Frame& frame = walker_.frames_.back();
      const Step step = value(at, walker_.places_.element(*frame.entry, frame.index++));
      if (step != Step::done) return step;
    }
  }

  Step close(Place& at) {
    at.take();
    walker_.frames_.pop_back();
    return Step::done;
  }

  [[gnu::always_inline]] Step member(Place& at) {
    if (walker_.places_.full()) [[unlikely]] {
      if (embedded_ == 0) walker_.find_entries_anew(text_);
    }
    if (at.end - at.next <= 3) return Step::fault;
    const std::uint32_t begin = at.next[0] + 1, close = at.next[1], colon = at.next[2];
    if (data_[colon] != ':' || !is_blank_between(data_, close + 1, colon)) return Step::fault;
    Frame& frame = walker_.frames_.back();  // a text in a string may have moved them
    Entry& entry = walker_.places_.next_member(*frame.entry, frame.previous, {data_ + begin, close - begin});
    frame.previous = &entry;
    if (entry.scan_key) [[unlikely]] walker_.visit_key(text_, begin, close, entry, frame.object_id);
    at.behind = colon + 1;
    at.next += 3;
    return value(at, entry);
  }

  [[gnu::always_inline]] Step value(Place& at, Entry& entry) {
    const std::size_t until = at.next == at.end ? text_.text.size() : *at.next;
    if (!is_blank_between(data_, at.behind, until)) {
      const std::size_t behind = at.behind;
      at.behind = until;
      return scalar(entry, behind, until);
    }
    if (at.next == at.end) return Step::fault;
    switch (data_[until]) {
      case '"': {
        const auto begin = static_cast<std::uint32_t>(until) + 1;
        const std::uint32_t close = at.next[1];
        at.next += 2;
        at.behind = close + 1;
        if (entry.treatment != Treatment::untouched) walker_.visit_string(text_, begin, close, entry, embedded_);
        return Step::done;
      }
      case '{': return open(at, entry, ++walker_.objects_);
      case '[': return open(at, entry, 0);
      default: return Step::fault;
    }
  }

  Step scalar(Entry& entry, std::size_t begin, std::size_t end) {
    while (is_blank(data_[begin])) ++begin;
    while (is_blank(data_[end - 1])) --end;
    if (!is_json_scalar({data_ + begin, end - begin})) return Step::fault;
    if (entry.treatment != Treatment::untouched) mask_scalar(walker_.work_, text_.part(begin, end), entry, walker_.path(entry));
    return Step::done;
  }

  [[gnu::always_inline]] Step open(Place& at, Entry& entry, std::uint32_t object_id) {
    if (walker_.frames_.size() - base_ >= walker_.work_.policy.spec().max_depth) [[unlikely]] return skip(at, entry);
    at.take();
    walker_.frames_.push_back({&entry, nullptr, 0, object_id});
    return Step::opened;
  }

  // Too deep: the container goes as a whole.
  Step skip(Place& at, const Entry& entry) {
    const std::uint32_t begin = *at.next;
    std::size_t depth = 0;
    do {
      const char c = data_[*at.next];
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      at.take();
    } while (depth > 0 && at.next != at.end);
    if (depth > 0) return Step::fault;
    if (entry.treatment == Treatment::untouched) return Step::done;
    Edit edit = edit_of(text_.part(begin, at.behind));
    edit.quoted = true;
    edit.text = "[PII_REDACTED]";
    walker_.work_.edits.push_back(edit);
    ++walker_.work_.counts.failed;
    return Step::done;
  }

  Walker& walker_;
  const Layer& text_;
  const char* data_;
  std::uint32_t embedded_;
  std::size_t base_;
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
    const std::string_view value = text.text.substr(begin, end - begin);
    const bool of_line = work_.listener == nullptr && text.places == nullptr;
    const bool known = of_line && entry.quiet.is(value);
    LeafClass bytes;
    if (!known) {
      bytes = detect::classify_leaf(value);
      if (!of_line || bytes.any(work_.worth_scanning)) return visit_text(text.part(begin, end), bytes, entry, embedded);
      entry.quiet.set(value, false);
    }
    if (entry.treatment == Treatment::scan && !entry.skip_detectors) {
      work_.plain_leaves.push_back({text.base + begin, text.base + end, known && entry.quiet.scanned() ? &entry : nullptr});
    }
    return;
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
                          .entry = &entry});
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

// Clears the table and walks down again to where the event stands.
void Walker::find_entries_anew(const Layer& event) {
  std::vector<std::string> keys;
  for (const Frame& frame : frames_) keys.emplace_back(frame.entry->key);
  for (PlainLeaf& leaf : work_.plain_leaves) {
    if (leaf.entry == nullptr) continue;
    const Layer raw = event.part(leaf.begin - event.base, leaf.end - event.base);
    mask_string(work_, raw, detect::classify_leaf(raw.text), *leaf.entry, {});
    leaf = {leaf.begin, leaf.begin};
  }
  for (Leaf& leaf : work_.leaves) leaf.entry = nullptr;
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
