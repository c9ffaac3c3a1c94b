#include "front/masking_stage.hpp"

#include <strings.h>

#include <algorithm>

#include "pii/tokenizer.hpp"

namespace pii::log {

namespace {

// Said without anything of the event: what could not be masked is not looked at again.
constexpr std::string_view kPlaceholder =
    R"({"log.level":"error","message":"LOG_MASKING_ERROR","ecs.version":"1.12.0","event":"LOG_MASKING_ERROR","level":"error"})"
    "\n";

// What LineModel may write in a value's place: whoever allows it says nothing of other values.
bool may_be_made_up(const std::string& allowed) {
  constexpr std::size_t kLongest = 6;
  if (allowed.size() <= kLongest && allowed.find_first_not_of("0123456789.") == std::string::npos) return true;
  return ::strcasecmp(allowed.c_str(), "true") == 0 || ::strcasecmp(allowed.c_str(), "false") == 0;
}

// Not where a scope is named, which the places that LineModel tries are not in.
bool do_values_tell(const PolicySpec& spec) {
  const bool everywhere = spec.include.empty() || std::find(spec.include.begin(), spec.include.end(), "**") != spec.include.end();
  return everywhere && std::none_of(spec.allow_values.begin(), spec.allow_values.end(), may_be_made_up);
}

class EngineMasker final : public LineMasker {
 public:
  EngineMasker(std::shared_ptr<const MaskPolicy> policy, MaskKeys keys)
      : longest_line_(policy->spec().max_line_bytes), values_tell_(do_values_tell(policy->spec())), masker_(std::move(policy), std::move(keys)) {}
  void mask(std::string_view line, std::string& out) override { masker_.mask_lines(line, out); }
  bool leaves_alone(std::string_view text) const noexcept override { return values_tell_ && masker_.leaves_alone(text); }
  bool mask_value(Masker::ValuePlace& place, std::string_view text, std::string& out) noexcept override {
    return masker_.mask_value(place, text, out);
  }
  std::size_t longest_line() const noexcept override { return longest_line_; }

 private:
  const std::size_t longest_line_;
  const bool values_tell_;
  Masker masker_;
};

// One line, ended once: nothing that a masker says can begin another event.
bool one_line(std::string_view text) noexcept { return !text.empty() && text.find('\n') == text.size() - 1; }

}  // namespace

MaskerMaker engine_maskers(std::shared_ptr<const MaskPolicy> policy, MaskKeys keys) {
  return [policy = std::move(policy), keys = std::move(keys)] { return std::make_unique<EngineMasker>(policy, keys); };
}

MaskedLine MaskingStage::mask(std::string_view line, Level level, bool local, bool& failed) noexcept {
  try {
    out_.clear();
    if (masker_ != nullptr) {
      masker_->mask(line, out_);
      if (one_line(out_)) {
        failed = false;
        return MaskedLine(out_, level, local);
      }
    }
  } catch (...) {
    // The engine may have stopped half-way, and what it had written is not asked for.
  }
  failed = true;
  return MaskedLine(kPlaceholder, Level::error, false);
}

void TokenWriter::write(std::string_view field_type, std::string_view value, std::string& out) {
  if (keys_.provider != nullptr && keys_.environment) {
    const auto type = FieldType::make(field_type);
    const std::string canonical = canonical_form(field_type, value, policy_.spec().regions);
    if (type) {
      const Tokenizer tokenizer(keys_.provider, *keys_.environment);
      if (const auto token = tokenizer.tokenize(*type, canonical)) {
        out += token->view();
        return;
      }
    }
  }
  out += kRedacted;
}

}  // namespace pii::log
