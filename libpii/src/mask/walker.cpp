#include "mask/walker.hpp"

#include <algorithm>

#include "detect/leaf_class.hpp"
#include "mask/ecsctx_texts.hpp"
#include "mask/hex_digit.hpp"
#include "mask/json_scalar.hpp"
#include "mask/leaf_scan.hpp"
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
  return begin >= end || is_long_blank(text, begin, end);
}

}  // namespace

// One text on its way. Where it stands is kept in a local of walk(), which everything hot is inlined into: half the walk's
// time went into loading and storing it.
class Walker::Run {
 public:
  Run(Walker& walker, const Layer& text, std::uint32_t embedded)
      : walker_(walker), index_(walker.indexes_[embedded]), text_(text), data_(text.text.data()), end_(index_.end()), size_(text.text.size()),
        embedded_(embedded), base_(walker.frames_.size()),
        passes_plain_(walker.work_.listener == nullptr && text.places == nullptr && !walker.work_.impl.scans_every_text) {}

  /// The scalars are those of the text, whatever stands between them; of those that the detectors look into all or what tells.
  void visit(std::span<const Scalar> scalars, EventShapes::Wanted wanted) {
    for (const Scalar& scalar : scalars) {
      if (!scalar.string) {
        number(*scalar.entry, scalar.begin, scalar.end);
      } else if (wanted == EventShapes::Wanted::telling) {
        walker_.visit_string(text_, scalar.begin, scalar.end, *scalar.entry, embedded_);
      } else {
        string(*scalar.entry, scalar.begin, scalar.end);
      }
    }
  }

  /// The plain ones of them, in case that the event names somebody.
  void remember_plain(std::span<const Scalar> scalars) {
    for (const Scalar& scalar : scalars) {
      if (scalar.string && looks_into(scalar.entry->treatment) && scalar.begin != scalar.end && index_.is_plain(scalar.begin, scalar.end)) {
        plain(*scalar.entry, scalar.begin, scalar.end);
      }
    }
  }
  bool passes_plain() const noexcept { return passes_plain_; }

  bool walk(Entry& root) {
    Place at{index_.begin(), 0};
    Step step = value(at, root);
    while (walker_.frames_.size() > base_ && step != Step::fault) {
      const bool first = step == Step::opened;
      step = walker_.frames_.back().object_id != 0 ? members(at, first) : elements(at, first);
    }
    return step != Step::fault && at.next == end_ && is_blank_between(data_, at.behind, size_);
  }

 private:
  // Nothing that is not inlined may take its address: it lies in registers.
  struct Place {
    const std::uint32_t* next;  // structural character; behind the last one there are zeros
    std::size_t behind;         // what was understood last
    void take() noexcept { behind = *next++ + 1; }
  };
  enum class Step : std::uint8_t { done, opened, fault };

  // Whether the next structural character is the next one that is no white space.
  bool at_structure(const Place& at) const noexcept { return at.next != end_ && is_blank_between(data_, at.behind, *at.next); }

  // A key between its quotes, and where its colon stands; begin is 0 where there is none.
  struct Key {
    std::uint32_t begin = 0, end = 0, colon = 0;
  };

  // Reads `,"key":`, the comma left out before the first, as programs write it: without blanks.
  [[gnu::always_inline]] Key read_compact_key(const Place& at, bool first) const noexcept {
    const std::uint32_t* next = at.next;
    std::uint32_t quote = static_cast<std::uint32_t>(at.behind);
    if (!first) {
      if (*next != quote || data_[quote] != ',') return {};
      ++next;
      ++quote;
    }
    const std::uint32_t end = next[1], colon = next[2];
    if (*next != quote || data_[quote] != '"' || colon != end + 1 || data_[colon] != ':') return {};
    return {quote + 1, end, colon};
  }

  // The same with white space wherever it may be.
  [[gnu::noinline]] Key read_key(Place at, bool first) const noexcept {
    if (!first) {
      if (!at_structure(at) || data_[*at.next] != ',') return {};
      at.take();
    }
    if (!at_structure(at) || data_[*at.next] != '"' || end_ - at.next <= 3) return {};
    const Key key{at.next[0] + 1, at.next[1], at.next[2]};
    return data_[key.colon] == ':' && is_blank_between(data_, key.end + 1, key.colon) ? key : Key{};
  }

