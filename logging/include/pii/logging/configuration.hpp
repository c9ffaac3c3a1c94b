#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/logging/level.hpp"
#include "pii/logging/processor.hpp"
#include "pii/logging/sink.hpp"
#include "pii/masker.hpp"
#include "pii/result.hpp"

namespace pii::log {

/// How an event looks. `automatic`: pretty on a terminal, ECS elsewhere.
enum class Format : std::uint8_t { automatic, ecs, flat, pretty };

/// What happens to a plain value under the name of an ECS field set: nothing, a count, or it becomes a member.
enum class Validation : std::uint8_t { off, warn, fix };

/// How span ids stand in ECS lines: 16 hex digits as on the wire, or, for indexes that ecsctx filled, a UUID that begins with them.
enum class SpanIdForm : std::uint8_t { hex, uuid };

/// One output: events of `level` and above, in `format`, to `sink`.
struct Output {
  std::shared_ptr<Sink> sink;
  Format format = Format::ecs;
  Level level = Level::trace;
  bool color = false;       // pretty only
  std::string logger = {};  // only events of this logger and those below it
  bool additive = true;     // false: events of `logger` go to no output of a logger above it
};
/// Standard output or standard error; `automatic` asks whether it is a terminal, and NO_COLOR turns colors off.
PII_EXPORT Output standard_output(Format format = Format::automatic, BufferPolicy buffer = {});
PII_EXPORT Output standard_error(Format format = Format::automatic, BufferPolicy buffer = {.bytes = 0});
PII_EXPORT Output file(std::string path, Rotation rotation = {}, Format format = Format::ecs, BufferPolicy buffer = {});

/// How this process logs. The defaults are those of the environment with nothing set.
struct Configuration {
  std::string service_name = "app";
  std::string service_version = "0.0.0";
  std::string project = "connect";
  std::string environment = {};  // names the data stream; no event carries it
  std::string instance = {};     // which of several: service.node.name, OTLP's service.instance.id; name_instance() sets it

  Level level = Level::info;
  std::map<std::string, Level, std::less<>> levels = {};  // by logger: `orders` is also `orders.payment`, the longest name wins
  std::vector<Output> outputs = {};                       // none: standard_output()

  std::shared_ptr<Sink> spans = {};                       // where trace::Tracer's spans go: ship::otlp_traces()

  std::vector<std::string> root_fields = {};  // stay at the root beside the built-in ones
  Validation validation = Validation::fix;
  bool origin = false;   // log.origin.file.name, .line and log.origin.function
  bool process = false;  // process.name, .pid, .thread.id and .thread.name
  SpanIdForm span_ids = SpanIdForm::hex;
  std::vector<Processor> processors = {};  // what may change events before they are placed and masked, in this order

  std::shared_ptr<const MaskPolicy> policy = {};  // none: the profile `default`
  MaskKeys keys = {};                             // none: what would be a token is [PII_REDACTED]

  std::chrono::system_clock::time_point (*clock)() = &std::chrono::system_clock::now;

  /// What the preset of that name gives with no other variable set (docs/logging.md, "Presets").
  PII_EXPORT static Configuration development();
  PII_EXPORT static Configuration production();
};
/// The service is `application-instance` (`tracker-0`), and says which instance it is.
PII_EXPORT void name_instance(Configuration& configuration, std::string_view application, std::string_view instance);

/// Levels by logger for libraries whose events a program forwards (adapt/spdlog.hpp, log.h, CapturedStream): warning, or info.
PII_EXPORT std::map<std::string, Level, std::less<>> quiet_libraries();
PII_EXPORT std::map<std::string, Level, std::less<>> verbose_libraries();

/// Looks a variable up; absent: nullopt.
using Variables = std::function<std::optional<std::string>(const char* name)>;

/// Reads PII_LOG_*, what receivers need (ship::outputs_from_environment), the service's name and PII_MASK_EXEMPT_PATHS (docs/logging.md,
/// "Variables"). Files are opened when it succeeds. `variables` null: the process's environment. Errors: invalid_setting, naming the
/// variable, never its value.
PII_EXPORT Result<Configuration> configuration_from_environment(const Variables& variables = nullptr);

/// `logs-DATASET-NAMESPACE` of the data stream that these events belong to; what ECS forbids in the names becomes `_`.
PII_EXPORT std::string data_stream_name(const Configuration& configuration);

/// What happened so far. Counts of events unless it says lines.
struct Stats {
  std::uint64_t accepted = 0;           // reached their logger's level
  std::uint64_t mask_failures = 0;      // replaced by a placeholder, because masking failed
  std::uint64_t encode_failures = 0;    // written without their fields, or not as themselves, because these could not be had
  std::uint64_t outside_session = 0;    // of the process: written to standard error, before init() or after the end
  std::uint64_t field_conflicts = 0;
  std::uint64_t validation_warnings = 0;
  std::uint64_t redundant_fields = 0;   // that said again what the logger or the context says
  std::uint64_t redundant_binds = 0;    // of the process: values bound that were bound already
  std::uint64_t filtered = 0;           // that a processor dropped, or logged itself
  std::uint64_t runtime_events = 0;
  std::uint64_t invalid_context = 0;    // addresses that are none
  std::uint64_t ignored_resets = 0;     // tokens of another thread, or used ones
  std::vector<SinkCounts> outputs = {}; // lines, in the order of Configuration::outputs
  SinkCounts spans = {};
};

class Pipeline;

/// Logging as long as it lives, or another session of an equal init(). The last one's end hands everything over, waiting at most
/// 5 seconds.
class PII_EXPORT Session {
 public:
  Session(Session&& other) noexcept;
  Session& operator=(Session&&) = delete;
  ~Session();

  /// Hands over what is buffered. False when an output did not take it within `deadline`.
  bool flush(std::chrono::milliseconds deadline) const noexcept;
  /// The same, and the end for all sessions: what is logged later goes, masked, to standard error.
  bool shutdown(std::chrono::milliseconds deadline) noexcept;
  /// As the destructor, with a deadline: hands over what is buffered, and ends logging when no equal session lives. Nothing may be
  /// asked of it afterwards.
  bool release(std::chrono::milliseconds deadline) noexcept;
  /// Opens files anew, now.
  void reopen() const noexcept;
  Stats stats() const;

 private:
  friend PII_EXPORT Result<Session> init(Configuration configuration);
  explicit Session(Pipeline* pipeline) noexcept : pipeline_(pipeline) {}
  Pipeline* pipeline_;
};

/// Starts logging. While a session lives, an equal configuration (settings, and where outputs go; not a receiver's credentials or
/// queue) gives one more of it, whose own outputs are not used, and another one is the error conflict. Errors: also invalid_setting when an output has no sink or two have one.
PII_EXPORT Result<Session> init(Configuration configuration);

/// For a signal handler (SIGHUP): files are opened anew with the next line or within a second. Async-signal-safe.
PII_EXPORT void request_reopen() noexcept;

}  // namespace pii::log
