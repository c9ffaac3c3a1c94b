#include "mask/leaf_scan.hpp"

#include <algorithm>
#include <charconv>

#include "detect/ip.hpp"
#include "detect/scanner.hpp"
#include "mask/actions.hpp"
#include "mask/custom_check.hpp"
#include "mask/ecsctx_texts.hpp"
#include "mask/headers.hpp"
#include "mask/hex_digit.hpp"
#include "mask/network.hpp"
#include "mask/report.hpp"
#include "mask/text.hpp"
#include "mask/values.hpp"

namespace pii::mask {
namespace {

using detect::LeafClass;

constexpr std::string_view kRedacted = "[PII_REDACTED]";
constexpr std::uint32_t kStrange = LeafClass::backslash | LeafClass::percent | LeafClass::non_ascii;  // may be read in another way

// The bytes of a number, for a key of a table.
template <typename Number>
void append_bytes(Number number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// Where the characters of a kind before `at` begin, `most` of them at most.
template <typename Belongs>
std::size_t begin_of_run(std::string_view text, std::size_t at, std::size_t most, Belongs belongs) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < most && belongs(text[begin - 1])) --begin;
  return begin;
}

}  // namespace

bool names_stand_in(const Work& work, std::string_view line) {
  constexpr std::size_t kFewEdits = 16;  // each place is compared with each
  const Names& names = work.names;
  if (names.empty()) return false;
  if (names.size() > NameMarks::kMost || work.edits.size() > kFewEdits) return true;
  return names.stand_outside(work.edits, line);
}

/// By which character outputs of a kind are found, and where they begin then.
struct LeafScanner::OutputMark {
  char character;
  std::size_t (*begin_of)(std::string_view text, std::size_t at);
  bool within = false;  // or anywhere between there and the mark: the first place that one begins at counts

  static const OutputMark kAll[4];
};

const LeafScanner::OutputMark LeafScanner::OutputMark::kAll[4] = {
    // `ptok:`, `penc:` and their like
    {':', [](std::string_view text, std::size_t at) { return at >= 4 && text[at - 4] == 'p' ? at - 4 : std::string_view::npos; }},
    {'[', [](std::string_view, std::size_t at) { return at; }},
    // shortened cards
    {'*',
     [](std::string_view text, std::size_t at) { return begin_of_run(text, at, 9, [](char c) { return is_digit(c); }); }},
    // networks
    {'/',
     [](std::string_view text, std::size_t at) {
       return begin_of_run(text, at, 46, [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; });
     },
     true},
};

void LeafScanner::scan_event(std::string_view line) {
  work_.edits.reserve(work_.edits.size() + work_.key_leaves.size());
  // In the order of the line, so that their edits need not be sorted.
  auto key = work_.key_leaves.begin();
  const auto scan_keys = [&](std::uint32_t before) {
    for (; key != work_.key_leaves.end() && key->begin < before; ++key) {
      scan_text({.raw = {.text = {line.data() + key->begin, key->end - key->begin}, .base = key->begin},
                 .bytes = key->bytes,
                 .json = true,
                 .object = key->object,
                 .entry = key->entry});
    }
  };
  for (const Leaf& leaf : work_.leaves) {
    scan_keys(leaf.raw.place(0));
    if (leaf.treatment == Treatment::ecsctx_text) {
      scan_ecsctx_text(work_, leaf);
    } else {
      scan_text(leaf);
    }
  }
  scan_keys(UINT32_MAX);
  if (work_.names.empty()) return;
  for (const PlainLeaf& leaf : work_.plain_leaves) {
    const Layer raw{.text = line.substr(leaf.begin, leaf.end - leaf.begin), .base = leaf.begin};
    if (leaf.entry == nullptr) {
      if (work_.names_in_line) scan_names_only(raw);
      continue;
    }
    const LeafClass bytes = detect::classify_leaf(raw.text);
    if (!work_.names_in_line && !bytes.any(kStrange)) continue;
    scan_text(add_leaf(work_, raw, bytes, *leaf.entry));
    work_.leaves.pop_back();
  }
}

void LeafScanner::scan_names_only(const Layer& raw) {
  spans_.clear();
  work_.names.find(raw.text, spans_);
  if (!spans_.empty()) add_edits({.raw = raw, .bytes = {}}, raw);
}

