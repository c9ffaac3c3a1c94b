// Whether what masking has made of a text would be masked further (docs/masking.md section 5), without writing it first.
#include <algorithm>
#include <cstring>
#include <span>

#include "mask/leaf_scan.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

bool is_plain_label(std::string_view text) noexcept {
  return text.size() > 2 && text.front() == '[' && text.back() == ']' &&
         std::all_of(text.begin() + 1, text.end() - 1, [](char c) { return is_ascii_word(c) || c == '-'; });
}

bool is_coded(std::string_view line, std::size_t place) noexcept { return place < line.size() && line[place] == '%'; }

// Whether no value without quotes runs into what begins there.
bool begins_a_value(std::string_view text, std::size_t begin) noexcept {
  constexpr std::size_t kLongestKey = 64;
  std::size_t i = begin;
  if (i > 0 && text[i - 1] == '=') {
    --i;
    while (i > 0 && begin - i < kLongestKey && is_ascii_word(text[i - 1])) --i;
  }
  return i == 0 || ends_bare_value(text[i - 1]);
}

}  // namespace

// What was found is then a span the next time, too, before anything else is looked for.
bool LeafScanner::are_settled_pairs(std::size_t first_edit) const {
  if (pairs_.unsettled() || !work_.policy.spec().custom.empty()) return false;
  const auto found = std::count_if(spans_.begin(), spans_.end(), [](const detect::Span& span) { return span.detector != Detector::none; });
  if (pairs_.any_cookies() && pairs_.cookies_found() != static_cast<std::size_t>(found)) return false;
  const auto edits = std::span(work_.edits).subspan(first_edit);
  return edits.size() == static_cast<std::size_t>(found) && std::all_of(edits.begin(), edits.end(), [](const Edit& edit) {
           return edit.kind == Edit::Kind::token ? edit.suffix_size == 0 : edit.kind == Edit::Kind::text && edit.text.starts_with('[');
         });
}

// Whether the tokens and labels of a key leave a key that says the same.
bool LeafScanner::is_settled_key(const Leaf& leaf, const Layer& plain, std::size_t first_edit) {
  const Entry* entry = leaf.entry;
  if (entry == nullptr || !entry->on_no_path || work_.edits.size() == first_edit) return false;
  const std::uint32_t begin = leaf.raw.place(0), end = leaf.raw.place(leaf.raw.text.size());
  if (plain.place(plain.text.size()) != end) return false;  // it was cut
  for (std::size_t i = first_edit; i < work_.edits.size(); ++i) {
    const Edit& edit = work_.edits[i];
    if (edit.kind == Edit::Kind::token ? edit.suffix_size != 0 : edit.kind != Edit::Kind::text || !is_plain_label(edit.text)) return false;
  }
  const Edit& first = work_.edits[first_edit];
  const bool scalar = entry->place == nullptr && entry->element == nullptr;
  const bool whole = work_.edits.size() == first_edit + 1 && first.begin == begin && first.end == end;
  if (whole && scalar && entry->unremarkable) return true;
  KeySaid masked;
  const KeyRole above = entry->in->via->role;
  if (!whole) {
    // Outputs say as much as blanks.
    std::string& name = work_.scratch;
    name = plain.text;
    std::size_t edit = first_edit;
    bool replaced = false;
    for (std::size_t i = 0; i < name.size(); ++i) {
      while (edit < work_.edits.size() && work_.edits[edit].end <= plain.place(i)) ++edit;
      const bool inside = edit < work_.edits.size() && work_.edits[edit].begin <= plain.place(i);
      if (inside) name[i] = ' ';
      // What touches a letter is no output: `%22[API_KEY]%22`.
      const bool touches = inside != replaced && i > 0 && is_ascii_word(plain.text[inside ? i - 1 : i]);
      if (touches) return false;
      replaced = inside;
    }
    masked = work_.impl.say(name, above);
  }
  KeySaid said = work_.impl.say(plain.text, above);
  if (entry->in->via->by_key != Treatment::whole) said.verdict.part = masked.verdict.part;  // a part of what says nothing
  return said.verdict == masked.verdict && (scalar || said.role.bits() == masked.role.bits());
}

