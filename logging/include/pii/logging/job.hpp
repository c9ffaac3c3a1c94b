#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/logging/context.hpp"
#include "pii/result.hpp"

/// A context that travels with a queued job, in the form that ecsctx publishes and reads.
namespace pii::log::job {

/// Where the text of to_json() goes: a header or member of this name. The other two are ecsctx's, for jobs of Python's.
inline constexpr std::string_view kContextKey = "_log_context";
inline constexpr std::string_view kCeleryKey = "_celery_log_context";
inline constexpr std::string_view kRqKey = "_rq_log_context";

/// What a job is told of who queued it.
class PII_EXPORT Snapshot {
 public:
  explicit Snapshot(Context context, std::uint32_t attempt = 0) : context_(std::move(context)), attempt_(attempt) {}

  const Context& context() const noexcept { return context_; }
  /// Which attempt at the job it belongs to, from 1; 0: not said.
  std::uint32_t attempt() const noexcept { return attempt_; }
  /// What to publish when the job is tried again: the same context, and the attempt after this one.
  Snapshot next_attempt() const { return Snapshot(context_, (attempt_ == 0 ? 1 : attempt_) + 1); }
  /// `{"ctx":{…},"trace_id":…,"traceparent":…,"attempt":…}`, masked by the session's engine; `null` when that failed.
  std::string to_json() const;

 private:
  Context context_;
  std::uint32_t attempt_;
};

/// This thread's context for a job, or nothing when it says nothing.
PII_EXPORT std::optional<Snapshot> capture();
/// Reads what to_json() or ecsctx wrote. Members that are unknown or of another type are ignored. Errors: malformed_json.
PII_EXPORT Result<std::optional<Snapshot>> parse(std::string_view json);

/// Which job runs.
struct Info {
  std::string_view system = {};  // `celery` and `rq` are named as ecsctx does: celery_task, rq_job; else `job`
  std::string_view id = {};
  std::string_view name = {};
  std::uint32_t attempt = 0;  // 0: the snapshot's
};

/// The context of a running job for a scope: the snapshot's, with its trace and a span of its own, and the job's ids. Without a
/// snapshot a new trace. Nothing that the worker had bound is in it, and it is restored at the end.
class PII_EXPORT Scope {
 public:
  Scope(const std::optional<Snapshot>& snapshot, const Info& job);

 private:
  ScopedContext scope_;
};

}  // namespace pii::log::job
