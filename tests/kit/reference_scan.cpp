// The second round of the reference masker: docs/masking.md section 5.
#include <algorithm>

#include "detect/ip.hpp"
#include "kit/reference_masker.hpp"
#include "mask/custom_check.hpp"

namespace pii::kit::reference {
namespace {

constexpr std::size_t kMostNames = 64;
constexpr std::size_t kMostAlike = 8;
constexpr std::size_t kLongestName = 128;

bool is_capital(char c) { return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

// The size of an address that a '/' follows, or 0: no network begins within it.
std::size_t address_before_slash(const std::string& text) {
  const std::size_t size = text.find_first_not_of("0123456789abcdefABCDEF:.");
  return size != std::string::npos && text[size] == '/' && detect::is_ip_address(text.substr(0, size)) ? size : 0;
}

}  // namespace

void ReferenceMasker::remember_name(const std::string& folded) {
  const std::string name = trimmed(folded);
  std::size_t letters = 0;
  for (const char c : name) letters += is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0xC0;
  const bool several = name.find(' ') != std::string::npos;
  if (letters < 5 || name.size() > kLongestName || (!several && std::none_of(name.begin(), name.end(), is_capital))) return;
  std::size_t alike = 0;
  for (const std::string& other : names_) {
    if (lower(other) == lower(name)) return;
    alike += lower(other.substr(0, 4)) == lower(name.substr(0, 4));
  }
  if (names_.size() < kMostNames && alike < kMostAlike) names_.push_back(name);
}

Placed ReferenceMasker::within_limit(const Leaf& leaf) {
  const std::string& text = leaf.raw.text;
  if (!limited_ || text.size() <= spec_.max_leaf_bytes || text.ends_with("[PII_REDACTED]")) return leaf.raw;
  std::size_t keep = 0;
  if (spec_.over_limit == PolicySpec::OverLimit::redact_tail) {
    for (std::size_t i = 0; i <= spec_.max_leaf_bytes - 14; ++i) {
      if (text[i] == ' ' || text[i] == '\t') keep = i + 1;
    }
  }
  ++counts_.failed;
  edits_.push_back({leaf.raw.places[keep], leaf.raw.end(), "[PII_REDACTED]"});
  return leaf.raw.part(0, keep);
}

void ReferenceMasker::scan(const Leaf& leaf) {
  Placed raw = within_limit(leaf);
  if (leaf.json) raw = unescape(raw).value;
  const Placed folded = fold(raw);
  const bool key = leaf.object != 0;
  const PairRules rules{keys_, settings_, grammar_};
  Pieces pieces;
  find_outputs(folded.text, pieces);
  find_custom(leaf, folded.text, pieces);
  if (!key) find_pairs(folded.text, rules, true, pieces);
  run_detectors(leaf, folded.text, false, pieces);
  if (!key) find_names(folded.text, pieces);
  run_detectors(leaf, folded.text, true, pieces);
  if (!key) find_pairs(folded.text, rules, false, pieces);
  const std::size_t edits = edits_.size();
  for (const Piece& piece : pieces.all()) {
    if (piece.detector != Detector::none) replace(piece, pieces, folded);
  }
  if (key && edits_.size() > edits) keep_key_apart(leaf, edits);
}

void ReferenceMasker::find_outputs(const std::string& text, Pieces& pieces) const {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t size = i > 0 && is_ascii_word(text[i - 1]) ? 0 : detect::output_at(text, i, grammar_);
    if (size != 0 && !pieces.overlap(i, i + size)) pieces.add({i, i + size, Detector::none});
    if (size == 0 && (i == 0 || !is_ascii_word(text[i - 1]))) i += address_before_slash(text.substr(i));
  }
}

void ReferenceMasker::find_custom(const Leaf& leaf, const std::string& text, Pieces& pieces) const {
  for (std::size_t i = 0; i < spec_.custom.size(); ++i) {
    const CustomDetector& custom = spec_.custom[i];
    const bool wanted = custom.keywords.empty() || std::any_of(custom.keywords.begin(), custom.keywords.end(), [&](const auto& word) {
      return lower(text).find(lower(word)) != std::string::npos || lower(leaf.key).find(lower(word)) != std::string::npos;
    });
    for (auto match = wanted ? custom.matcher->find(text, 0) : std::nullopt; match; match = custom.matcher->find(text, match->end)) {
      if (!pieces.overlap(match->begin, match->end) && mask::passes(custom.check, text.substr(match->begin, match->end - match->begin))) {
        pieces.add({match->begin, match->end, Detector::custom, i});
      }
    }
  }
}

void ReferenceMasker::find_names(const std::string& text, Pieces& pieces) const {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && is_any_word(text[i - 1])) continue;
    std::size_t longest = 0;
    for (const std::string& name : names_) {
      const std::size_t end = i + name.size();
      if (lower(text.substr(i, name.size())) == lower(name) && (end == text.size() || !is_any_word(text[end])) &&
          !pieces.overlap(i, end)) {
        longest = std::max(longest, name.size());
      }
    }
    if (longest == 0) continue;
    pieces.add({i, i + longest, Detector::person_name});
    i += longest - 1;
  }
}

