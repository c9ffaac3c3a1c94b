#include "pii/logging/metrics.hpp"

#include <initializer_list>

namespace pii::log {

namespace {

struct Label {
  std::string_view name;
  std::string_view value;
};

class Text {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  void sample(std::initializer_list<Label> labels, const std::string& value) {
    out_ += name_;
    char before = '{';
    for (const Label& label : labels) {
      out_ += before;
      out_.append(label.name).append("=\"");
      escape(label.value);
      out_ += '"';
      before = ',';
    }
    if (labels.size() != 0) out_ += '}';
    out_.append(" ").append(value).append("\n");
  }
  void sample(std::initializer_list<Label> labels, std::uint64_t value) { sample(labels, std::to_string(value)); }
  void one(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "counter", help);
    sample({}, value);
  }
  std::string take() { return std::move(out_); }

 private:
  void escape(std::string_view value) {
    for (const char c : value) {
      if (c == '\n') {
        out_ += "\\n";
      } else {
        if (c == '"' || c == '\\') out_ += '\\';
        out_ += c;
      }
    }
  }
  std::string name_;
  std::string out_;
};

std::string seconds(std::chrono::milliseconds time) {
  std::string digits = std::to_string(time.count() % 1000);
  return std::to_string(time.count() / 1000) + "." + std::string(3 - digits.size(), '0') + digits;
}

struct LineState {
  const char* name;
  std::uint64_t SinkCounts::* count;
};
constexpr LineState kLineStates[] = {{"written", &SinkCounts::written}, {"dropped", &SinkCounts::dropped}, {"failed", &SinkCounts::failed}};

struct RecordState {
  const char* name;
  std::uint64_t ship::Counts::* count;
};
constexpr RecordState kRecordStates[] = {
    {"sent", &ship::Counts::sent},
    {"dropped_full", &ship::Counts::dropped_full},
    {"dropped_oversize", &ship::Counts::dropped_oversize},
    {"dropped_exhausted", &ship::Counts::dropped_exhausted},
    {"dropped_ended", &ship::Counts::dropped_ended},
    {"dropped_corrupt", &ship::Counts::dropped_corrupt},
    {"rejected", &ship::Counts::rejected},
    {"dead_lettered", &ship::Counts::dead_lettered}};
struct Family {
  const char* name;
  const char* help;
  std::uint64_t ship::Counts::* count;
};
constexpr Family kReceiverCounters[] = {
    {"pii_ship_accepted_total", "Records that the shipper was given or found in its spool.", &ship::Counts::accepted},
    {"pii_ship_recovered_total", "Of those, found in the spool of an earlier process.", &ship::Counts::recovered},
    {"pii_ship_duplicates_total", "Records sent that the receiver had already.", &ship::Counts::duplicates},
    {"pii_ship_requests_total", "Requests made.", &ship::Counts::requests},
    {"pii_ship_failed_requests_total", "Requests that were not taken whole.", &ship::Counts::failed_requests},
    {"pii_ship_retried_total", "Records sent once more.", &ship::Counts::retried},
    {"pii_ship_spool_failures_total", "Records that went to memory because the disk did not take them.", &ship::Counts::spool_failures}};

void write_outputs(const Stats& stats, Text& text) {
  const auto each = [&](auto what) {
    for (std::size_t i = 0; i < stats.outputs.size(); ++i) what(std::to_string(i), stats.outputs[i]);
    what("spans", stats.spans);
  };
  text.family("pii_log_lines_total", "counter", "Lines of each output by what became of them.");
  each([&](const std::string& output, const SinkCounts& counts) {
    for (const LineState& state : kLineStates) text.sample({{"output", output}, {"state", state.name}}, counts.*state.count);
  });
  text.family("pii_log_lines_accepted_total", "counter", "Lines that each output was given.");
  each([&](const std::string& output, const SinkCounts& counts) { text.sample({{"output", output}}, counts.accepted); });
  text.family("pii_log_lines_buffered", "gauge", "Lines that wait.");
  each([&](const std::string& output, const SinkCounts& counts) { text.sample({{"output", output}}, counts.buffered); });
}

void write_receivers(std::span<const NamedCounts> receivers, Text& text) {
  for (const Family& family : kReceiverCounters) {
    text.family(family.name, "counter", family.help);
    for (const NamedCounts& one : receivers) text.sample({{"receiver", one.name}}, one.counts.*family.count);
  }
  text.family("pii_ship_records_total", "counter", "Records by what became of them.");
  for (const NamedCounts& one : receivers) {
    for (const RecordState& state : kRecordStates) text.sample({{"receiver", one.name}, {"state", state.name}}, one.counts.*state.count);
  }
  text.family("pii_ship_waiting_records", "gauge", "Records that wait.");
  for (const NamedCounts& one : receivers) {
    text.sample({{"receiver", one.name}, {"where", "memory"}}, one.counts.queued);
    text.sample({{"receiver", one.name}, {"where", "disk"}}, one.counts.spooled);
  }
  text.family("pii_ship_oldest_seconds", "gauge", "How long the oldest record has waited.");
  for (const NamedCounts& one : receivers) text.sample({{"receiver", one.name}}, seconds(one.counts.oldest_age));
}

}  // namespace

std::string prometheus_text(const Stats& stats, std::span<const NamedCounts> receivers) {
  Text text;
  text.one("pii_log_events_total", "Events that reached their logger's level.", stats.accepted);
  text.one("pii_log_mask_failures_total", "Events replaced by a placeholder because masking failed.", stats.mask_failures);
  text.one("pii_log_encode_failures_total", "Events written without their fields.", stats.encode_failures);
  text.one("pii_log_outside_session_total", "Events written before the session or after it.", stats.outside_session);
  text.one("pii_log_field_conflicts_total", "Fields moved aside because of another one.", stats.field_conflicts);
  text.one("pii_log_validation_warnings_total", "Plain values under the name of an ECS field set.", stats.validation_warnings);
  text.one("pii_log_runtime_events_total", "Events whose name was made at run time.", stats.runtime_events);
  text.one("pii_log_invalid_context_total", "Addresses in contexts that are none.", stats.invalid_context);
  text.one("pii_log_ignored_resets_total", "Context tokens of another thread, or used ones.", stats.ignored_resets);
  write_outputs(stats, text);
  if (!receivers.empty()) write_receivers(receivers, text);
  return text.take();
}

}  // namespace pii::log
