#include "commands/batch.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <optional>

#include "commands/progress.hpp"
#include "commands/rejects.hpp"
#include "output.hpp"
#include "process.hpp"
#include "report.hpp"
#include "stream/rejects.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::FieldType;
using pii::Result;

Error usage_error(std::string message, std::string hint) {
  return Error(ErrorCode::usage, std::move(message), std::move(hint));
}

Result<char> parse_delimiter(const std::string& text) {
  if (text.empty()) return ',';
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && text[0] != '"' && text[0] != '\n' && text[0] != '\r') return text[0];
  return usage_error("--delimiter is not one character", "such as ';' or tab");
}

// Flags that belong to another format are a mistake worth telling.
Result<void> check_format_flags(const BatchFlags& flags) {
  const bool csv = flags.format == "csv", ndjson = flags.format == "ndjson";
  if (!csv && (!flags.columns.empty() || !flags.into.empty() || !flags.delimiter.empty())) {
    return usage_error("--column, --into and --delimiter are for csv", "add --format csv");
  }
  if (!ndjson && !flags.paths.empty()) return usage_error("--path is for ndjson", "add --format ndjson");
  if (!csv && !flags.record_column.empty()) return usage_error("--record-column is for csv", "add --format csv");
  if (!ndjson && !flags.record_path.empty()) return usage_error("--record-path is for ndjson", "add --format ndjson");
  if (csv && flags.columns.empty())
    return usage_error("csv needs to know the column", "--column NAME, as the header has it");
  if (ndjson && flags.paths.empty())
    return usage_error("ndjson needs to know the path", "--path 'user.email', for example");
  if (!csv && flags.field.empty()) {
    return usage_error("--field FIELD is missing", "the kind of value, e.g. -f email, -f phone or -f name");
  }
  return {};
}

Result<void> add_field(BatchPlan& plan, std::string_view name) {
  auto field = FieldType::make(name);
  if (!field) return std::move(field).error();
  plan.fields.push_back(*std::move(field));
  return {};
}