void ReferenceMasker::run_detectors(const Leaf& leaf, const std::string& text, bool with_context, Pieces& pieces) const {
  const detect::Hints hints{.context = leaf.context, .version_like = leaf.version_like};
  detect::Spans spans;
  for (const Piece& piece : pieces.all()) {
    spans.add({static_cast<std::uint32_t>(piece.begin), static_cast<std::uint32_t>(piece.end), piece.detector, 0});
  }
  const detect::LeafClass anything(~std::uint32_t{0}, 255);
  (with_context ? detect::scan_with_context : detect::scan_strong)(text, anything, settings_, hints, spans);
  for (const detect::Span& span : spans) {
    if (!pieces.overlap(span.begin, span.end)) pieces.add({span.begin, span.end, span.detector});
  }
}

void ReferenceMasker::replace(const Piece& piece, const Pieces& pieces, const Placed& folded) {
  const Placed where = folded.part(piece.begin, piece.end);
  Found found{piece.detector, piece.custom, where.text, where.text};
  if (is_allowed(found)) return;
  if (piece.detector == Detector::person_name) {
    // However it is spelled here, it is the one that stood under the key.
    const auto same = [&](const std::string& name) { return lower(name) == lower(found.folded); };
    const auto name = std::find_if(names_.begin(), names_.end(), same);
    if (name != names_.end() && !piece.form && !piece.dropped) found.folded = *name;
  }
  if (piece.detector == Detector::auth_header) return edit(where, header_for(found), piece.detector);
  if (piece.dropped) return edit(where, "[DROPPED]", piece.detector);
  if (piece.form) {
    std::replace(found.folded.begin(), found.folded.end(), '+', ' ');
    found.plain = found.folded;
  }
  const std::string out = output_for(action_for(found), found);
  // It would grow with each time it is masked.
  const bool stands = folded.text.compare(piece.begin, out.size(), out) == 0 && where.text.size() <= out.size() && !pieces.overlap(piece.end, piece.begin + out.size());
  const bool shortened = action_for(found).type == MaskAction::Type::ip_prefix && !out.starts_with("ptok:") && stands;
  if (!shortened) edit(where, out, piece.detector);
}

void ReferenceMasker::keep_key_apart(const Leaf& leaf, std::size_t first_edit) {
  std::string name;
  for (std::size_t i = 0; i < leaf.raw.text.size(); ++i) {
    const std::size_t place = leaf.raw.places[i];
    bool replaced = false;
    for (std::size_t k = first_edit; k < edits_.size(); ++k) {
      if (edits_[k].begin == place) name += edits_[k].text;
      replaced = replaced || (edits_[k].begin <= place && place < edits_[k].end);
    }
    if (!replaced) name += leaf.raw.text[i];
  }
  const int same = ++masked_keys_[{leaf.object, name}];
  if (same > 1) edits_.push_back({leaf.raw.end(), leaf.raw.end(), "~" + std::to_string(same)});
}

}  // namespace pii::kit::reference