  // Members of the innermost object until it ends or another container begins in it.
  [[gnu::always_inline]] Step members(Place& at, bool first) {
    Entry* object = walker_.frames_.back().entry;
    Entry* previous = walker_.frames_.back().previous;
    for (;; first = false) {
      Key key = read_compact_key(at, first);
      if (key.begin == 0) {
        if (at_structure(at) && data_[*at.next] == '}') return close(at);
        key = read_key(at, first);
        if (key.begin == 0) return Step::fault;
      }
      const std::string_view text(data_ + key.begin, key.end - key.begin);
      Entry* entry = PlaceTable::likely_member(*object, previous, text, key.begin + 8 <= size_);
      if (entry == nullptr) [[unlikely]] {
        entry = &other_member(previous, text);
        object = walker_.frames_.back().entry;
      }
      if (entry->scan_key) [[unlikely]] walker_.visit_key(text_, key.begin, key.end, *entry, embedded_);
      Entry* decides = entry;
      if (entry->may_be_named) [[unlikely]] {
        decides = &walker_.by_names_beside(text_, embedded_, at.next + (first ? 0 : 1), entry);
        object = walker_.frames_.back().entry;
      }
      at.behind = key.colon + 1;
      at.next += first ? 3 : 4;
      previous = entry;
      const Step step = value(at, *decides);
      if (step == Step::done) continue;
      if (step == Step::opened) walker_.frames_[walker_.frames_.size() - 2].previous = previous;
      return step;
    }
  }

  [[gnu::noinline]] Entry& other_member(Entry* previous, std::string_view key) {
    if (walker_.places_.full() && embedded_ == 0) {
      walker_.find_entries_anew(text_);
      previous = nullptr;
    }
    return walker_.places_.next_member(*walker_.frames_.back().entry, previous, key, walker_.may_share());
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

  [[gnu::always_inline]] Step close(Place& at) {
    at.take();
    walker_.frames_.pop_back();
    return Step::done;
  }

  [[gnu::always_inline]] Step value(Place& at, Entry& entry) {
    const std::size_t until = at.next == end_ ? size_ : *at.next;
    if (until != at.behind && (!is_blank(data_[at.behind]) || !is_blank_between(data_, at.behind, until))) {
      const std::size_t behind = at.behind;
      at.behind = until;
      return scalar(entry, behind, until);
    }
    if (at.next == end_) return Step::fault;
    const char mark = data_[until];
    if (mark == '"') {
      const auto begin = static_cast<std::uint32_t>(until) + 1;
      const std::uint32_t close = at.next[1];
      at.next += 2;
      at.behind = close + 1;
      remember(entry, begin, close, true);
      string(entry, begin, close);
      return Step::done;
    }
    if (mark != '{' && mark != '[') return Step::fault;
    if (walker_.frames_.size() - base_ >= walker_.work_.policy.spec().max_depth) [[unlikely]] {
      at.next = skip(at.next, entry);
      if (at.next == nullptr) return Step::fault;
      at.behind = at.next[-1] + 1;
      return Step::done;
    }
    at.take();
    walker_.frames_.push_back({&entry, nullptr, 0, mark == '{' ? ++walker_.objects_ : 0});
    return Step::opened;
  }

  // Most strings have nothing that any detector begins with: those are only remembered, in case that the event names somebody.
  [[gnu::always_inline]] void string(Entry& entry, std::uint32_t begin, std::uint32_t end) {
    if (passes_plain_ && looks_into(entry.treatment)) {
      if (begin == end) return;
      if (index_.is_plain(begin, end)) return plain(entry, begin, end);
    }
    walker_.visit_string(text_, begin, end, entry, embedded_);
  }
  [[gnu::always_inline]] void plain(const Entry& entry, std::uint32_t begin, std::uint32_t end) {
    if (entry.treatment == Treatment::scan && !entry.skip_detectors) {
      walker_.work_.plain_leaves.push_back({text_.base + begin, text_.base + end, nullptr});
    }
  }

  [[gnu::always_inline]] Step scalar(Entry& entry, std::size_t begin, std::size_t end) {
    while (is_blank(data_[begin])) ++begin;
    while (is_blank(data_[end - 1])) --end;
    if (!is_json_scalar({data_ + begin, end - begin})) return Step::fault;
    remember(entry, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), false);
    number(entry, begin, end);
    return Step::done;
  }

