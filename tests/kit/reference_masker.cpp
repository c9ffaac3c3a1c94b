#include "kit/reference_masker.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <regex>

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

// What the member is called by one beside it, the nearest of the four before it, then of those behind, with no container between.
std::string ReferenceMasker::name_beside(const JsonNode& object, const Placed& text, std::size_t member) const {
  static const std::regex kBrief("k", std::regex_constants::icase), kName("name|key|field|header|attribute|property|param|parameter|variable", std::regex_constants::icase);
  const auto is_container = [&](std::size_t i) { return object.values[i].kind != JsonNode::Kind::string && object.values[i].kind != JsonNode::Kind::scalar; };
  const auto content = [&](const JsonNode& node) { return unescape(text.part(node.begin + 1, node.end - 1)).value.text; };
  std::vector<std::size_t> beside;
  for (std::size_t n = 1; n <= 4 && n <= member && !is_container(member - n); ++n) beside.push_back(member - n);
  for (std::size_t n = 1; n <= 4 && member + n < object.values.size() && !is_container(member + n - 1); ++n) beside.push_back(member + n);
  const std::regex& called = content(object.keys[member]).size() == 1 ? kBrief : kName;
  for (const std::size_t i : beside) {
    const std::string key = content(object.keys[i]);
    if (object.values[i].kind != JsonNode::Kind::string || key.size() > 16 || !std::regex_match(key, called)) continue;
    const std::string name = content(object.values[i]);
    const bool can_be_key = !name.empty() && name.size() <= 64 && name.find_first_of(":@*[]") == std::string::npos &&
                            std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
    return can_be_key ? name : std::string();
  }
  return {};
}

void ReferenceMasker::walk_object(const JsonNode& node, const Placed& text, const Place& place, std::size_t embedded) {
  const std::size_t object = ++objects_;
  for (std::size_t i = 0; i < node.values.size(); ++i) {
    const Placed raw = text.part(node.keys[i].begin + 1, node.keys[i].end - 1);
    const Place below = member_of(place, unescape(raw).value.text, keys_, spec_, grammar_);
    if (!raw.text.empty() && !ruling_of(below.path, spec_).untouched()) {
      leaves_.push_back({.raw = raw, .json = true, .object = object});
    }
    const std::string name = name_beside(node, text, i);
    Place named;
    if (!name.empty() && may_be_named(place, below, spec_)) named = member_of(place, name, keys_, spec_, grammar_);
    const bool says = named.masked || !named.own.context.empty();
    walk(node.values[i], text, says ? named : below, embedded);
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
