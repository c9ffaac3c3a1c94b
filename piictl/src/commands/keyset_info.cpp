#include <optional>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "evidence_file.hpp"
#include "keyset_change.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "report.hpp"
#include "scan/kid_count_json.hpp"
#include "text_table.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Result;

constexpr std::int64_t kDaysUntilRotation = 365;

std::string next_step(const KeysetSummary& keyset, std::optional<std::int64_t> primary_age,
                      std::string& why) {
  if (primary_age && *primary_age >= kDaysUntilRotation) {
    why = "the primary key " + keyset.primary_kid + " is " + std::to_string(*primary_age) + " days old";
    return "rotate";
  }
  why = keyset.keys.size() > 1
            ? "older keys still match and reveal; version 1 keeps no dates for retiring them"
            : "nothing is due";
  return {};
}

Json keys_of(const KeysetSummary& keyset, std::time_t now) {
  Json keys = Json::array();
  for (const KeysetSummary::Key& key : keyset.keys) {
    const auto age = age_in_days(key.created_at, now);
    keys.push_back({{"kid", key.kid},
                    {"alg", key.algorithm},
                    {"status", key.status},
                    {"created_at", Json::or_null(key.created_at)},
                    {"age_days", age},
                    {"kcv", key.check_value}});
  }
  return keys;
}

struct Next {
  std::string step;        // may be empty
  std::string not_before;  // may be empty
  std::string why;
};

// Version 1 keeps no dates but those of birth.
Next next_of(const KeysetSummary& keyset, std::time_t now) {
  Next next;
  if (keyset.schema_version == 1) {
    std::optional<std::int64_t> primary_age;
    for (const KeysetSummary::Key& key : keyset.keys) {
      if (key.kid == keyset.primary_kid) primary_age = age_in_days(key.created_at, now);
    }
    next.step = next_step(keyset, primary_age, next.why);
    return next;
  }
  const auto& from = keyset.next.not_before;
  return {std::string(to_string(keyset.next.step)), from ? to_rfc3339(*from) : std::string(), keyset.next.why};
}

std::optional<std::uint64_t> revision_of(const KeysetSummary& keyset) {
  if (keyset.schema_version == 1) return keyset.revision;
  return keyset.edition == 0 ? std::nullopt : std::optional(keyset.edition);
}

Json to_json(const std::vector<Recorded>& all) {
  Json list = Json::array();
  for (const Recorded& one : all) {
    list.push_back({{"operation", one.operation},
                    {"began_at", to_rfc3339(one.began_at)},
                    {"complete", one.complete},
                    {"to", Json::or_null(one.to)},
                    {"kids", to_json(one.kids)}});
  }
  return list;
}

Json to_json(const KeysetSummary& keyset, const Next& next, const std::vector<Recorded>& recorded, std::time_t now) {
  Json info = {{"schema_version", keyset.schema_version},
          {"usage", keyset.usage},
          {"env", Json::or_null(keyset.env)},
          {"revision", revision_of(keyset)},
          {"primary_kid", keyset.primary_kid},
          {"keys", keys_of(keyset, now)},
          {"next",
           {{"step", Json::or_null(next.step)},
            {"not_before", Json::or_null(next.not_before)},
            {"why", next.why}}}};
  if (!recorded.empty()) info.add("recorded", to_json(recorded));
  return info;
}

// How often each key was met, a line a run and a key of the keyset.
std::string to_text(const KeysetSummary& keyset, const std::vector<Recorded>& all) {
  std::string out;
  for (const Recorded& one : all) {
    out += one.operation + (one.to.empty() ? "" : " to " + printable(one.to)) + ", begun " + to_rfc3339(one.began_at) +
           (one.complete ? "" : ", not complete") + ":";
    for (const KeysetSummary::Key& key : keyset.keys) {
      std::uint64_t count = 0;
      for (const KidCount& kid : one.kids) count += kid.kid == key.kid ? kid.count : 0;
      out += " " + printable(key.kid) + " " + std::to_string(count);
    }
    out += "\n";
  }
  return out;
}

std::string to_text(const KeysetSummary& keyset, const Next& next, const std::vector<Recorded>& recorded,
                    std::time_t now) {
  std::vector<std::vector<std::string>> rows = {
      {"KEY", "ALGORITHM", "STATUS", "CREATED", "DAYS", "CHECK VALUE"}};
  for (const KeysetSummary::Key& key : keyset.keys) {
    const auto age = age_in_days(key.created_at, now);
    rows.push_back({printable(key.kid), key.algorithm, key.status,
                    key.created_at.empty() ? "-" : printable(key.created_at),
                    age ? std::to_string(*age) : "-", key.check_value});
  }
  std::string step = next.step;
  if (!next.not_before.empty()) step += " (not before " + next.not_before + ")";
  if (!step.empty()) step += ": ";
  const auto revision = revision_of(keyset);
  return keyset.usage + (keyset.schema_version == 1 ? " keyset, version 1" : " keyset, schema 2") +
         (revision ? ", revision " + std::to_string(*revision) : "") +
         (keyset.env.empty() ? "" : ", environment " + printable(keyset.env)) + "\n" + text_table(rows) +
         to_text(keyset, recorded) + "next: " + step + printable(next.why) + "\n";
}

class KeysetInfoCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options
        .add_list("--recorded", recorded_, "FILE",
                  "what scan --evidence, or rewrap or retokenize with --checkpoint wrote: how often keys were met; "
                  "repeatable")
        .is_file = true;
  }

  Result<void> run(Session& session) override {
    const auto summary = summarize_source(session);
    if (!summary) return summary.error();
    std::vector<Recorded> recorded;
    for (const std::string& path : recorded_) {
      auto loaded = load_recorded(path);
      if (!loaded) return std::move(loaded).error();
      recorded.push_back(*std::move(loaded));
    }
    const std::time_t now = std::time(nullptr);
    const Next next = next_of(*summary, now);
    return write_to_standard_output(session.flags.json ? to_json_line(to_json(*summary, next, recorded, now))
                                                       : to_text(*summary, next, recorded, now));
  }

 private:
  Result<KeysetSummary> summarize_source(const Session& session) const {
    if (!is_in_vault(file_)) {
      const auto document = read_keyset_document(session, file_);
      if (!document) return document.error();
      auto summary = summarize_document(*document);
      if (!summary) return at_path(file_, summary.error());
      return summary;
    }
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    return summarize_vault_keyset(*vault->client, file_);
  }

  std::string file_;
  std::vector<std::string> recorded_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_info() { return std::make_unique<KeysetInfoCommand>(); }

}  // namespace piictl