  // A number, `true`, `false` or `null`.
  [[gnu::always_inline]] void number(Entry& entry, std::size_t begin, std::size_t end) {
    const bool nothing = looks_into(entry.treatment) && (end - begin < kShortestNumber || entry.treatment != Treatment::scan);
    if (!nothing && entry.treatment != Treatment::untouched) {
      walker_.keep_path(entry);
      mask_scalar(walker_.work_, text_.part(begin, end), entry);
    }
  }

  [[gnu::always_inline]] void remember(Entry& entry, std::uint32_t begin, std::uint32_t end, bool string) {
    if (walker_.learning_ && embedded_ == 0) walker_.scalars_.push_back({&entry, begin, end, string});
  }

  // Too deep: the container goes as a whole. Returns what comes behind it, null if it does not end.
  [[gnu::noinline]] const std::uint32_t* skip(const std::uint32_t* next, const Entry& entry) {
    const std::uint32_t begin = *next;
    std::size_t depth = 0;
    do {
      const char c = data_[*next++];
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
    } while (depth > 0 && next != end_);
    if (depth > 0) return nullptr;
    if (embedded_ == 0) walker_.learning_ = false;
    if (entry.treatment == Treatment::untouched) return next;
    Edit edit = edit_of(text_.part(begin, next[-1] + 1));
    edit.quoted = true;
    edit.text = "[PII_REDACTED]";
    walker_.work_.edits.push_back(edit);
    ++walker_.work_.counts.failed;
    return next;
  }

  Walker& walker_;
  const JsonIndex& index_;
  const Layer& text_;
  const char* data_;
  const std::uint32_t* end_;  // of the positions
  std::size_t size_;
  std::uint32_t embedded_;
  std::size_t base_;
  bool passes_plain_;  // what is plain to the index is
};

Walker::Walker(Work& work, PlaceTable& places)
    : work_(work), places_(places), indexes_(work.policy.spec().embedded_json_depth + 1),
      reader_(work.policy.spec().rules == PolicySpec::Rules::catalogue ? Reader::detectors : Reader::ecsctx) {}

bool Walker::walk(const Layer& event) {
  places_.begin_event();
  if (places_.full()) forget();
  objects_ = 0;
  frames_.clear();  // what an exception has left
  const JsonIndex& index = indexes_[0];
  if (!indexes_[0].build(event.text, reader_)) return false;
  // Who listens wants to be told where it is.
  const bool by_shape = work_.listener == nullptr;
  if (by_shape && walk_by_shape(event)) return true;
  scalars_.clear();
  const bool bracket = index.begin() != index.end() && event.text[*index.begin()] != '"';
  learning_ = by_shape && bracket && shapes_.learns();
  const bool json = walk(event, places_.root(), 0);
  if (json) work_.names_in_line = names_stand_in(work_, event.text);
  if (json && learning_) shapes_.learn(event.text, index, scalars_);
  learning_ = false;
  return json;
}

bool Walker::walk_by_shape(const Layer& event) {
  using Wanted = EventShapes::Wanted;
  const JsonIndex& index = indexes_[0];
  Run run(*this, event, 0);
  // Events that name somebody twice come one after the other, and their plain strings are wanted, too.
  const Wanted wanted = !run.passes_plain() || names_in_line_ ? Wanted::touched : Wanted::telling;
  const auto scalars = shapes_.find(event.text, index, wanted);
  if (!scalars) return false;
  run.visit(*scalars, wanted);
  names_in_line_ = work_.names_in_line = names_stand_in(work_, event.text);
  const bool left_plain = wanted == Wanted::telling && names_in_line_;
  if (const auto all = left_plain ? shapes_.find(event.text, index, Wanted::touched) : std::nullopt) run.remember_plain(*all);
  return true;
}

// An indexed text.
bool Walker::walk(const Layer& text, Entry& entry, std::uint32_t embedded) {
  const std::size_t edits = work_.edits.size(), leaves = work_.leaves.size(), plain = work_.plain_leaves.size();
  const std::size_t keys = work_.key_leaves.size(), names = work_.names.size(), frames = frames_.size(), reports = work_.reports.size();
  const std::uint32_t objects = objects_;
  const MaskCounts counts = work_.counts;
  if (Run(*this, text, embedded).walk(entry)) return true;
  work_.edits.resize(edits);
  work_.leaves.resize(leaves);
  work_.plain_leaves.resize(plain);
  work_.key_leaves.resize(keys);
  work_.names.shrink(names);
  work_.reports.resize(reports);
  work_.counts = counts;
  frames_.resize(frames);
  objects_ = objects;
  return false;
}