Layer LeafScanner::cut(const Leaf& leaf) {
  const PolicySpec& spec = work_.policy.spec();
  const std::string_view text = leaf.raw.text;
  // What was cut already may have grown by its tokens; it is scanned whole, which costs no more than its bytes.
  if (!work_.limited || text.size() <= spec.max_leaf_bytes || text.ends_with(kRedacted)) return leaf.raw;
  std::size_t keep = 0;
  if (spec.over_limit == PolicySpec::OverLimit::redact_tail) {
    // At a blank: half a value could not be told from none.
    const std::size_t blank = text.find_last_of(" \t", spec.max_leaf_bytes - kRedacted.size());
    keep = blank == std::string_view::npos ? 0 : blank + 1;
  }
  Edit at = edit_of(leaf.raw.part(keep, text.size()));
  at.text = kRedacted;
  work_.edits.push_back(at);
  ++work_.counts.failed;
  return leaf.raw.part(0, keep);
}

void LeafScanner::scan_text(const Leaf& leaf) {
  const Layer& raw = leaf.raw;
  if (raw.text.empty()) return;
  // As most are: what is cut is longer.
  if (!leaf.bytes.any(kStrange) && raw.text.size() <= work_.policy.spec().max_leaf_bytes) return scan_read(leaf, raw, raw, raw, leaf.bytes);
  const Layer kept = cut(leaf);
  if (kept.text.empty()) return;
  if (!leaf.bytes.any(kStrange)) return scan_read(leaf, kept, kept, kept, leaf.bytes);
  EscapeFaults faults;
  const Layer plain = leaf.json && leaf.bytes.any(LeafClass::backslash) ? unescape_json(kept, work_.arena, faults) : kept;
  const Layer folded = fold(plain, work_.arena);
  scan_read(leaf, kept, plain, folded, detect::classify_leaf(folded.text));
}

// What is left of the leaf, without escapes and as the detectors see it.
void LeafScanner::scan_read(const Leaf& leaf, const Layer& raw, const Layer& plain, const Layer& folded, LeafClass bytes) {
  spans_.clear();
  find(leaf, folded.text, folded.places, bytes, false);
  if (spans_.empty()) {
    // The next time it need not be looked at.
    if (leaf.entry == nullptr || raw.text.size() != leaf.raw.text.size()) return;
    if (leaf.object != 0) {
      leaf.entry->scan_key = false;
    } else {
      leaf.entry->quiet.set(raw.text);
    }
    return;
  }
  const std::size_t edits = work_.edits.size();
  add_edits(leaf, folded);
  if (work_.edits.size() == edits) return;
  const bool open = leaf.bytes.any(kStrange) || (leaf.object == 0 && pairs_.found_any() && !are_settled_pairs(edits));
  if (open && !work_.look_again) work_.look_again = raw.text.size() != leaf.raw.text.size() || !settle(leaf, plain, folded, bytes, edits);
  if (leaf.object == 0) return;
  work_.look_again = work_.look_again || !is_settled_key(leaf, plain, edits);
  keep_apart(leaf, edits);
}

void LeafScanner::find(const Leaf& leaf, std::string_view text, const std::uint32_t* places, LeafClass bytes, bool again) {
  find_outputs(text, bytes);
  if (!work_.policy.spec().custom.empty()) find_custom(leaf, text);
  const bool pairs = bytes.any(LeafClass::equals | LeafClass::colon) && leaf.object == 0;
  if (!pairs) {
    pairs_.find_nothing();
  } else if (again) {
    pairs_.find_exact_again(text, spans_);
  } else {
    pairs_.find_exact(text, spans_);
  }
  // What is taken already may be most of the text, and what it has in it is nobody's business any more.
  // What is found again covers what it did before, unless the policy let it stand.
  LeafClass rest = rest_;
  if (!again || work_.impl.allows_any || detect::asks_for_any(rest)) rest_ = rest = spans_.empty() ? bytes : detect::classify_free(text, spans_);
  const detect::Hints hints{.context = leaf.context, .version_like = leaf.version_like};
  detect::TextScan scan(text, rest, work_.impl.settings, hints, numbers_, spans_);
  scan.find_strong(spans_);
  const bool of_line = places == nullptr;  // as it stands there
  if (!again && !work_.names.empty() && leaf.object == 0 && (work_.names_in_line || !of_line)) work_.names.find(text, spans_);
  scan.find_with_context(spans_);
  if (pairs) pairs_.find_loose(text, spans_);
}

