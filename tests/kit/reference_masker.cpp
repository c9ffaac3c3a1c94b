#include "kit/reference_masker.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

namespace pii::kit::reference {
namespace {

using Kind = mask::KeyVerdict::Kind;

constexpr const char* kRedacted = "[PII_REDACTED]";

std::string quote(std::size_t nesting) { return std::string((std::size_t{1} << nesting) - 1, '\\') + '"'; }

// Hexadecimal digits and hyphens with a letter among them, or a date-time.
bool has_expected_shape(std::string_view text) {
  const auto only = [&](std::string_view set) { return text.find_first_not_of(set) == std::string_view::npos; };
  if (only("0123456789abcdefABCDEF-")) {
    return text.size() <= 64 && text.size() - static_cast<std::size_t>(std::count(text.begin(), text.end(), '-')) >= 16 &&
           text.find_first_of("abcdefABCDEF") != std::string_view::npos;
  }
  std::string shape;
  for (const char c : text.substr(0, 19)) shape += is_ascii_digit(c) ? 'd' : c;
  return text.size() <= 35 && (shape == "dddd-dd-ddTdd:dd:dd" || shape == "dddd-dd-dd dd:dd:dd") &&
         text.find_first_not_of("0123456789.Z+-:", 19) == std::string_view::npos;
}

}  // namespace

std::string ReferenceMasker::mask_lines(std::string_view lines) {
  std::string out;
  counts_.bytes_in += lines.size();
  while (!lines.empty()) {
    const std::size_t newline = lines.find('\n');
    std::string_view line = lines.substr(0, newline);
    std::string ending = newline == std::string_view::npos ? "" : "\n";
    lines.remove_prefix(line.size() + ending.size());
    if (!ending.empty() && line.ends_with('\r')) {
      line.remove_suffix(1);
      ending = "\r\n";
    }
    out += trimmed(line).empty() ? std::string(line) : mask_line(line);
    out += ending;
  }
  counts_.bytes_out += out.size();
  return out;
}

std::string ReferenceMasker::mask_document(std::string_view document) {
  counts_.bytes_in += document.size();
  ++counts_.events;
  std::string out = mask_json_or_text(document);
  counts_.bytes_out += out.size();
  return out;
}

std::string ReferenceMasker::mask_text(std::string_view text) {
  counts_.bytes_in += text.size();
  ++counts_.events;
  limited_ = true;
  std::string out = mask_as_text(text);
  counts_.bytes_out += out.size();
  return out;
}

std::string ReferenceMasker::mask_line(std::string_view line) {
  ++counts_.events;
  if (line.size() <= spec_.max_line_bytes) return mask_json_or_text(line);
  ++counts_.too_long;
  return R"({"message":"[PII_REDACTED]","pii":{"masked":"line_too_long","bytes":)" + std::to_string(line.size()) + "}}";
}

// Until masking again changes nothing.
std::string ReferenceMasker::mask_json_or_text(std::string_view text) {
  limited_ = true;
  std::string out = mask_once(text);
  limited_ = false;
  for (;;) {
    const MaskCounts before = counts_;
    std::string again = mask_once(out);
    const MaskCounts after = counts_;
    counts_ = before;
    if (again == out) return out;
    counts_.found = after.found;
    counts_.failed = after.failed;
    counts_.redacted_without_key = after.redacted_without_key;
    out = std::move(again);
  }
}

std::string ReferenceMasker::mask_once(std::string_view text) {
  const auto root = parse_json(text, spec_.max_depth);
  if (!root) {
    ++counts_.not_json;
    return mask_as_text(text);
  }
  edits_.clear();
  leaves_.clear();
  names_.clear();
  masked_keys_.clear();
  objects_ = 0;
  walk(*root, placed(text), {}, 0);
  for (const Leaf& leaf : leaves_) scan(leaf);
  return written(text);
}

std::string ReferenceMasker::mask_as_text(std::string_view text) {
  edits_.clear();
  names_.clear();
  scan({placed(text)});
  return written(text);
}

std::string ReferenceMasker::written(std::string_view line) {
  std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::string out;
  std::size_t done = 0;
  for (const Edit& edit : edits_) {
    if (edit.begin < done) {
      std::fputs("the reference makes two edits at one place\n", stderr);
      std::abort();
    }
    out += line.substr(done, edit.begin - done);
    out += edit.text;
    done = edit.end;
  }
  return out + std::string(line.substr(done));
}

void ReferenceMasker::walk(const JsonNode& node, const Placed& text, const Place& place, std::size_t embedded) {
  switch (node.kind) {
    case JsonNode::Kind::too_deep:
      if (ruling_of(place.path, spec_).untouched()) return;
      ++counts_.failed;
      edits_.push_back({text.places[node.begin], text.places[node.end], quote(text.nesting) + kRedacted + quote(text.nesting)});
      return;
    case JsonNode::Kind::object: return walk_object(node, text, place, embedded);
    case JsonNode::Kind::array:
      for (std::size_t i = 0; i < node.values.size(); ++i) {
        walk(node.values[i], text, element_of(place, static_cast<std::uint32_t>(i), spec_), embedded);
      }
      return;
    case JsonNode::Kind::string: return mask_string(text.part(node.begin + 1, node.end - 1), place, embedded);
    case JsonNode::Kind::scalar: return mask_scalar(text.part(node.begin, node.end), place);
  }
}

// Quotes and, outside of strings, brackets, colons and commas.
std::size_t positions_in(std::string_view text) {
  std::size_t count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
      ++count;
    } else if (!in_string && std::string_view("{}[]:,").find(text[i]) != std::string_view::npos) {
      ++count;
    }
  }
  return count;
}