// Looks at the text once more with walls where it was replaced, and again while that finds more, which is replaced, too. False where
// it cannot be told in this way; what is written must then be looked at.
bool LeafScanner::settle(const Leaf& leaf, const Layer& plain, const Layer& folded, detect::LeafClass bytes, std::size_t first_edit) {
  constexpr int kMostPasses = 8;
  if (!work_.policy.spec().custom.empty()) return false;
  // It may have become JSON.
  const std::string_view begin = trim(plain.text);
  if (begin.empty() || begin.front() == '{' || begin.front() == '[' || (!leaf.json && begin.front() == '"')) return false;
  walls_.clear();
  char* const copy = work_.arena.make<char>(folded.text.size());
  folded.text.copy(copy, folded.text.size());
  for (int pass = 0; pass < kMostPasses; ++pass) {
    if (!add_walls(folded, first_edit, copy)) return false;
    spans_ = walls_;
    find(leaf, {copy, folded.text.size()}, folded.places, bytes, true);
    first_edit = work_.edits.size();
    if (leaf.object == 0) {
      add_edits(leaf, folded);
    } else if (spans_.size() != walls_.size()) {
      return false;
    }
    if (work_.edits.size() == first_edit) return true;
  }
  return false;
}

// Adds the edits from `first_edit` on, which are those of spans_, to the walls; they stand in `text` as what they will be reads to what
// is around it. False where some will not be outputs, whatever it is.
bool LeafScanner::add_walls(const Layer& folded, std::size_t first_edit, char* text) {
  std::size_t next = first_edit;
  const char* label_known = nullptr;  // to be plain
  for (const detect::Span& span : spans_) {
    if (next == work_.edits.size()) break;
    const Edit& edit = work_.edits[next];
    if (span.detector == Detector::none || edit.begin != folded.place(span.begin)) continue;  // an output or allowed
    ++next;
    const bool token = edit.kind == Edit::Kind::token;
    if (token ? edit.suffix_size != 0 : edit.kind != Edit::Kind::text || (edit.text.data() != label_known && !is_plain_label(edit.text))) return false;
    if (!token) label_known = edit.text.data();
    const bool label = !token || !work_.has_key;
    const bool coded = folded.places != nullptr && is_coded(work_.line, folded.places[span.end - 1]);
    const bool short_label = label && span.end - span.begin < 2;
    if (label && (coded || (short_label && !begins_a_value({text, folded.text.size()}, span.begin)))) return false;
    std::memset(text + span.begin, 'x', span.end - span.begin);
    if (label) {
      text[span.begin] = '(';
      text[span.end - 1] = ']';  // the only one of a short label
    }
    walls_.put_aside({span.begin, span.end, Detector::none, label});
  }
  if (next != work_.edits.size()) return false;
  walls_.merge();
  return std::all_of(walls_.begin(), walls_.end(),
                     [&](const detect::Span& wall) { return stands_as_output({text, folded.text.size()}, wall, wall.custom != 0); });
}

// Whether nothing touches it that would make it another text.
bool LeafScanner::stands_as_output(std::string_view text, const detect::Span& span, bool label) const {
  const std::size_t begin = span.begin, end = span.end;
  if (begin > 0 && is_ascii_word(text[begin - 1])) return false;
  if (begin >= 4 && text[begin - 1] == ':' && text[begin - 4] == ':') return false;  // `pfpt:v2:` begins one, too
  if (end == text.size()) return true;
  if (is_ascii_word(text[end])) return false;
  return label || (text[end] != '@' && text[end] != '-' && text[end] != '[' && text[end] != '(');
}

}  // namespace pii::mask
