#include <nlohmann/json.hpp>
#include <optional>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "report.hpp"
#include "text_table.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using nlohmann::ordered_json;
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

ordered_json keys_of(const KeysetSummary& keyset, std::time_t now) {
  ordered_json keys = ordered_json::array();
  for (const KeysetSummary::Key& key : keyset.keys) {
    const auto age = age_in_days(key.created_at, now);
    keys.push_back({{"kid", key.kid},
                    {"alg", key.algorithm},
                    {"status", key.status},
                    {"created_at", key.created_at.empty() ? ordered_json() : ordered_json(key.created_at)},
                    {"age_days", age ? ordered_json(*age) : ordered_json()},
                    {"kcv", key.check_value}});
  }
  return keys;
}

// Version 1 keeps no dates but those of birth.
ordered_json next_of_schema_1(const KeysetSummary& keyset, std::time_t now) {
  std::optional<std::int64_t> primary_age;
  for (const KeysetSummary::Key& key : keyset.keys) {
    if (key.kid == keyset.primary_kid) primary_age = age_in_days(key.created_at, now);
  }
  std::string why;
  const std::string step = next_step(keyset, primary_age, why);
  return {
      {"step", step.empty() ? ordered_json() : ordered_json(step)}, {"not_before", nullptr}, {"why", why}};
}

ordered_json next_of_schema_2(const KeysetSummary& keyset) {
  const std::string_view step = to_string(keyset.next.step);
  const auto& from = keyset.next.not_before;
  return {{"step", step.empty() ? ordered_json() : ordered_json(step)},
          {"not_before", from ? ordered_json(to_rfc3339(*from)) : ordered_json()},
          {"why", keyset.next.why}};
}

ordered_json to_json(const KeysetSummary& keyset, std::time_t now) {
  const bool first = keyset.schema_version == 1;
  const std::optional<std::uint64_t> revision = first ? keyset.revision : std::optional(keyset.edition);
  return {{"schema_version", keyset.schema_version},
          {"usage", keyset.usage},
          {"env", keyset.env.empty() ? ordered_json() : ordered_json(keyset.env)},
          {"revision", revision ? ordered_json(*revision) : ordered_json()},
          {"primary_kid", keyset.primary_kid},
          {"keys", keys_of(keyset, now)},
          {"next", first ? next_of_schema_1(keyset, now) : next_of_schema_2(keyset)}};
}

std::string to_text(const ordered_json& info) {
  std::vector<std::vector<std::string>> rows = {
      {"KEY", "ALGORITHM", "STATUS", "CREATED", "DAYS", "CHECK VALUE"}};
  const auto text_of = [](const ordered_json& value) {
    if (value.is_null()) return std::string("-");
    return value.is_string() ? printable(value.get<std::string>()) : value.dump();
  };
  for (const auto& key : info["keys"]) {
    rows.push_back({text_of(key["kid"]), text_of(key["alg"]), text_of(key["status"]),
                    text_of(key["created_at"]), text_of(key["age_days"]), text_of(key["kcv"])});
  }
  std::string step = info["next"]["step"].is_null() ? "" : text_of(info["next"]["step"]);
  if (!info["next"]["not_before"].is_null())
    step += " (not before " + text_of(info["next"]["not_before"]) + ")";
  if (!step.empty()) step += ": ";
  const std::string revision = info["revision"].is_null() ? "" : ", revision " + text_of(info["revision"]);
  const std::string env = info["env"].is_null() ? "" : ", environment " + text_of(info["env"]);
  return text_of(info["usage"]) + (info["schema_version"] == 1 ? " keyset, version 1" : " keyset, schema 2") +
         revision + env + "\n" + text_table(rows) + "next: " + step + text_of(info["next"]["why"]) + "\n";
}

class KeysetInfoCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& file = options.add_text("FILE", file_, "", "the keyset file, or vault:PATH");
    file.required = true;
    file.is_file = true;
  }

  Result<void> run(Session& session) override {
    const auto summary = summarize_source(session);
    if (!summary) return summary.error();
    const ordered_json info = to_json(*summary, std::time(nullptr));
    return write_to_standard_output(session.flags.json ? to_json_line(info) : to_text(info));
  }

 private:
  Result<KeysetSummary> summarize_source(const Session& session) const {
    if (!is_in_vault(file_)) {
      const auto document = read_small_file(file_);
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
};

}  // namespace

std::unique_ptr<Command> make_keyset_info() { return std::make_unique<KeysetInfoCommand>(); }

}  // namespace piictl
