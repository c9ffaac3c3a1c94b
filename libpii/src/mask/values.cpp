#include "mask/values.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "detect/leaf_class.hpp"
#include "detect/scanner.hpp"
#include "mask/actions.hpp"
#include "mask/ecsctx_texts.hpp"
#include "mask/headers.hpp"
#include "mask/hex_shape.hpp"
#include "mask/report.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

using Kind = KeyVerdict::Kind;

struct Looked {
  Layer plain;  // unescaped
  Layer folded;
  detect::LeafClass bytes;  // of folded
  EscapeFaults faults;
};

// Whether it may be read in another way.
bool is_strange(detect::LeafClass bytes) noexcept {
  using detect::LeafClass;
  return bytes.any(LeafClass::backslash | LeafClass::percent | LeafClass::non_ascii);
}

Looked look(Work& work, const Layer& raw, detect::LeafClass bytes, bool json) {
  Looked looked{.plain = raw, .folded = raw, .bytes = bytes, .faults = {}};
  if (!is_strange(bytes)) return looked;
  if (json) looked.plain = unescape_json(raw, work.arena, looked.faults);
  looked.folded = fold(looked.plain, work.arena);
  looked.bytes = detect::classify_leaf(looked.folded.text);
  return looked;
}
Looked look(Work& work, const Layer& raw, bool json) { return look(work, raw, detect::classify_leaf(raw.text), json); }

// Whether a value, whose class is `bytes`, is an output; each has a colon, a mark or a network's slash.
bool is_output(const Work& work, std::string_view value, detect::LeafClass bytes) noexcept {
  using detect::LeafClass;
  const bool may_be = bytes.any(LeafClass::colon | LeafClass::marks) || work.grammar.v4_prefix != 0 || work.grammar.v6_prefix != 0;
  return may_be && detect::is_output(value, work.grammar);
}

// What a value under a key is: one detector's match from end to end, else what the key says.
Detector type_of(const Work& work, std::string_view text, detect::LeafClass bytes, const Entry& entry) {
  using detect::LeafClass;
  // Where nothing of a URL, a pair or a credential can begin, no other detector's match has an `@` in it.
  constexpr std::uint32_t kOthers = LeafClass::colon | LeafClass::equals | LeafClass::announces | LeafClass::percent | LeafClass::backslash | LeafClass::non_ascii;
  if (entry.type == Detector::email && bytes.any(LeafClass::at) && !bytes.any(kOthers)) return Detector::email;
  // Nothing but a phone number begins with a plus.
  if (entry.type == Detector::phone && text.starts_with('+') && bytes.digit_count() == text.size() - 1) return Detector::phone;
  DetectorSet context = entry.context;
  context.insert(entry.type);
  const Detector match = detect::whole_match(text, bytes, work.impl.settings, context);
  if (match == Detector::none) return entry.type;
  // A password may look like anything; what it is called by tells more than it.
  const bool keeps = entry.verdict == Kind::drop ||
                     (entry.verdict == Kind::secret && match != Detector::jwt && match != Detector::api_key);
  return keeps ? entry.type : match;
}

void mask_cookie(Work& work, const Layer& raw, const Entry& entry) {
  const Looked looked = look(work, raw, true);
  std::vector<CookieValue> values;
  find_cookie_values(looked.plain.text, entry.treatment == Treatment::set_cookie, values);
  for (const CookieValue& value : values) {
    const std::string_view text = looked.plain.text.substr(value.begin, value.end - value.begin);
    if (detect::is_output(text, work.grammar)) continue;
    report(work, Detector::cookie, 0, work.path, text);
    add_text(work, Detector::cookie, work.impl.label(Detector::cookie, 0), looked.plain.part(value.begin, value.end));
  }
}