// Of the string [begin, end), which is not empty: from the index where that says enough.
inline detect::LeafClass Walker::class_of(const Layer& text, std::uint32_t begin, std::uint32_t end, std::uint32_t embedded) const noexcept {
  const JsonIndex::Strings strings = indexes_[embedded].strings();
  if (reader_ == Reader::detectors && strings.is_simple(end)) return strings.simple_class(begin, end);
  return detect::classify_leaf(text.text.substr(begin, end - begin));
}

void Walker::visit_string(const Layer& text, std::uint32_t begin, std::uint32_t end, Entry& entry, std::uint32_t embedded) {
  using detect::LeafClass;
  if (!looks_into(entry.treatment)) {
    if (entry.treatment == Treatment::untouched || (begin == end && entry.treatment != Treatment::ecsctx_header)) return;
    const Layer raw = text.part(begin, end);
    keep_path(entry);
    if (entry.treatment == Treatment::whole) return mask_whole(work_, raw, class_of(text, begin, end, embedded), false, entry);
    return mask_string(work_, raw, LeafClass(), entry);
  }
  if (begin == end) return;
  const std::string_view value = text.text.substr(begin, end - begin);
  if (entry.never_scan && has_expected_shape(value)) return;
  const bool scan = entry.treatment == Treatment::scan;
  // Before its class, which would say no more of it.
  const bool hex_ends = value.size() >= kShortestIdentifier && is_hex_digit(value.front()) && is_hex_digit(value.back());
  if (scan && hex_ends && !work_.impl.scans_every_text && is_identifier(value)) return;
  const bool of_line = work_.listener == nullptr && text.places == nullptr;
  const bool known = of_line && entry.quiet.is(value);
  if (!known) {
    const LeafClass bytes = class_of(text, begin, end, embedded);
    const std::uint32_t wanted = scan ? LeafClass::kWorthScanning : kWorthScanningByEcsctx;
    const bool worth = work_.impl.scans_every_text || bytes.any(wanted);
    if (!of_line || worth) return visit_text(text.part(begin, end), bytes, entry, embedded);
  }
  if (scan && !entry.skip_detectors) {
    work_.plain_leaves.push_back({text.base + begin, text.base + end, known ? &entry : nullptr});
  }
}

// A string in which something may be found.
void Walker::visit_text(const Layer& raw, detect::LeafClass bytes, Entry& entry, std::uint32_t embedded) {
  if (entry.treatment == Treatment::scan) {
    const bool may_be_json = bytes.any(detect::LeafClass::brace) || begins_with_escape(raw.text);
    if (may_be_json && embedded < work_.policy.spec().embedded_json_depth && walk_embedded(raw, entry, embedded)) return;
  }
  keep_path(entry);
  mask_string(work_, raw, bytes, entry);
}

void Walker::visit_key(const Layer& text, std::uint32_t begin, std::uint32_t end, Entry& entry, std::uint32_t embedded) {
  if (entry.treatment == Treatment::untouched) return;
  const bool nothing = !work_.impl.scans_every_text && indexes_[embedded].is_plain(begin, end);
  const detect::LeafClass bytes = nothing ? detect::LeafClass() : class_of(text, begin, end, embedded);
  if (!work_.impl.scans_every_text && !bytes.any(detect::LeafClass::kWorthScanning)) {
    entry.scan_key = false;
    return;
  }
  learning_ = false;  // what it holds is not known yet, or has to go
  const std::uint32_t object_id = frames_.back().object_id;
  if (text.places == nullptr && work_.listener == nullptr) {
    KeyLeaf& key = work_.key_leaves.emplace_back();  // copied, it would wait for its own stores
    key.begin = text.base + begin;
    key.end = text.base + end;
    key.object = object_id;
    key.bytes = bytes;
    key.entry = &entry;
    return;
  }
  const Layer raw = text.part(begin, end);
  keep_path(entry);
  work_.leaves.push_back({.raw = raw, .bytes = bytes, .json = true, .path = work_.path, .object = object_id, .entry = &entry});
}

}  // namespace pii::mask
