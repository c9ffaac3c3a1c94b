#include "detect/card.hpp"

#include <algorithm>
#include <iterator>

#include "detect/card_table.hpp"
#include "detect/digits.hpp"
#include "detect/families.hpp"

namespace pii::detect {

CardKind card_kind(std::string_view digits, const ExtraIins& extra) noexcept {
  if (digits.size() < 12 || digits.size() > 19 || !passes_luhn(digits) || all_equal(digits))
    return CardKind::none;
  if (extra.contains(digits)) return CardKind::issued;
  const int prefix = number_at(digits, 0, 6);
  CardKind kind = CardKind::none;
  for (const IinRange& range : kIinRanges) {
    if (prefix < range.first || prefix > range.last) continue;
    if (digits.size() < range.shortest || digits.size() > range.longest) continue;
    if (range.size_set != 0 && (range.size_set >> digits.size() & 1) == 0) continue;
    if (range.kind == CardKind::issued) return CardKind::issued;
    kind = std::max(kind, range.kind);
  }
  return kind;
}

bool is_published_test_card(std::string_view digits) noexcept {
  return std::find(std::begin(kTestCards), std::end(kTestCards), digits) != std::end(kTestCards);
}

namespace {

// The ways in which numbers are grouped on cards: sizes of groups, one hex digit each, the first one's the lowest.
struct CardShape {
  std::uint32_t sizes;
  std::size_t groups;
  bool dotted;  // may have dots between
};
constexpr CardShape kShapes[] = {{0x34444, 5, false}, {0x4444, 4, true}, {0x564, 3, false}, {0x464, 3, false}, {0x544, 3, false}, {0x664, 3, false}};

// A number in groups, the first of them `run`, as it is printed on cards; returns its end or 0.
std::size_t grouped_card(Scan& scan, const Number& run, Digits& digits, const ExtraIins& extra, CardKind& kind) {
  constexpr std::size_t kMostGroups = 5;
  const Number* const runs = &run;
  // Counted once, so that none of the shapes is tried in vain.
  const std::size_t groups = count_groups(scan, run, kMostGroups);
  if (groups < 3) return 0;
  const char separator = scan.text()[run.end];
  if (separator != ' ' && separator != '-' && separator != '.') return 0;
  std::uint32_t sizes = 0;
  for (std::size_t i = 0; i < groups; ++i) sizes |= std::min(runs[i].end - runs[i].begin, std::uint32_t{15}) << (4 * i);
  for (const CardShape& shape : kShapes) {
    if ((sizes & ((std::uint32_t{1} << 4 * shape.groups) - 1)) != shape.sizes || (separator == '.' && !shape.dotted)) continue;
    digits.set(scan.text(), runs, shape.groups);
    kind = card_kind(digits.view(), extra);
    const std::size_t end = runs[shape.groups - 1].end;
    if (kind == CardKind::none || !scan.stands_free(run.begin, end)) continue;
    return end;
  }
  return 0;
}

}  // namespace

void find_card(Scan& scan, Level level) {
  const ExtraIins& extra = scan.settings().extra_iins;
  Digits digits;
  std::size_t done = 0;
  for_each_number(scan, [&](const Number& run) {
    const std::size_t begin = run.begin;
    std::size_t end = run.end;
    if (begin < done) return;
    CardKind kind = CardKind::none;
    const std::size_t size = end - begin;
    if ((size != 4 && (size < 12 || size > 19)) || !scan.is_worth_reading(level, Detector::card, begin)) return;
    if (size == 4) {
      end = grouped_card(scan, run, digits, extra, kind);
      if (end == 0) return;
      scan.see_card();
      const bool strong = kind >= CardKind::rare;
      if (level == Level::strong ? !strong : strong || !scan.has_context(Detector::card, begin)) return;
    } else {
      kind = card_kind(scan.view(begin, end), extra);
      if (kind == CardKind::none || !scan.stands_free(begin, end)) return;
      scan.see_card();
      const bool strong =
          kind == CardKind::issued && !scan.settings().context_required.contains(Detector::card);
      if (level == Level::strong ? !strong : strong || !scan.has_context(Detector::card, begin)) return;
    }
    done = end;
    scan.take(begin, end, Detector::card);
  });
}

namespace {

// ISO 7813: track 1 "%B PAN ^ name ^ data ?", track 2 "; PAN = data ?". Returns the end or 0.
std::size_t track_end(const Scan& scan, std::size_t begin) noexcept {
  constexpr std::size_t kLongest = 107;
  const std::string_view text = scan.free_text();
  const bool first = text[begin] == '%';
  std::size_t i = begin + (first ? 2 : 1);
  if (first && to_upper(scan.at(begin + 1)) != 'B') return 0;
  Digits digits;
  for (; i < scan.end() && digits.size < 20; ++i) {
    if (text[i] == ' ' && first) continue;
    if (!is_digit(text[i])) break;
    digits.push(text[i]);
  }
  if (card_kind(digits.view(), scan.settings().extra_iins) == CardKind::none) return 0;
  if (scan.at(i) != (first ? '^' : '=') && !(!first && to_upper(scan.at(i)) == 'D')) return 0;
  std::size_t last = i + 1;
  for (++i; i < scan.end() && i - begin < kLongest; ++i) {
    const char c = text[i];
    if (c == '?') return i + 1;
    if (first ? (c < ' ' || c == '"' || c > '_') && !is_letter(c) : !is_digit(c)) break;
    if (c != ' ') last = i + 1;
  }
  return last;
}

}  // namespace

void find_card_track(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  std::size_t percent = text.find('%', scan.begin()), semicolon = text.find(';', scan.begin());
  const auto next_mark = [&](std::size_t from) {
    if (percent < from) percent = text.find('%', from);
    if (semicolon < from) semicolon = text.find(';', from);
    return std::min(percent, semicolon);
  };
  for (std::size_t i = next_mark(scan.begin()); i < scan.end() && i + 14 < scan.end(); i = next_mark(i + 1)) {
    std::size_t end = track_end(scan, i);
    // Both tracks of one card.
    if (end != 0 && scan.at(end) == ';' && !scan.is_wall(end)) {
      if (const std::size_t both = track_end(scan, end); both != 0 && !scan.touches(both)) end = both;
    }
    if (end == 0 || scan.touches(i - 1) || scan.touches(end)) continue;
    if (!scan.allows(Detector::card_track, level, i)) continue;
    scan.take(i, end, Detector::card_track);
    i = end - 1;
  }
}

}  // namespace pii::detect