void mask_authorization(Work& work, const Layer& raw) {
  const Looked looked = look(work, raw, true);
  if (detect::is_output(looked.plain.text, work.grammar)) return;
  work.scratch.clear();
  append_authorization(looked.plain.text, work.scratch);
  if (work.scratch == looked.plain.text) return;
  report(work, Detector::auth_header, 0, work.path, looked.plain.text);
  if (!work.impl.shortens_headers) {
    const Found found{.detector = Detector::auth_header, .folded = looked.folded.text, .plain = looked.plain.text};
    return add_edit(work, found, raw, false);
  }
  add_text(work, Detector::auth_header, work.arena.copy(work.scratch), raw);
}

// A path rule's action, on a string or on another scalar.
void take_action(Work& work, const Layer& raw, bool number, const Entry& entry) {
  const Looked looked = look(work, raw, !number);
  if (detect::is_output(looked.folded.text, work.grammar)) return;
  Detector type = type_of(work, looked.folded.text, looked.bytes, entry);
  if (type == Detector::none) type = Detector::generic;
  report(work, type, 0, work.path, looked.plain.text);
  if (looked.faults.any()) {
    ++work.counts.failed;
    return add_text(work, type, "[PII_REDACTED]", raw, number);
  }
  add_edit(work, *entry.action, {.detector = type, .folded = looked.folded.text, .plain = looked.plain.text}, raw, number);
}

bool is_integer(std::string_view number) noexcept {
  if (number.starts_with('-')) number.remove_prefix(1);
  return std::all_of(number.begin(), number.end(), is_digit);
}

// A number under no sensitive key: the detectors look at it if it can be something to them.
void scan_number(Work& work, const Layer& raw, const Entry& entry) {
  constexpr std::size_t kShortestCard = 12;
  if (raw.text.size() < (entry.context.empty() ? kShortestCard : kShortestNumber)) return;
  if (entry.skip_detectors || !is_integer(raw.text)) return;
  const Detector match = detect::whole_match(raw.text, work.impl.settings, entry.context);
  if (match == Detector::none) return;
  const Found found{.detector = match, .folded = raw.text, .plain = raw.text};
  if (is_allowed(work, found)) return;
  report(work, match, 0, work.path, raw.text);
  add_edit(work, found, raw, true);
}

// Whether the eight bytes at `text` are as `shape` says: '0' stands for a digit, '?' for any byte, what else for itself.
template <std::size_t size>
bool looks_like(const char* text, const char (&shape)[size]) noexcept {
  static_assert(size == 9);
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  std::uint64_t bytes, wanted, add = 0, any = 0;
  std::memcpy(&bytes, text, 8);
  std::memcpy(&wanted, shape, 8);
  for (std::size_t i = 0; i < 8; ++i) {
    // A digit differs from '0' by at most 9. What is added takes anything else over 0x7F.
    reinterpret_cast<unsigned char*>(&add)[i] = shape[i] == '0' ? 0x80 - 10 : 0x7F;
    if (shape[i] == '?') reinterpret_cast<unsigned char*>(&any)[i] = 0xFF;
  }
  const std::uint64_t differs = (bytes ^ wanted) & ~any;
  return ((differs | (differs + add)) & kHigh) == 0;
}

// 2026-06-16T17:02:57.057Z, with any fraction and zone
bool is_date_time(std::string_view text) noexcept {
  constexpr std::size_t kSeconds = 19;  // so far
  if (text.size() < kSeconds || text.size() > 35 || (text[10] != 'T' && text[10] != ' ')) return false;
  const char* at = text.data();
  if (!looks_like(at, "0000-00-") || !looks_like(at + 8, "00?00:00") || !looks_like(at + 11, "00:00:00")) return false;
  return std::all_of(text.begin() + kSeconds, text.end(),
                     [](char c) { return is_digit(c) || c == '.' || c == 'Z' || c == '+' || c == '-' || c == ':'; });
}

