#include <algorithm>
#include <array>
#include <map>

#include "commands/commands.hpp"
#include "commands/log_events.hpp"
#include "commands/log_sources.hpp"
#include "output.hpp"
#include "report.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

using nlohmann::ordered_json;
using pii::Error;
using pii::ErrorCode;
using pii::Result;

// What stands at the root of an event; everything else belongs below `extra`.
constexpr std::array<std::string_view, 30> kRoot = {
    "@timestamp", "message",  "ecs",     "ecs.version", "log",        "log.level",   "log.logger", "log.origin", "http",       "url",
    "event",      "span",     "user",    "user_agent",  "client",     "trace",       "service",    "error",      "payment",    "project",
    "timestamp",  "labels",   "payload", "headers",     "session_id", "merchant_id", "view",       "extra",      "process",    "level"};

// What an index makes of a value; empty: nothing.
std::string_view type_of(const ordered_json& value) {
  if (value.is_array()) return value.empty() ? std::string_view() : type_of(value.front());
  if (value.is_object()) return "object";
  if (value.is_string()) return "text";
  if (value.is_boolean()) return "boolean";
  return value.is_number() ? "number" : std::string_view();
}

// A name of an event that changes from one to the next: nobody can count or search for it.
bool changes(std::string_view message) {
  if (message.starts_with("INBOUND ") || message.starts_with("OUTBOUND ")) return false;
  std::size_t digits = 0, run = 0;
  for (const char c : message) {
    run = c >= '0' && c <= '9' ? run + 1 : 0;
    digits = std::max(digits, run);
  }
  return digits >= 4 || message.size() > 128 || message.find('@') != message.npos || message.find("ptok:") != message.npos ||
         message.find("[PII_REDACTED]") != message.npos;
}

// What the context says, and how calls name it when they say it again.
struct Restated {
  std::string_view path;
  std::array<std::string_view, 3> names;
};
constexpr std::array<Restated, 11> kRestated = {{{"trace.id", {"trace_id", "trace", ""}},
                                                 {"span.id", {"span_id", "", ""}},
                                                 {"user.id", {"user_id", "user", "uid"}},
                                                 {"client.ip", {"client_ip", "ip", "remote_ip"}},
                                                 {"session_id", {"session_id", "session", ""}},
                                                 {"merchant_id", {"merchant_id", "merchant", ""}},
                                                 {"payment.orn", {"orn", "", ""}},
                                                 {"payment.pg_code", {"pg_code", "", ""}},
                                                 {"payment.reference", {"reference_number", "reference", ""}},
                                                 {"service.name", {"service_name", "service", ""}},
                                                 {"project.name", {"project_name", "project", ""}}}};

// Words of what is nobody's alarm: a customer's settings, a refused login, what is tried again.
constexpr std::array<std::string_view, 14> kExpected = {"invalid", "validation", "unauthorized", "unauthenticated", "authentication",
                                                        "forbidden", "denied", "declined", "expired", "config", "configuration",
                                                        "retry", "retrying", "timeout"};
constexpr std::array<std::string_view, 4> kExpectedPhrases = {"not_found", "notfound", "rate_limit", "ratelimit"};

// `CardDeclinedError` and `pg_codes_not_found` in words.
bool is_expected(std::string_view name) {
  std::string word, all;
  bool known = false;
  const auto end_word = [&] {
    known |= std::find(kExpected.begin(), kExpected.end(), word) != kExpected.end();
    word.clear();
  };
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z', letter = upper || (c >= 'a' && c <= 'z');
    const char lower = upper ? static_cast<char>(c - 'A' + 'a') : c;
    if (!letter || upper) end_word();
    if (letter) word += lower;
    all += lower;
  }
  end_word();
  return known || std::any_of(kExpectedPhrases.begin(), kExpectedPhrases.end(), [&](std::string_view phrase) { return all.find(phrase) != all.npos; });
}

class Findings {
 public:
  void add(std::string_view rule, std::string where, std::uint64_t line) {
    auto& found = all_[{std::string(rule), std::move(where)}];
    if (found.count++ == 0) found.line = line;
  }
  std::size_t size() const { return all_.size(); }
  std::string text() const {
    std::vector<std::vector<std::string>> rows = {{"RULE", "COUNT", "FIRST LINE", "WHERE"}};
    for (const auto& [key, found] : all_) {
      rows.push_back({key.first, std::to_string(found.count), std::to_string(found.line), printable(key.second)});
    }
    return all_.empty() ? std::string() : text_table(rows);
  }
  Json json() const {
    Json list = Json::array();
    for (const auto& [key, found] : all_) {
      list.push_back({{"rule", key.first}, {"where", key.second}, {"count", found.count}, {"line", found.line}});
    }
    return list;
  }

 private:
  struct Found {
    std::uint64_t count = 0;
    std::uint64_t line = 0;
  };
  std::map<std::pair<std::string, std::string>, Found> all_;
};

class LogLintCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    files_.declare(options);
    options.add_switch("--source", source_, "the files are C or C++: name what writes past the logger");
  }

  Result<void> run(Session& session) override {
    std::uint64_t events = 0;
    const auto read = source_ ? look_at_sources(events) : files_.each([&](const std::string&, const ordered_json& event, std::uint64_t line) {
      ++events;
      if (event.is_discarded()) {
        findings_.add("not-json", "the line", line);
      } else {
        look_at(event, line);
      }
    });
    if (!read) return read.error();
    const std::string out = session.flags.json ? to_json_line({{"events", events}, {"findings", findings_.json()}}) : findings_.text();
    if (auto written = write_to_standard_output(out); !written) return written;
    if (findings_.size() == 0) return {};
    return Error(ErrorCode::findings, std::to_string(findings_.size()) + (findings_.size() == 1 ? " finding" : " findings"),
                 "docs/logging.md, \"Placement\", says how events should look");
  }

 private:
  void look_at(const ordered_json& event, std::uint64_t line) {
    for (const auto& [name, value] : event.items()) {
      if (is_field_set(name) && !value.is_object() && !value.is_null() && name != "event") findings_.add("flat-object", name, line);
      const std::string first = name.substr(0, name.find('.'));
      if (std::find(kRoot.begin(), kRoot.end(), name) == kRoot.end() && std::find(kRoot.begin(), kRoot.end(), first) == kRoot.end() &&
          !name.starts_with('_') && !is_field_set(first)) {
        findings_.add("root-field", name, line);
      }
    }
    if (const auto* labels = find_field(event, "labels"); labels != nullptr && labels->is_object()) {
      for (const auto& [name, value] : labels->items()) {
        if (value.is_structured()) findings_.add("nested-label", "labels." + name, line);
      }
    }
    const auto* message = find_field(event, "message");
    if (message == nullptr || !message->is_string()) {
      findings_.add("no-message", "message", line);
    } else if (changes(message->get_ref<const std::string&>())) {
      const auto* logger = find_field(event, "log.logger");
      findings_.add("changing-message", logger != nullptr && logger->is_string() ? logger->get<std::string>() : "no logger", line);
    }
    const auto* error = find_field(event, "error");
    if (error != nullptr && error->is_object() && !error->contains("type")) findings_.add("error-without-type", "error", line);
    if (const auto* extra = find_field(event, "extra"); extra != nullptr && extra->is_object()) restated(event, *extra, "extra", line);
    alarm(event, line);
    if (find_field(event, "trace.id") == nullptr) findings_.add("no-trace", "trace.id", line);
    types(event, {}, line);
  }

  Result<void> look_at_sources(std::uint64_t& lines) {
    if (files_.names.empty()) return Error(ErrorCode::usage, "--source needs files", "piictl log lint --source src/*.cpp");
    return files_.each_line([&](const std::string& file, const std::string& line, std::uint64_t number) {
      ++lines;
      if (const std::string way = way_past_the_logger(line); !way.empty()) findings_.add("past-the-logger", file + ": " + way, number);
    });
  }

  // What the context says already, said again by the call.
  void restated(const ordered_json& event, const ordered_json& object, const std::string& prefix, std::uint64_t line) {
    for (const auto& [name, value] : object.items()) {
      if (value.is_object()) restated(event, value, prefix + "." + name, line);
      for (const Restated& known : kRestated) {
        if (std::find(known.names.begin(), known.names.end(), name) == known.names.end()) continue;
        const auto* said = find_field(event, known.path);
        if (said != nullptr && *said == value) findings_.add("redundant-field", prefix + "." + name + " (" + std::string(known.path) + ")", line);
      }
    }
  }

  // An error wakes someone up.
  void alarm(const ordered_json& event, std::uint64_t line) {
    const auto text = [&](std::string_view path) {
      const auto* value = find_field(event, path);
      return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
    };
    const std::string level = text("log.level");
    if (level != "error" && level != "critical") return;
    const std::string type = text("error.type");
    if (is_expected(text("message"))) {
      findings_.add("error-expected", "message", line);
    } else if (is_expected(type)) {
      findings_.add("error-expected", "error.type", line);
    }
  }

  // The first event fixes an index's mapping; one that has another type there is lost.
  void types(const ordered_json& object, const std::string& prefix, std::uint64_t line) {
    for (const auto& [name, value] : object.items()) {
      const std::string path = prefix.empty() ? name : prefix + "." + name;
      const std::string_view type = type_of(value);
      if (type.empty()) continue;
      const auto [known, fresh] = types_.try_emplace(path, type);
      if (!fresh && known->second != type) findings_.add("mapping-conflict", path + " (" + std::string(known->second) + ", " + std::string(type) + ")", line);
      if (value.is_object()) types(value, path, line);
    }
  }

  LogFiles files_;
  bool source_ = false;
  Findings findings_;
  std::map<std::string, std::string_view> types_;
};

}  // namespace

bool is_field_set(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 29> kSets = {
      "client", "user",  "host",    "span",    "trace",        "source", "destination", "server", "event", "error",
      "log",    "http",  "url",     "service", "file",         "process", "network",    "observer", "organization", "cloud",
      "container", "agent", "ecs",  "rule",    "threat",       "group",  "dns",         "tls",    "transaction"};
  return std::find(kSets.begin(), kSets.end(), name) != kSets.end();
}

std::unique_ptr<Command> make_log_lint() { return std::make_unique<LogLintCommand>(); }

}  // namespace piictl