// Two names of one object that have become the same would be one for most readers of JSON.
void LeafScanner::keep_apart(const Leaf& leaf, std::size_t first_edit) {
  const bool unique = work_.can_encrypt && std::any_of(work_.edits.begin() + static_cast<std::ptrdiff_t>(first_edit), work_.edits.end(),
                                                       [](const Edit& edit) { return edit.kind == Edit::Kind::cipher; });
  if (unique) return;  // no two ciphertexts are equal
  const std::uint32_t same = work_.masked_keys.count(masked_name(leaf, first_edit), work_.key_leaves.size(), work_.arena);
  if (same == 1) return;
  char digits[12] = "~";
  const std::string_view suffix(digits, static_cast<std::size_t>(std::to_chars(digits + 1, std::end(digits), same).ptr - digits));
  const std::uint32_t end = leaf.raw.place(leaf.raw.text.size());
  Edit& last = work_.edits.back();
  if (last.kind == Edit::Kind::token && work_.has_key && last.suffix_size == 0 && last.end == end) {
    set_suffix(work_, last, suffix);
  } else {
    work_.edits.push_back({.begin = end, .end = end, .text = work_.arena.copy(suffix)});
  }
}

// What tells it from others; in work_.scratch, unless it is a token.
MaskedKeys::Name LeafScanner::masked_name(const Leaf& leaf, std::size_t first_edit) {
  const Layer& raw = leaf.raw;
  const Edit& first = work_.edits[first_edit];
  const bool whole = work_.edits.size() == first_edit + 1 && first.begin == raw.place(0) && first.end == raw.place(raw.text.size());
  if (whole && first.kind == Edit::Kind::token && work_.has_key) return {leaf.object, first.field + 1U, first.text};
  std::string& name = work_.scratch;
  name.clear();
  std::size_t copied = 0;  // of raw.text
  for (std::size_t i = first_edit; i < work_.edits.size(); ++i) {
    const Edit& edit = work_.edits[i];
    const std::size_t begin = raw.offset(edit.begin, copied);
    name += raw.text.substr(copied, begin - copied);
    copied = raw.offset(edit.end, begin);
    if (edit.kind == Edit::Kind::text) {
      name += edit.text;
    } else if (edit.kind == Edit::Kind::token ? !work_.has_key : !work_.can_encrypt) {
      name += kRedacted;
    } else {
      name += '\0';
      append_bytes(edit.field, name);
      append_bytes(edit.text.size(), name);
      name += edit.text;
    }
  }
  name += raw.text.substr(copied);
  return {leaf.object, 0, name};
}

void LeafScanner::find_outputs(std::string_view text, LeafClass bytes) {
  const bool networks = work_.grammar.v4_prefix != 0 || work_.grammar.v6_prefix != 0;
  for (const OutputMark& mark : OutputMark::kAll) {
    const bool wanted = mark.character == '/' ? networks : bytes.any(mark.character == ':' ? LeafClass::colon : LeafClass::marks);
    if (wanted) find_outputs(text, mark);
  }
}

void LeafScanner::find_outputs(std::string_view text, const OutputMark& mark) {
  std::size_t free_from = 0;
  for (std::size_t at = text.find(mark.character); at != std::string_view::npos; at = find_next(text, mark.character, at + 1)) {
    std::size_t begin = mark.begin_of(text, at);
    if (begin == std::string_view::npos || (begin < free_from && !mark.within)) continue;
    begin = std::max(begin, free_from);
    for (const std::size_t end = mark.within ? at : begin + 1; begin < end && begin <= at; ++begin) {
      if (begin > 0 && is_ascii_word(text[begin - 1])) continue;
      const std::size_t size = detect::output_at(text, begin, work_.grammar);
      // An address that is no network yet is to be shortened, whatever its tail looks like.
      if (size == 0 && mark.within && detect::is_ip_address(text.substr(begin, at - begin))) break;
      if (size == 0 || spans_.overlaps(begin, begin + size)) continue;
      spans_.put_aside({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + size), Detector::none, 0});
      free_from = begin + size;
      at = free_from - 1;
      break;
    }
  }
  spans_.merge();
}

void LeafScanner::find_custom(const Leaf& leaf, std::string_view text) {
  const PolicySpec& spec = work_.policy.spec();
  for (std::size_t i = 0; i < spec.custom.size(); ++i) {
    const auto& keywords = work_.impl.custom_keywords[i];
    const bool wanted = keywords.empty() || std::any_of(keywords.begin(), keywords.end(), [&](const std::string& keyword) {
                          return contains_folded(text, keyword) || contains_folded(leaf.key, keyword);
                        });
    if (!wanted) continue;
    const CustomDetector& custom = spec.custom[i];
    for (std::size_t from = 0; from < text.size();) {
      const auto match = custom.matcher->find(text, from);
      if (!match || match->end <= match->begin || match->end > text.size()) break;
      from = match->end;
      if (spans_.overlaps(match->begin, match->end) ||
          !passes(custom.check, text.substr(match->begin, match->end - match->begin))) {
        continue;
      }
      // An output that touches a word is none the next time.
      work_.look_again |= (match->begin > 0 && is_ascii_word(text[match->begin - 1])) ||
                          (match->end < text.size() && is_ascii_word(text[match->end]));
      spans_.put_aside({static_cast<std::uint32_t>(match->begin), static_cast<std::uint32_t>(match->end),
                        Detector::custom, static_cast<std::uint16_t>(i)});
    }
    spans_.merge();
  }
}

