#include <algorithm>
#include <map>
#include <set>

#include "commands/commands.hpp"
#include "commands/log_events.hpp"
#include "output.hpp"
#include "pii/masker.hpp"
#include "report.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

using nlohmann::ordered_json;
using pii::Error;
using pii::ErrorCode;
using pii::Result;

std::string text_of(const ordered_json& event, std::string_view path) {
  const auto* value = find_field(event, path);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

bool is_hex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == text.npos && text.find_first_not_of('0') != text.npos;
}

bool flat(const ordered_json& event) {
  return std::any_of(event.items().begin(), event.items().end(),
                     [](const auto& member) { return is_field_set(member.key()) && !member.value().is_object() && member.key() != "event"; });
}

// The ids of the job that an event belongs to, in each spelling.
const ordered_json* job_of(const ordered_json& event) {
  for (const std::string_view path : {"extra.celery_task", "extra.rq_job", "extra.job"}) {
    if (const auto* job = find_field(event, path)) return job;
  }
  return nullptr;
}

class LogCheckCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    files_.declare(options);
    options.add_list("--service", services_, "NAME", "names that a service may have; default: app, rq, celery");
    options.add_switch("--request", request_, "every event belongs to a request: it has a user and a client");
    options.add_switch("--pii", pii_, "look for personal data that is not masked");
    options.add_switch("--job", job_, "jobs keep their trace and have spans of their own");
  }

  Result<void> run(Session& session) override {
    if (services_.empty()) services_ = {"app", "rq", "celery"};
    std::unique_ptr<pii::Masker> masker;
    if (pii_) {
      const auto policy = pii::MaskPolicy::compile(*pii::PolicySpec::profile("default"));
      if (!policy) return policy.error();
      masker = std::make_unique<pii::Masker>(*policy, pii::MaskKeys{});
    }
    const auto read = files_.each([&](const std::string& line, const ordered_json& event, std::uint64_t number) {
      ++events_;
      note("json", !event.is_discarded(), number);
      if (event.is_discarded()) return;
      look_at(event, number);
      if (masker == nullptr) return;
      std::string masked;
      masker->mask_lines(line + "\n", masked);
      note("pii", masked == line + "\n", number);
    });
    if (!read) return read.error();
    if (job_) look_at_jobs();
    return tell(session);
  }

 private:
  struct Check {
    std::uint64_t good = 0;
    std::uint64_t bad = 0;
    std::uint64_t line = 0;
  };

  void note(const std::string& name, bool good, std::uint64_t line) {
    Check& check = checks_[name];
    if (good) {
      ++check.good;
    } else if (check.bad++ == 0) {
      check.line = line;
    }
  }

  void look_at(const ordered_json& event, std::uint64_t line) {
    const std::string trace = text_of(event, "trace.id");
    const std::string span = text_of(event, "span.id");
    note("trace.id", is_hex(trace, 32), line);
    note("span.id", is_hex(span, 16) || span.size() == 36, line);
    note("service.name", std::find(services_.begin(), services_.end(), text_of(event, "service.name")) != services_.end(), line);
    note("ecs.version", !text_of(event, "ecs.version").empty(), line);
    note("objects", !flat(event), line);
    if (request_) {
      note("user.id", find_field(event, "user.id") != nullptr, line);
      note("client.ip", find_field(event, "client.ip") != nullptr, line);
    }
    if (const ordered_json* const job = job_of(event)) {
      jobs_.push_back({trace, span, job->contains("id"), line});
    } else {
      makers_[trace].insert(span);
    }
  }

  void look_at_jobs() {
    note("job", !jobs_.empty(), 0);
    for (const Job& job : jobs_) {
      const auto maker = makers_.find(job.trace);
      note("job", job.has_id && maker != makers_.end() && maker->second.count(job.span) == 0, job.line);
    }
  }

  Result<void> tell(const Session& session) const {
    std::vector<std::vector<std::string>> rows = {{"CHECK", "GOOD", "BAD", "FIRST BAD LINE"}};
    Json list = Json::array();
    std::uint64_t bad = 0;
    for (const auto& [name, check] : checks_) {
      bad += check.bad;
      rows.push_back({name, std::to_string(check.good), std::to_string(check.bad), check.bad == 0 ? "-" : std::to_string(check.line)});
      list.push_back({{"check", name}, {"good", check.good}, {"bad", check.bad}, {"line", check.bad == 0 ? Json() : check.line}});
    }
    const std::string out = session.flags.json ? to_json_line({{"events", events_}, {"checks", std::move(list)}}) : text_table(rows);
    if (auto written = write_to_standard_output(out); !written) return written;
    if (events_ == 0) return Error(ErrorCode::no_match, "there are no events", "piictl log check FILE, or events on standard input");
    if (bad == 0) return {};
    return Error(ErrorCode::findings, "not every event is as it should be", "the table says which checks fail, and where first");
  }

  struct Job {
    std::string trace;
    std::string span;
    bool has_id;
    std::uint64_t line;
  };
  LogFiles files_;
  std::vector<std::string> services_;
  bool request_ = false;
  bool pii_ = false;
  bool job_ = false;
  std::uint64_t events_ = 0;
  std::map<std::string, Check> checks_;
  std::vector<Job> jobs_;
  std::map<std::string, std::set<std::string>> makers_;
};

}  // namespace

std::unique_ptr<Command> make_log_check() { return std::make_unique<LogCheckCommand>(); }

}  // namespace piictl