// What names the member by one beside it: of the four before it, the nearest first, and then of the four behind.
std::vector<std::string> ReferenceMasker::names_beside(const JsonNode& object, const Placed& text, std::size_t member) const {
  const auto inside = [&](const JsonNode& node) { return text.text.substr(node.begin + 1, node.end - node.begin - 2); };
  const auto content = [&](const JsonNode& node) { return unescape(text.part(node.begin + 1, node.end - 1)).value.text; };
  const auto parts = [&](std::size_t i, bool own) {
    const JsonNode& value = object.values[i];
    if (value.kind == JsonNode::Kind::scalar) return false;
    if (value.kind == JsonNode::Kind::string) return !own && inside(value) == kRedacted;
    const std::string all = text.text.substr(value.begin, value.end - value.begin);
    return positions_in(all) > 64 || all.find(kRedacted) != std::string::npos;
  };
  std::vector<std::size_t> beside;
  for (std::size_t n = 1; n <= 4 && n <= member && !parts(member - n, false); ++n) beside.push_back(member - n);
  for (std::size_t n = 1; n <= 4 && member + n < object.values.size() && !parts(member + n - 1, n == 1); ++n) beside.push_back(member + n);

  std::string stem = lower(content(object.keys[member]));
  const bool brief = stem.size() == 1;
  for (const std::string ending : {"values", "value", "val"}) {
    if (!stem.ends_with(ending)) continue;
    stem.resize(stem.size() - ending.size());
    break;
  }
  static const std::set<std::string> kAny = {"name", "key", "field", "header", "attribute", "property", "param", "parameter", "variable", "path"};
  std::vector<std::string> names;
  for (const std::size_t i : beside) {
    if (object.values[i].kind != JsonNode::Kind::string || inside(object.values[i]) == kRedacted) continue;
    const std::string key = lower(content(object.keys[i]));
    const bool any = stem.empty() || stem == "rejected" || stem == "rejected_";
    if (brief ? key != "k" : any ? !kAny.contains(key) : key != stem + "name" && key != stem + "key") continue;
    const std::string name = content(object.values[i]);
    const bool harmless = std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '*'; });
    if (!name.empty() && name.size() <= 64 && harmless && without_outputs(name, grammar_) == name) names.push_back(name);
  }
  return names;
}

Place ReferenceMasker::decided_by_names(const JsonNode& object, const Placed& text, std::size_t i, const Place& place, const Place& below) const {
  if (!may_be_named(place, below, spec_)) return below;
  const bool measures = object.values[i].kind == JsonNode::Kind::scalar && object.values[i].end - object.values[i].begin < 7;
  const auto rank = [](const Place& named) {
    if (named.kind == Kind::secret || named.kind == Kind::drop) return 2;
    return named.kind == Kind::authorization || named.kind == Kind::cookie || named.kind == Kind::set_cookie ? 0 : 1;
  };
  std::optional<Place> best;
  for (const std::string& name : names_beside(object, text, i)) {
    const Place named = member_of(place, name, keys_, spec_, grammar_);
    const bool exempt = is_on_a_path(place, name, spec_) && ruling_of(named.path, spec_).action == nullptr;
    if (!named.masked || exempt || (measures && named.kind != Kind::drop)) continue;
    if (!best || rank(named) > rank(*best)) best = named;
  }
  return best.value_or(below);
}

void ReferenceMasker::walk_object(const JsonNode& node, const Placed& text, const Place& place, std::size_t embedded) {
  const std::size_t object = ++objects_;
  for (std::size_t i = 0; i < node.values.size(); ++i) {
    const Placed raw = text.part(node.keys[i].begin + 1, node.keys[i].end - 1);
    const Place below = member_of(place, unescape(raw).value.text, keys_, spec_, grammar_);
    if (!raw.text.empty() && !ruling_of(below.path, spec_).untouched()) {
      leaves_.push_back({.raw = raw, .json = true, .object = object});
    }
    walk(node.values[i], text, decided_by_names(node, text, i, place, below), embedded);
  }
}

