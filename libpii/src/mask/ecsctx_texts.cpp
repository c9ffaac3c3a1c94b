#include "mask/ecsctx_texts.hpp"

#include "detect/leaf_class.hpp"
#include "mask/ecsctx_rules.hpp"
#include "mask/json_escape.hpp"
#include "mask/report.hpp"
#include "mask/values.hpp"

namespace pii::mask {
namespace {

constexpr std::string_view kRedacted = "[PII_REDACTED]";

bool is_fixed(const Work& work) noexcept { return work.policy.spec().rules == PolicySpec::Rules::ecsctx_fixed; }

Detector detector_of(std::string_view field_type) noexcept {
  return field_type == "email" ? Detector::email : field_type == "phone" ? Detector::phone : Detector::generic;
}

// `value` lies in the line or in the arena.
void add_token(Work& work, Detector detector, std::string_view value, Edit at, std::string_view path) {
  ++work.counts.found[static_cast<std::size_t>(detector)];
  report(work, detector, 0, path, value);
  at.kind = Edit::Kind::token;
  at.field = work.impl.field_index(detector, 0);
  at.text = value;
  work.edits.push_back(at);
}

[[gnu::noinline]] void mask_header(Work& work, std::string_view value, Edit at) {
  std::string masked;
  ecsctx::append_masked_header(value, masked);
  if (masked == value) return;
  work.scratch.clear();
  append_json_escaped(masked, work.scratch);
  report(work, Detector::auth_header, 0, work.path, value);
  at.text = work.arena.copy(work.scratch);
  ++work.counts.found[static_cast<std::size_t>(Detector::auth_header)];
  work.edits.push_back(at);
}

}  // namespace

void mask_ecsctx_value(Work& work, const Layer& raw, const Entry& entry) {
  EscapeFaults faults;
  std::string_view value = raw.text;
  if (value.find('\\') != std::string_view::npos) value = unescape_json(raw, work.arena, faults).text;
  Edit at = edit_of(raw);
  if (entry.treatment == Treatment::ecsctx_header) return mask_header(work, value, at);
  if (value.empty() || ecsctx::passes_as_token(value, is_fixed(work))) return;
  const ecsctx::Unquoted inner = ecsctx::unquote(value);
  at.quoted = inner.quoted;
  at.escapes = 1;
  if (faults.any()) {
    // That package cannot tokenize such a text either.
    at.text = kRedacted;
    ++work.counts.failed;
    work.edits.push_back(at);
    return;
  }
  const Detector detector =
      is_fixed(work) ? detector_of(ecsctx::fixed_field_type(entry.ecsctx_hint, inner.value)) : Detector::generic;
  add_token(work, detector, inner.value, at, work.path);
}

void scan_ecsctx_text(Work& work, const Leaf& leaf) {
  using detect::LeafClass;
  if (!leaf.bytes.any(kWorthScanningByEcsctx)) return;
  EscapeFaults faults;
  const Layer plain = leaf.bytes.any(LeafClass::backslash) ? unescape_json(leaf.raw, work.arena, faults) : leaf.raw;
  const bool fixed = is_fixed(work);
  if (leaf.ecsctx_member && ecsctx::passes_as_token(plain.text, fixed)) return;
  ecsctx::plan_scrub(plain.text, fixed, work.scrub);
  if (work.scrub.depends_on_tokens) {
    std::string masked;
    ecsctx::scrub_exactly(plain.text, fixed,
                          [&work](ecsctx::Replacement::Kind kind, std::string_view value, std::string& out) {
                            work.append_token(ecsctx::field_type_of(kind), value, out);
                          },
                          masked);
    work.scratch.clear();
    append_json_escaped(masked, work.scratch);
    Edit at = edit_of(leaf.raw);
    at.text = work.arena.copy(work.scratch);
    work.edits.push_back(at);
    return;
  }
  for (const ecsctx::Replacement& piece : work.scrub.pieces) {
    const Layer found = plain.part(piece.begin, piece.end);
    add_token(work, detector_of(ecsctx::field_type_of(piece.kind)), found.text, edit_of(found), leaf.path);
  }
}

}  // namespace pii::mask
