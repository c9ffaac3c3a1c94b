#include <charconv>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "output.hpp"
#include "pii/logging/dead_letters.hpp"
#include "report.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

using nlohmann::ordered_json;
using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::ship::DeadLetter;
using pii::ship::DeadLetterFolder;

// "90s", "30m", "1h", "7d".
std::optional<std::time_t> parse_duration(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  constexpr std::string_view kUnits = "smhd";
  constexpr std::time_t kSeconds[] = {1, 60, 3600, 86'400};
  const std::size_t unit = kUnits.find(text.back());
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size() - 1;
  const auto [stopped, failed] = std::from_chars(text.data(), end, number);
  if (unit == std::string_view::npos || failed != std::errc() || stopped != end) return std::nullopt;
  return static_cast<std::time_t>(number) * kSeconds[unit];
}

std::string in_words(std::string_view duration) {
  if (duration == "1h") return "the last hour";
  return "the last " + std::string(duration);
}

// What every command of dead letters shares: the folder, and the letters in it.
class FolderCommand : public Command {
 protected:
  void declare_folder(OptionList& options) {
    options.add_file("--folder", folder_, "FOLDER", "the folder of dead letters; default: PII_LOG_DEAD_LETTERS");
  }
  Result<DeadLetterFolder> folder() const {
    const char* const variable = std::getenv("PII_LOG_DEAD_LETTERS");
    const std::string path = !folder_.empty() ? folder_ : variable != nullptr ? variable : "";
    if (path.empty()) return Error(ErrorCode::usage, "which folder?", "--folder FOLDER, or PII_LOG_DEAD_LETTERS");
    return DeadLetterFolder(path);
  }
  Result<std::vector<DeadLetter>> letters(const Session& session) const {
    const auto where = folder();
    if (!where) return where.error();
    std::uint64_t damaged = 0;
    auto all = where->read(&damaged);
    if (all && damaged != 0) session.report.warning(std::to_string(damaged) + " lines of the folder are no letters");
    return all;
  }
  // Letters that failed within `duration` of now. Errors: usage.
  static Result<bool> is_within(const DeadLetter& letter, const std::string& duration) {
    const auto seconds = parse_duration(duration);
    if (!seconds) return Error(ErrorCode::usage, "a time is a number with s, m, h or d", "such as 1h or 7d");
    const auto failed = parse_rfc3339(letter.failed_at);
    return failed && std::time(nullptr) - *failed <= *seconds;
  }

 private:
  std::string folder_;
};

Json to_json(const DeadLetter& letter) {
  return {{"id", letter.id},
          {"failed_at", letter.failed_at},
          {"source", letter.source},
          {"event_type", letter.event_type},
          {"error_message", letter.error_message},
          {"correlation_id", Json::or_null(letter.correlation_id)},
          {"retry_count", letter.retry_count},
          {"reprocessed_at", Json::or_null(letter.reprocessed_at)}};
}

class ListCommand final : public FolderCommand {
 public:
  void declare(OptionList& options) override {
    declare_folder(options);
    options.add_text("--since", since_, "TIME", "only those of so long: 90s, 30m, 1h, 7d");
    options.add_switch("--all", all_, "those that were replayed, too");
  }

  Result<void> run(Session& session) override {
    const auto found = letters(session);
    if (!found) return found.error();
    std::vector<std::vector<std::string>> rows = {{"ID", "FAILED AT", "SOURCE", "EVENT", "TRIES", "ERROR"}};
    Json list = Json::array();
    for (const DeadLetter& letter : *found) {
      if (!all_ && !letter.reprocessed_at.empty()) continue;
      if (!since_.empty()) {
        const auto within = is_within(letter, since_);
        if (!within) return within.error();
        if (!*within) continue;
      }
      list.push_back(to_json(letter));
      rows.push_back({printable(letter.id), printable(letter.failed_at), printable(letter.source), printable(letter.event_type),
                      std::to_string(letter.retry_count), printable(letter.error_message)});
    }
    if (session.flags.json) return write_to_standard_output(to_json_line({{"letters", std::move(list)}}));
    return write_to_standard_output(rows.size() == 1 ? "" : text_table(rows));
  }

 private:
  std::string since_;
  bool all_ = false;
};

class ShowCommand final : public FolderCommand {
 public:
  void declare(OptionList& options) override {
    declare_folder(options);
    options.add_text("ID", id_, "", "the letter's id").required = true;
  }

  Result<void> run(Session& session) override {
    const auto found = letters(session);
    if (!found) return found.error();
    for (const DeadLetter& letter : *found) {
      if (letter.id != id_) continue;
      Json whole = to_json(letter);
      const auto data = ordered_json::parse(letter.event_data, nullptr, false);
      whole.add("event_data", data.is_discarded() ? Json(letter.event_data) : Json::of_text(data.dump()));
      return write_to_standard_output(to_json_line(whole));
    }
    return Error(ErrorCode::no_match, "no letter has that id", "piictl deadletter list --all names them");
  }

 private:
  std::string id_;
};

class ReplayCommand final : public FolderCommand {
 public:
  void declare(OptionList& options) override {
    declare_folder(options);
    options.add_list("ID", ids_, "", "letters; default: all that were not replayed");
  }

  Result<void> run(Session& session) override {
    const auto found = letters(session);
    if (!found) return found.error();
    std::vector<std::string> replayed;
    std::string out;
    for (const DeadLetter& letter : *found) {
      const bool named = std::find(ids_.begin(), ids_.end(), letter.id) != ids_.end();
      if (ids_.empty() ? !letter.reprocessed_at.empty() : !named) continue;
      out += letter.event_data + "\n";
      replayed.push_back(letter.id);
    }
    if (replayed.size() < ids_.size()) return Error(ErrorCode::no_match, "no letter has one of these ids", "piictl deadletter list --all names them");
    if (auto written = write_to_standard_output(out); !written || session.flags.dry_run || replayed.empty()) return written;
    const auto where = folder();
    if (!where) return where.error();
    const auto marked = where->mark_reprocessed(replayed);
    if (!marked) return marked.error();
    return {};
  }

 private:
  std::vector<std::string> ids_;
};

class PurgeCommand final : public FolderCommand {
 public:
  void declare(OptionList& options) override {
    declare_folder(options);
    options.add_text("--older", older_, "TIME", "all letters older than that: 7d; default: those that were replayed");
  }

  Result<void> run(Session& session) override {
    const auto found = letters(session);
    if (!found) return found.error();
    std::vector<std::string> ids;
    bool unhandled = false;
    for (const DeadLetter& letter : *found) {
      if (older_.empty()) {
        if (letter.reprocessed_at.empty()) continue;
      } else {
        const auto young = is_within(letter, older_);
        if (!young) return young.error();
        if (*young) continue;
      }
      ids.push_back(letter.id);
      unhandled |= letter.reprocessed_at.empty();
    }
    if (unhandled && !session.flags.yes && !session.flags.dry_run) {
      return Error(ErrorCode::guard_refused, "some of them were never replayed", "replay them first, or add --yes");
    }
    std::size_t removed = ids.size();
    if (!session.flags.dry_run && !ids.empty()) {
      const auto where = folder();
      if (!where) return where.error();
      const auto purged = where->purge([&](const DeadLetter& letter) { return std::find(ids.begin(), ids.end(), letter.id) != ids.end(); });
      if (!purged) return purged.error();
      removed = *purged;
    }
    if (session.flags.json) return write_to_standard_output(to_json_line({{"removed", removed}}));
    session.report.note(std::to_string(removed) + (session.flags.dry_run ? " letters would be removed" : " letters removed"));
    return {};
  }

 private:
  std::string older_;
};

class CheckCommand final : public FolderCommand {
 public:
  void declare(OptionList& options) override {
    declare_folder(options);
    options.add_text("--since", since_, "TIME", "how far to look back: 90s, 30m, 1h (default), 7d");
  }

  Result<void> run(Session& session) override {
    const auto found = letters(session);
    if (!found) return found.error();
    std::size_t count = 0;
    for (const DeadLetter& letter : *found) {
      const auto within = is_within(letter, since_);
      if (!within) return within.error();
      if (*within && letter.reprocessed_at.empty()) ++count;
    }
    if (session.flags.json) {
      if (auto written = write_to_standard_output(to_json_line({{"letters", count}, {"since", since_}})); !written) return written;
    }
    if (count == 0) return {};
    return Error(ErrorCode::findings, std::to_string(count) + (count == 1 ? " dead letter in " : " dead letters in ") + in_words(since_),
                 "piictl deadletter list tells why");
  }

 private:
  std::string since_ = "1h";
};

}  // namespace

std::unique_ptr<Command> make_deadletter_list() { return std::make_unique<ListCommand>(); }
std::unique_ptr<Command> make_deadletter_show() { return std::make_unique<ShowCommand>(); }
std::unique_ptr<Command> make_deadletter_replay() { return std::make_unique<ReplayCommand>(); }
std::unique_ptr<Command> make_deadletter_purge() { return std::make_unique<PurgeCommand>(); }
std::unique_ptr<Command> make_deadletter_check() { return std::make_unique<CheckCommand>(); }

}  // namespace piictl