void LeafScanner::add_edits(const Leaf& leaf, const Layer& folded) {
  if (work_.edits.empty()) work_.edits.reserve(spans_.size());
  const bool nobody_asks = work_.listener == nullptr && !work_.impl.allows_any;
  // The detector whose values become tokens, or one label, whatever they are.
  Detector last = Detector::none;
  std::string_view label;
  for (const detect::Span& span : spans_) {
    if (span.detector == Detector::none) continue;
    if (span.detector == last && span.custom == kNoPair) {
      const Layer at = folded.part(span.begin, span.end);
      if (label.empty()) {
        add_token(work_, last, at);
      } else {
        add_text(work_, last, label, at);
      }
      continue;
    }
    add_span_edit(leaf, folded, span);
    if (!nobody_asks || span.custom != kNoPair || !is_alike(span.detector)) continue;
    last = span.detector;
    const Edit& made = work_.edits.back();
    label = made.kind == Edit::Kind::text ? made.text : std::string_view();
  }
}

// Whether all that a detector finds is replaced by the same label, or by its token.
bool LeafScanner::is_alike(Detector detector) const noexcept {
  const MaskAction::Type type = work_.policy.spec().actions[static_cast<std::size_t>(detector)].type;
  if (detector == Detector::custom || detector == Detector::person_name || (detector == Detector::auth_header && work_.impl.shortens_headers)) return false;
  return type == MaskAction::Type::redact || type == MaskAction::Type::token;
}

// Whether an address and what stands behind it are what would be written: `1.2.3.0/24/64`, which would grow with each time it is masked.
bool LeafScanner::is_shortened(std::string_view text, const detect::Span& span) {
  const MaskAction& action = work_.policy.spec().actions[static_cast<std::size_t>(span.detector)];
  if (action.type != MaskAction::Type::ip_prefix || span.custom == kDropped) return false;
  work_.scratch.clear();
  const std::size_t size = span.end - span.begin;
  return append_network(text.substr(span.begin, size), action.v4_prefix, action.v6_prefix, work_.scratch) && size <= work_.scratch.size() &&
         text.substr(span.begin).starts_with(work_.scratch) && !spans_.overlaps(span.end, span.begin + work_.scratch.size());
}

void LeafScanner::add_span_edit(const Leaf& leaf, const Layer& folded, const detect::Span& span) {
  const Layer at = folded.part(span.begin, span.end);
  const std::string_view text = at.text;
  const bool custom = span.detector == Detector::custom;
  Found found{.detector = span.detector, .custom = custom ? span.custom : std::uint16_t{0}, .folded = text, .plain = text};
  if (is_allowed(work_, found) || (!custom && is_shortened(folded.text, span))) return;
  report(work_, span.detector, span.custom, leaf.path, text);
  if (span.detector == Detector::person_name && span.custom == kNoPair) found.folded = work_.names.original(text);
  if (span.detector == Detector::auth_header && work_.impl.shortens_headers) {
    work_.scratch.clear();
    append_authorization(text, work_.scratch);
    work_.look_again = true;  // its scheme, a word now, is no wall any more to what touches it
    return add_text(work_, span.detector, work_.arena.copy(work_.scratch), at);
  }
  if (!custom && span.custom == kDropped) return add_text(work_, span.detector, "[DROPPED]", at);
  if (!custom && span.custom == kForm) found.folded = found.plain = without_plus(text);
  add_edit(work_, found, at, false);
  // The last four of a number read on with digits behind them: `****5566 7588`; a network with what stands before it: `::ffff:1.2.3.0/24`.
  const Edit& made = work_.edits.back();
  if (made.kind != Edit::Kind::text || made.text.empty()) return;
  const bool joined = span.begin > 0 && folded.text[span.begin - 1] == ':' && is_digit(made.text.back());
  work_.look_again |= made.text.front() == '*' || joined;
}

// A value of a form: `+` is a blank.
std::string_view LeafScanner::without_plus(std::string_view value) {
  if (value.find('+') == std::string_view::npos) return value;
  char* text = work_.arena.make<char>(value.size());
  std::replace_copy(value.begin(), value.end(), text, '+', ' ');
  return {text, value.size()};
}

}  // namespace pii::mask