// What mask_whole() has read, in one of two ways, the first of which nearly all go.
[[gnu::always_inline]] inline void mask_read(Work& work, const Layer& raw, bool number, const Layer& plain, const Layer& folded, detect::LeafClass bytes, bool faulty, const Entry& entry) {
  if (trim(plain.text).empty() || is_output(work, folded.text, bytes)) return;
  const Detector type = type_of(work, folded.text, bytes, entry);
  const Found found{.detector = type, .folded = folded.text, .plain = plain.text};
  if (is_allowed(work, found)) return;
  if (type == Detector::person_name) work.names.add(folded.text);
  report(work, type, 0, work.path, plain.text);
  if (faulty) {
    ++work.counts.failed;
    add_text(work, type, "[PII_REDACTED]", raw, number);
  } else if (entry.verdict == Kind::drop) {
    add_text(work, type, "[DROPPED]", raw, number);
  } else {
    add_edit(work, found, raw, number);
  }
}

[[gnu::noinline]] void mask_strange(Work& work, const Layer& raw, detect::LeafClass bytes, bool number, const Entry& entry) {
  const Looked looked = look(work, raw, bytes, !number);
  mask_read(work, raw, number, looked.plain, looked.folded, looked.bytes, looked.faults.any(), entry);
}

}  // namespace

bool has_expected_shape(std::string_view text) noexcept {
  if (text.size() > 64) return false;
  if (is_date_time(text)) return true;
  if (text.size() < 16) return false;
  const HexShape shape = hex_shape_of(text);
  const std::size_t dashes = shape.dashes == 0 ? 0 : static_cast<std::size_t>(std::popcount(shape.dashes));  // most have none, and to count is a call
  return shape.is_all() && shape.letters != 0 && text.size() - dashes >= 16;
}

void mask_whole(Work& work, const Layer& raw, detect::LeafClass bytes, bool number, const Entry& entry) {
  if (is_strange(bytes)) return mask_strange(work, raw, bytes, number, entry);
  mask_read(work, raw, number, raw, raw, bytes, false, entry);
}

void mask_string(Work& work, const Layer& raw, detect::LeafClass bytes, Entry& entry) {
  switch (entry.treatment) {
    case Treatment::untouched: return;
    case Treatment::whole: return mask_whole(work, raw, bytes, false, entry);
    case Treatment::authorization: mask_authorization(work, raw); return;
    case Treatment::cookie: case Treatment::set_cookie: mask_cookie(work, raw, entry); return;
    case Treatment::action: take_action(work, raw, false, entry); return;
    case Treatment::ecsctx_key: case Treatment::ecsctx_header: mask_ecsctx_value(work, raw, entry); return;
    case Treatment::scan: case Treatment::ecsctx_text: break;
  }
  if (entry.skip_detectors || (entry.never_scan && has_expected_shape(raw.text))) return;
  add_leaf(work, raw, bytes, entry);
}

const Leaf& add_leaf(Work& work, const Layer& raw, detect::LeafClass bytes, Entry& entry) {
  // What stands in an embedded document is no value of the line's: as one it might be a document, and be walked.
  Entry* const remembers = entry.treatment == Treatment::scan && raw.places == nullptr ? &entry : nullptr;
  const std::string_view key = work.policy.spec().custom.empty() ? std::string_view() : work.arena.copy(entry.name);
  Leaf& leaf = work.leaves.emplace_back();  // copied, it would wait for its own stores
  leaf.raw = raw;
  leaf.bytes = bytes;
  leaf.json = true;
  leaf.version_like = entry.version_like;
  leaf.ecsctx_member = entry.ecsctx_member;
  leaf.treatment = entry.treatment;
  leaf.context = entry.context;
  leaf.key = key;
  leaf.path = work.path;
  leaf.entry = remembers;
  return leaf;
}

void mask_scalar(Work& work, const Layer& raw, const Entry& entry) {
  if (raw.text == "null") return;
  const bool number = raw.text.front() == '-' || is_digit(raw.text.front());
  switch (entry.treatment) {
    case Treatment::scan:
      if (number) scan_number(work, raw, entry);
      return;
    case Treatment::whole: case Treatment::authorization: case Treatment::cookie: case Treatment::set_cookie:
      if (number && entry.type != Detector::none) mask_whole(work, raw, detect::classify_leaf(raw.text), true, entry);
      return;
    case Treatment::action: take_action(work, raw, true, entry); return;
    default: return;
  }
}

}  // namespace pii::mask