bool is_same_regular_file(int a, int b) {
  struct stat first = {}, second = {};
  return ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 && S_ISREG(first.st_mode) &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

std::string count_of(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

// How the run ended, told with how far it came.
// `reason`: what every failed row was failed for, where that was one and the same.
Result<void> conclude(const stream::Outcome& outcome, const std::string& reason) {
  const std::string reached = outcome.rows == 0 ? "" : ", after " + count_of(outcome.rows, "row");
  if (outcome.error) {
    return Error(outcome.error->code(), outcome.error->message() + reached, outcome.error->hint());
  }
  if (outcome.interrupted) {
    return Error(ErrorCode::interrupted, "interrupted after " + count_of(outcome.rows, "row"),
                 "what was written is good; the first " + std::to_string(outcome.bytes_in) +
                     " bytes of the input are done");
  }
  if (outcome.output_closed) {
    return Error(ErrorCode::output_failed, "whoever read the output went away" + reached,
                 "what it had read is good; read the output to its end");
  }
  const ErrorCode code = outcome.code();
  if (code == ErrorCode::ok) return {};
  if (code == ErrorCode::partial_batch) {
    return Error(code, std::to_string(outcome.failed) + " of " + count_of(outcome.rows, "row") + " failed",
                 "the others are good; --rejects FILE keeps the failed ones with their reasons");
  }
  const std::string all = outcome.failed == 1 ? "the only row" : "all " + count_of(outcome.failed, "row");
  // Not every value that is none is a phone number.
  const bool own = code == ErrorCode::malformed_value && !reason.empty();
  return Error(code, all + " failed: " + (own ? reason : std::string(stream::reason_for(code))));
}

// Tells of failed rows as they come, and keeps them in --rejects.
class FailureTeller {
 public:
  FailureTeller(const Report& report, const stream::Format& format, Descriptor rejects, bool goes_on)
      : json_(report.json()), progress_(report), file_(std::move(rejects)) {
    if (file_) rejects_.emplace(file_.get(), format, goes_on);
  }

  Result<void> tell(const stream::Failure& failure) {
    if (!failure.continued) {
      progress_.clear();
      write_to_standard_error(describe(failure));
      if (told_++ == 0) reason_ = failure.reason;
      if (reason_ != failure.reason) reason_.clear();
    }
    return rejects_ ? rejects_->add(failure) : Result<void>();
  }
  Result<void> finish() {
    progress_.clear();
    return rejects_ ? rejects_->finish() : Result<void>();
  }
  /// Makes the rejects so far safe. Returns how long their file is.
  Result<std::uint64_t> save() {
    if (!rejects_) return std::uint64_t{0};
    if (auto kept = rejects_->finish(); !kept) return kept.error();
    const off_t size = ::lseek(file_.get(), 0, SEEK_CUR);
    (void)::fdatasync(file_.get());  // of what is no file there is nothing to wait for
    return size < 0 ? 0 : static_cast<std::uint64_t>(size);
  }
  ProgressBar& progress() noexcept { return progress_; }
  /// That of every row so far; empty when they differ.
  const std::string& reason() const noexcept { return reason_; }

 private:
  std::string describe(const stream::Failure& failure) const {
    if (!json_) return "row " + std::to_string(failure.row) + ": " + printable(failure.reason) + "\n";
    return to_json_line(
        {{"row", failure.row}, {"code", static_cast<int>(failure.code)}, {"reason", failure.reason}});
  }

  bool json_;
  std::uint64_t told_ = 0;
  std::string reason_;
  ProgressBar progress_;
  Descriptor file_;
  std::optional<stream::RejectsWriter> rejects_;
};

}  // namespace

void BatchFlags::declare(OptionList& options) {
  options.add_text("-f,--field", field, "FIELD", "the kind of value: email, phone, or any name of yours");
  options.add_text("--format", format, "FORMAT", "lines (default), csv or ndjson").choices = {"lines", "csv",
                                                                                              "ndjson"};
  options.add_list("--column", columns, "NAME[=FIELD]",
                   "csv: a column to work on; FIELD or else -f or else NAME is its kind; repeatable");
  options.add_list("--into", into, "NAME",
                   "csv: write the result to a new column instead of over the value; one a column");
  options.add_text("--delimiter", delimiter, "CHAR",
                   "csv: what separates cells (default ','); tab for a tabulator");
  options.add_list("--path", paths, "PATH",
                   "ndjson: where the values are: user.email, a[*].b, a[0], ['a.b']; repeatable");
  options.add_switch("--tokenize-empty", tokenize_empty, "treat empty lines and cells as values");
  declare_lines(options);
}

void BatchFlags::declare_records(OptionList& options) {
  options.add_text("--record-column", record_column, "NAME", "csv, version 2: the column that tells rows apart; each row's ciphertexts open in it alone");
  options.add_text("--record-path", record_path, "PATH", "ndjson, version 2: the same, by path");
}

void BatchFlags::declare_lines(OptionList& options) {
  input.declare(options);
  OptionSpec& longest =
      options.add_number("--max-line", max_line, "BYTES", "a longer line or row fails (default 16 MiB)");
  longest.minimum = 1;
  longest.maximum = std::uint64_t{1} << 40;
  options.add_file("--rejects", rejects, "FILE", "keep failed rows there, mode 0600: number, reason, original");
}

Result<BatchPlan> plan_batch(const BatchFlags& flags) {
  if (auto fitting = check_format_flags(flags); !fitting) return fitting.error();
  BatchPlan plan;
  if (flags.format == "csv") {
    stream::Csv csv;
    auto delimiter = parse_delimiter(flags.delimiter);
    if (!delimiter) return std::move(delimiter).error();
    csv.delimiter = *delimiter;
    csv.into = flags.into;
    csv.record = flags.record_column;
    for (const std::string& column : flags.columns) {
      const std::size_t equals = column.rfind('=');
      csv.columns.push_back(column.substr(0, equals));
      const std::string own = equals == std::string::npos ? flags.field : column.substr(equals + 1);
      if (auto added = add_field(plan, own.empty() && equals == std::string::npos ? csv.columns.back() : own);
          !added) {
        return added.error();
      }
    }
    plan.format = std::move(csv);
  } else {
    const std::size_t targets = flags.format == "ndjson" ? flags.paths.size() : 1;
    for (std::size_t i = 0; i < targets; ++i) {
      if (auto added = add_field(plan, flags.field); !added) return added.error();
    }
    if (flags.format == "ndjson") plan.format = stream::Ndjson{flags.paths, flags.record_path};
  }
  if (auto well_formed = stream::check(plan.format); !well_formed) return well_formed.error();
  return plan;
}

Result<void> check_shown(const Session& session, bool tty_ok) {
  if (tty_ok || session.flags.dry_run || ::isatty(STDOUT_FILENO) != 1) return {};
  return Error(ErrorCode::guard_refused, "revealed text is not shown on a terminal",
               "send it to a file or a pipe; --tty-ok shows it all the same");
}

Result<void> run_batch(Session& session, const BatchFlags& flags, const stream::Format& format,
                       const stream::OperationFactory& make_operation, BatchWatcher* watcher) {
  auto input = open_input(flags.input);
  if (!input) return std::move(input).error();
  if (input->is_terminal) {
    if (!std::holds_alternative<stream::Lines>(format)) {
      return usage_error("a terminal is no " + flags.format + " file",
                         "send it through a pipe, or name it with --in FILE");
    }
    auto typed = read_value(*input, flags.max_line);
    if (!typed) return std::move(typed).error();
    auto reader = as_descriptor(*typed);
    if (!reader) return std::move(reader).error();
    input->owned = *std::move(reader);
    input->fd = input->owned.get();
  }
  const int output = session.flags.dry_run ? -1 : STDOUT_FILENO;
  if (output >= 0 && is_same_regular_file(input->fd, output)) {
    return usage_error("input and output are one file", "write to another file and rename it");
  }
  if (session.flags.dry_run) watcher = nullptr;
  stream::Options options;
  if (watcher != nullptr) {
    auto begin = watcher->begin(input->fd, output);
    if (!begin) return std::move(begin).error();
    if (!*begin) return {};
    options.begin = **std::move(begin);
  }
  Descriptor rejects;
  if (!flags.rejects.empty() && !session.flags.dry_run) {
    auto opened = open_rejects(flags.rejects, input->fd, output, watcher != nullptr ? watcher->rejects_to_keep() : 0);
    if (!opened) return std::move(opened).error();
    rejects = *std::move(opened);
  }

  FailureTeller teller(session.report, format, std::move(rejects), options.begin.failed != 0);
  options.input = input->fd;
  options.output = output;
  options.threads = static_cast<std::size_t>(session.flags.threads);
  options.apply_to_empty = flags.tokenize_empty;
  options.max_line = static_cast<std::size_t>(flags.max_line);
  options.stop = &stop_flag();
  options.on_failure = [&teller](const stream::Failure& failure) { return teller.tell(failure); };
  if (teller.progress().enabled()) {
    options.on_progress = [&teller](const stream::Progress& progress) { teller.progress().show(progress); };
  }
  const auto save = [&](const stream::Counts& counts, bool done) -> Result<void> {
    const auto size = teller.save();
    if (!size) return size.error();
    return watcher->save(counts, *size, done);
  };
  if (watcher != nullptr) {
    options.on_written = [&](const stream::Counts& counts) {
      return watcher->is_due() ? save(counts, false) : Result<void>();
    };
  }
  const stream::Outcome outcome = stream::run(format, make_operation, options);
  if (!flags.field.empty()) session.audit.emplace_back("field", flags.field);
  session.audit.emplace_back("rows", std::to_string(outcome.rows));
  session.audit.emplace_back("values", std::to_string(outcome.values));
  session.audit.emplace_back("failed", std::to_string(outcome.failed));
  if (watcher != nullptr) {
    const bool ended = !outcome.error && !outcome.interrupted && !outcome.output_closed;
    // After an error the last checkpoint stands: nobody knows how much of what came then was written.
    if (ended || outcome.interrupted) {
      if (auto saved = save(outcome, ended); !saved) return saved;
    }
  }
  if (auto kept = teller.finish(); !kept && !outcome.error) return kept;
  if (session.flags.dry_run && outcome.code() == ErrorCode::ok) {
    session.report.note("dry run: " + count_of(outcome.rows, "row") + " with " +
                        count_of(outcome.values, "value") + " would be written");
  }
  return conclude(outcome, teller.reason());
}

}  // namespace piictl
