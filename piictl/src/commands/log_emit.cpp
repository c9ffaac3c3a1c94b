#include <unistd.h>

#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "pii/logging/log.hpp"
#include "report.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

namespace log = pii::log;
using nlohmann::ordered_json;
using pii::Error;
using pii::ErrorCode;
using pii::Result;

constexpr std::size_t kMostInput = 1 << 20;

log::Value to_value(const ordered_json& json) {
  if (json.is_boolean()) return log::Value(json.get<bool>());
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) return log::Value(json.get<std::uint64_t>());
  if (json.is_number_integer()) return log::Value(json.get<std::int64_t>());
  if (json.is_number()) return log::Value(json.get<double>());
  if (json.is_string()) return log::Value(json.get<std::string>());
  if (json.is_array()) {
    log::Array values;
    for (const auto& item : json) values.push_back(to_value(item));
    return log::Value(std::move(values));
  }
  if (!json.is_object()) return {};
  log::Object members;
  for (const auto& [name, member] : json.items()) members.set(name, to_value(member));
  return log::Value(std::move(members));
}

class LogEmitCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_text("EVENT", event_, "", "the event's name").required = true;
    input_.declare(options);
    options.add_text("--level", level_, "LEVEL", "default: info").choices = {"trace", "debug", "info", "warning", "error", "critical"};
    options.add_text("--logger", logger_, "NAME", "default: piictl");
    options.add_text("--traceparent", traceparent_, "HEADER", "the trace that it belongs to; default: a new one");
    options.add_text("--job", job_, "NAME", "and once more from a job of that name, which its context travels to");
  }

  Result<void> run(Session& session) override {
    const auto fields = read_fields();
    if (!fields) return fields.error();
    auto configuration = log::configuration_from_environment();
    if (!configuration) return std::move(configuration).error();
    if (auto good = add_keys(session, *configuration); !good) return good;
    if (session.flags.dry_run) configuration->outputs = {log::standard_output()};
    const std::string stream = log::data_stream_name(*configuration);
    std::vector<std::string> targets;
    for (const log::Output& output : configuration->outputs) targets.push_back(output.sink->target());

    auto span = trace_of_flags();
    if (!span) return std::move(span).error();
    auto logging = log::init(*std::move(configuration));
    if (!logging) return std::move(logging).error();
    const log::ScopedContext scope(log::current_span(*span));
    write(*fields);
    if (!job_.empty()) write_from_job(*fields);
    if (log::get_logger(logger_).enabled(level())) {
      session.report.note("to find it: data stream " + stream + ", message: \"" + event_ + "\" and trace.id: \"" +
                          pii::trace::to_string(span->trace_id) + "\"");
    } else {
      session.report.warning("the level is below that of the logger, so nothing was written");
    }
    const bool all = logging->shutdown(std::chrono::seconds(10));
    return tell(session, logging->stats(), targets, all);
  }

 private:
  log::Level level() const { return log::parse_level(level_).value_or(log::Level::info); }

  // Values come from where no other user of the machine sees them.
  Result<log::Object> read_fields() const {
    const bool named = !input_.in.empty() || input_.fd != InputFlags::kNoDescriptor;
    if (!named && ::isatty(STDIN_FILENO) == 1) return log::Object{};
    const auto input = open_input(input_);
    if (!input) return input.error();
    const auto text = read_bytes(*input, kMostInput);
    if (!text) return text.error();
    const auto bytes = text->expose();
    const std::string_view words(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (words.find_first_not_of(" \t\r\n") == std::string_view::npos) return log::Object{};
    const auto json = ordered_json::parse(words, nullptr, false);
    if (!json.is_object()) return Error(ErrorCode::malformed_json, "the fields are no JSON object", R"(as in: echo '{"amount":100}' | piictl log emit EVENT)");
    return *to_value(json).object();
  }

  static Result<void> add_keys(const Session& session, log::Configuration& configuration) {
    auto keyset = open_keyset(pii::KeysetUsage::token, session);
    if (keyset) {
      configuration.keys = {std::move(keyset->provider), std::move(keyset->environment), false};
      return {};
    }
    if (keyset.error().code() != ErrorCode::not_configured) return std::move(keyset).error();
    session.report.note("no keyset is configured, so what would be a token is [PII_REDACTED]; piictl init makes local ones");
    return {};
  }

  Result<pii::trace::SpanContext> trace_of_flags() const {
    if (traceparent_.empty()) return pii::trace::new_root();
    const auto parent = pii::trace::parse(traceparent_);
    if (!parent) return Error(ErrorCode::usage, "--traceparent is none", "as in 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    return pii::trace::new_child(*parent);
  }

  void write(const log::Object& fields) const {
    std::vector<log::Field> list;
    for (const auto& [name, value] : fields.members()) list.push_back({name, log::ValueRef(value)});
    log::get_logger(logger_).log_list(level(), log::runtime_event(event_), list);
  }

  // As through a queue: what travels is text.
  void write_from_job(const log::Object& fields) const {
    const auto captured = log::job::capture();
    const auto snapshot = captured ? log::job::parse(captured->to_json()) : std::optional<log::job::Snapshot>();
    const std::string id = pii::trace::to_string(pii::trace::new_span_id());
    const log::job::Scope scope(snapshot ? *snapshot : std::nullopt, {.id = id, .name = job_});
    write(fields);
  }

  static Result<void> tell(const Session& session, const log::Stats& stats, const std::vector<std::string>& targets, bool all) {
    bool taken = all;
    for (std::size_t i = 0; i < targets.size() && i < stats.outputs.size(); ++i) {
      const log::SinkCounts& counts = stats.outputs[i];
      taken &= counts.written == counts.accepted;
      session.report.note(targets[i] + ": " + std::to_string(counts.written) + " of " + std::to_string(counts.accepted) + " taken");
    }
    if (taken) return {};
    return Error(ErrorCode::output_failed, "not every output took it", "the notes say which; piictl doctor and docs/logging.md, \"Shipping\", help");
  }

  std::string event_;
  InputFlags input_;
  std::string level_ = "info";
  std::string logger_ = "piictl";
  std::string traceparent_;
  std::string job_;
};

}  // namespace

std::unique_ptr<Command> make_log_emit() { return std::make_unique<LogEmitCommand>(); }

}  // namespace piictl
