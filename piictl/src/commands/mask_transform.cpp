#include "commands/mask_transform.hpp"

#include <algorithm>

namespace piictl {

MaskTransform::MaskTransform(const MaskSetup& setup, bool as_text, std::size_t max_line)
    : MaskTransform(setup.make_masker(), as_text, max_line) {
  followed_ = setup.followed;
  policy_ = setup.policy;
  keys_ = setup.keys;
  count_places();
}

void MaskTransform::count_places() {
  places_->set_rate(policy_->spec().report_rate);
  masker_.set_listener(policy_->spec().stats == pii::PolicySpec::Stats::paths ? places_.get() : nullptr);
}

void MaskTransform::refresh() {
  if (!followed_) return;
  auto policy = followed_->current();
  if (policy == policy_) return;
  policy_ = std::move(policy);
  beside_ += masker_.counts();
  masker_ = pii::Masker(policy_, keys_);
  count_places();
}

void MaskTransform::document(std::string_view document, std::string& out) {
  refresh();
  masker_.mask_document(document, out);
}

std::uint64_t MaskTransform::lines(std::string_view lines, std::string& out) {
  refresh();
  const std::uint64_t before = counts().events;
  if (as_text_) {
    mask_as_text(lines, out);
  } else {
    masker_.mask_lines(lines, out);
  }
  return counts().events - before;
}

void MaskTransform::mask_as_text(std::string_view lines, std::string& out) {
  while (!lines.empty()) {
    const std::size_t newline = lines.find('\n');
    const std::size_t next = newline == std::string_view::npos ? lines.size() : newline + 1;
    std::size_t size = std::min(newline, lines.size());
    if (size < next && lines.substr(0, size).ends_with('\r')) --size;
    if (size > max_line_) {
      replace_long_line(size, out);
    } else if (size > 0) {
      masker_.mask_text(lines.substr(0, size), out);
    }
    out += lines.substr(size, next - size);
    lines.remove_prefix(next);
  }
}

// The masker's own placeholder (docs/masking.md, "Limits"), for what was never held as a whole.
void MaskTransform::replace_long_line(std::uint64_t bytes, std::string& out) {
  const std::size_t before = out.size();
  out += R"({"message":"[PII_REDACTED]","pii":{"masked":"line_too_long","bytes":)" + std::to_string(bytes) +
         "}}";
  beside_.bytes_in += bytes;
  beside_.bytes_out += out.size() - before;
  ++beside_.too_long;
  ++beside_.events;
}

void MaskTransform::defect(const stream::Defect& defect, std::string_view, std::string& out) {
  replace_long_line(defect.fault.number, out);
}

pii::MaskCounts MaskTransform::counts() const noexcept {
  pii::MaskCounts all = masker_.counts();
  all += beside_;
  return all;
}

}  // namespace piictl