void ReferenceMasker::mask_string(const Placed& raw, const Place& place, std::size_t embedded) {
  const Ruling ruling = ruling_of(place.path, spec_);
  if (raw.text.empty() || ruling.untouched()) return;
  if (ruling.action != nullptr) return mask_whole(raw, true, place, ruling);
  if (place.masked && ruling.exempt != PathRule::Exempt::keys) {
    const bool header = place.kind == Kind::authorization || place.kind == Kind::cookie || place.kind == Kind::set_cookie;
    return header ? mask_header(raw, place) : mask_whole(raw, true, place, ruling);
  }
  if (mask_embedded(raw, place, embedded)) return;
  if (ruling.exempt == PathRule::Exempt::detectors || (ruling.never_scan && has_expected_shape(raw.text))) return;
  leaves_.push_back({raw, true, place.context(), place.own.version_like, place.key()});
}

bool ReferenceMasker::mask_embedded(const Placed& raw, const Place& place, std::size_t embedded) {
  if (embedded == spec_.embedded_json_depth) return false;
  const Unescaped document = unescape(raw);
  const std::string text = trimmed(document.value.text);
  if (document.bad_escape || text.empty() || (text.front() != '{' && text.front() != '[')) return false;
  const auto root = parse_json(document.value.text, spec_.max_depth);
  if (!root) return false;
  walk(*root, document.value, place, embedded + 1);
  return true;
}

void ReferenceMasker::mask_scalar(const Placed& raw, const Place& place) {
  const Ruling ruling = ruling_of(place.path, spec_);
  if (ruling.untouched() || raw.text == "null") return;
  if (ruling.action != nullptr) return mask_whole(raw, false, place, ruling);
  if (raw.text == "true" || raw.text == "false") return;
  if (place.masked && ruling.exempt != PathRule::Exempt::keys) return mask_whole(raw, false, place, ruling);
  if (ruling.exempt == PathRule::Exempt::detectors || raw.text.find_first_of(".eE") != std::string::npos) return;
  if (raw.text.size() < (place.context().empty() ? 12 : 7)) return;
  const Detector match = detect::whole_match(raw.text, settings_, place.context());
  const Found found{match, 0, raw.text, raw.text};
  if (match == Detector::none || is_allowed(found)) return;
  edit(raw, quote(raw.nesting) + output_for(action_for(found), found) + quote(raw.nesting), match);
}

Detector ReferenceMasker::type_of(const std::string& folded, const Place& place) const {
  DetectorSet context = place.context();
  context.insert(place.type);
  const Detector match = detect::whole_match(folded, settings_, context);
  if (match == Detector::none || place.kind == Kind::drop) return place.type;
  // What a password is called by tells more than what it looks like.
  if (place.kind == Kind::secret && match != Detector::jwt && match != Detector::api_key) return place.type;
  return match;
}

void ReferenceMasker::mask_whole(const Placed& raw, bool json, const Place& place, const Ruling& ruling) {
  Unescaped value{raw};
  if (json) value = unescape(raw);
  const std::string folded = fold(value.value).text;
  if (trimmed(value.value.text).empty() || detect::is_output(folded, grammar_)) return;
  Found found{type_of(folded, place), 0, folded, value.value.text};
  std::string text;
  if (ruling.action != nullptr) {
    if (found.detector == Detector::none) found.detector = Detector::generic;
  } else {
    if (is_allowed(found)) return;
    if (found.detector == Detector::person_name) remember_name(folded);
  }
  if (value.bad_escape || value.lone_surrogate) {
    ++counts_.failed;
    text = kRedacted;
  } else if (ruling.action != nullptr) {
    text = output_for(*ruling.action, found);
  } else {
    text = place.kind == Kind::drop ? "[DROPPED]" : output_for(action_for(found), found);
  }
  const std::string mark = json ? std::string() : quote(raw.nesting);
  edit(raw, mark + text + mark, found.detector);
}

void ReferenceMasker::mask_header(const Placed& raw, const Place& place) {
  const Placed value = unescape(raw).value;
  if (place.kind == Kind::authorization) {
    if (detect::is_output(value.text, grammar_) || authorization(value.text) == value.text) return;
    return edit(raw, header_for({Detector::auth_header, 0, fold(value).text, value.text}), Detector::auth_header);
  }
  for (const CookieStretch& cookie : cookie_values(value.text, place.kind == Kind::set_cookie)) {
    const Placed piece = value.part(cookie.begin, cookie.end);
    if (!detect::is_output(piece.text, grammar_)) edit(piece, "[COOKIE]", Detector::cookie);
  }
}

void ReferenceMasker::edit(const Placed& where, std::string text, Detector counted) {
  ++counts_.found[static_cast<std::size_t>(counted)];
  edits_.push_back({where.begin(), where.end(), std::move(text)});
}

}  // namespace pii::kit::reference
