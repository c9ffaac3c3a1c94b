#include "pii/logging/sampler.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "setup/presets.hpp"
#include "setup/variable_reader.hpp"

namespace pii::trace {

Sampler::~Sampler() = default;

namespace {

std::string with_rate(std::string_view name, double rate) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, rate).ptr;
  return std::string(name) + "{" + std::string(digits, end) + "}";
}

std::uint64_t last_bits(const TraceId& id, unsigned bits) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i < 16; ++i) value = value << 8 | id.bytes[i];
  return value & (~std::uint64_t{0} >> (64 - bits));
}

class Always final : public Sampler {
 public:
  explicit Always(bool on) : on_(on) {}
  Decision decide(const SamplingInput&) const override { return on_ ? Decision::sample : Decision::drop; }
  std::string description() const override { return on_ ? "AlwaysOnSampler" : "AlwaysOffSampler"; }

 private:
  const bool on_;
};

class ByRatio final : public Sampler {
 public:
  ByRatio(double rate, sampler::Ratio rule, Decision otherwise)
      : rate_(std::isnan(rate) ? 0 : std::clamp(rate, 0.0, 1.0)), rule_(rule), otherwise_(otherwise) {}
  Decision decide(const SamplingInput& input) const override {
    return taken(input.trace_id) ? Decision::sample : otherwise_;
  }
  std::string description() const override { return with_rate(otherwise_ == Decision::keep ? "KeepErrors" : "TraceIdRatioBased", rate_); }

 private:
  bool taken(const TraceId& id) const noexcept {
    // In whole numbers: the largest ids are no doubles.
    if (rule_ == sampler::Ratio::legacy) return last_bits(id, 63) < static_cast<std::uint64_t>(rate_ * 0x1p63);
    return last_bits(id, 56) >= static_cast<std::uint64_t>(std::round((1 - rate_) * 0x1p56));
  }
  const double rate_;
  const sampler::Ratio rule_;
  const Decision otherwise_;
};

class ParentBased final : public Sampler {
 public:
  explicit ParentBased(SamplerPtr root) : root_(std::move(root)) {}
  Decision decide(const SamplingInput& input) const override {
    if (input.parent == nullptr) return root_->decide(input);
    return input.parent->sampled() ? Decision::sample : Decision::drop;
  }
  std::string description() const override { return "ParentBased{root:" + root_->description() + "}"; }

 private:
  const SamplerPtr root_;
};

std::optional<double> parse_rate(std::string_view text) {
  double rate = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (failed != std::errc{} || end != text.data() + text.size() || !(rate >= 0 && rate <= 1)) return std::nullopt;
  return rate;
}

}  // namespace

namespace sampler {
SamplerPtr always_on() { return std::make_shared<Always>(true); }
SamplerPtr always_off() { return std::make_shared<Always>(false); }
SamplerPtr ratio(double rate, Ratio rule) { return std::make_shared<ByRatio>(rate, rule, Decision::drop); }
SamplerPtr parent_based(SamplerPtr root) { return std::make_shared<ParentBased>(std::move(root)); }
SamplerPtr keep_errors(double rate) { return std::make_shared<ByRatio>(rate, Ratio::threshold, Decision::keep); }
}  // namespace sampler

Result<SamplerPtr> sampler_from_environment(const log::Variables& given) {
  const log::Variables process = &log::process_variable;
  const auto layered = log::with_preset(given ? given : process);
  if (!layered) return layered.error();
  log::VariableReader reader(*layered);
  double rate = 1;
  reader.read("OTEL_TRACES_SAMPLER_ARG", "0 to 1", parse_rate, rate);
  if (reader.error_) return *std::move(reader.error_);
  const std::string name = reader.text("OTEL_TRACES_SAMPLER").value_or("parentbased_always_on");
  constexpr std::string_view kParent = "parentbased_";
  const bool parent = name.starts_with(kParent);
  const std::string_view root = std::string_view(name).substr(parent ? kParent.size() : 0);
  SamplerPtr found;
  if (root == "always_on") found = sampler::always_on();
  if (root == "always_off") found = sampler::always_off();
  if (root == "traceidratio") found = sampler::ratio(rate);
  if (name == "keep_errors") found = sampler::keep_errors(rate);
  if (found == nullptr) return log::bad_variable("OTEL_TRACES_SAMPLER", "always_on, always_off, traceidratio, parentbased_…, or keep_errors");
  return parent ? sampler::parent_based(std::move(found)) : std::move(found);
}

}  // namespace pii::trace
