#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/trace.hpp"
#include "pii/logging/value.hpp"
#include "pii/result.hpp"

namespace pii::trace {

/// What a span is of its trace (OTLP's numbers).
enum class Kind : std::uint8_t { internal = 1, server, client, producer, consumer };

/// `keep`: recorded, and exported when its trace turns out to have an error.
enum class Decision : std::uint8_t { drop, keep, sample };

struct SamplingInput {
  const SpanContext* parent = nullptr;  // null: a root
  const TraceId& trace_id;
  std::string_view name = {};
  Kind kind = Kind::internal;
  const log::Object& attributes;
};

/// Decides about a span when it begins. From any thread.
class PII_EXPORT Sampler {
 public:
  virtual ~Sampler();
  virtual Decision decide(const SamplingInput& input) const = 0;
  virtual std::string description() const = 0;
};
using SamplerPtr = std::shared_ptr<const Sampler>;

namespace sampler {
PII_EXPORT SamplerPtr always_on();
PII_EXPORT SamplerPtr always_off();
/// Of so many traces (0 to 1), by their ids, so that every service decides alike. `threshold`: the last 56 bits, as consistent
/// probability sampling has it; `legacy`: the last 63, as TraceIdRatioBased of older SDKs.
enum class Ratio : std::uint8_t { threshold, legacy };
PII_EXPORT SamplerPtr ratio(double rate, Ratio rule = Ratio::threshold);
/// What the parent decided; for a root, `root`.
PII_EXPORT SamplerPtr parent_based(SamplerPtr root);
/// The ratio of `rate`, and beside it every trace in which a span of this process fails or logs at error: its spans are held back,
/// bounded, until its first span here ends. The flag that others see stays the ratio's.
PII_EXPORT SamplerPtr keep_errors(double rate);
}  // namespace sampler

/// OTEL_TRACES_SAMPLER and _ARG: always_on, always_off, traceidratio, the same behind parentbased_ (default parentbased_always_on), and
/// keep_errors. Errors: invalid_setting.
PII_EXPORT Result<SamplerPtr> sampler_from_environment(const log::Variables& variables = nullptr);

}  // namespace pii::trace
