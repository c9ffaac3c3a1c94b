#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "commands/mask_setup.hpp"
#include "commands/scan_transform.hpp"
#include "commands/text_batch.hpp"
#include "output.hpp"
#include "pii/version.hpp"
#include "private_file.hpp"
#include "report.hpp"
#include "scan/scan_report.hpp"
#include "stream/csv_splitter.hpp"
#include "stream/text_splitter.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using stream::TextForm;
using stream::TextSplitter;

bool is_named_csv(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string ending(path.substr(dot + 1));
  for (char& c : ending) c = static_cast<char>(c | 0x20);
  return ending == "csv" || ending == "tsv";
}

class ScanCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_list("FILE", files_, "", "files to look at; standard input when there is none").is_file =
        true;
    options.add_text("--report", report_, "FILE.html", "write a page that tells it well, mode 0600").is_file =
        true;
    options.add_switch("--fail-on-find", fail_, "exit code 8 when something was found, for pipelines");
    options.add_file("--evidence", evidence_, "FILE",
                  "write what was looked at, when, and which key ids occur, as JSON, mode 0600");
    rules_.declare(options);
    options
        .add_text("--format", format_, "FORMAT",
                  "auto (default: csv by name, else as in mask), lines (text), csv, ndjson or json")
        .choices = {"auto", "lines", "csv", "ndjson", "json"};
  }

  Result<void> run(Session& session) override {
    auto setup = make_scan_setup(rules_);
    if (!setup) return std::move(setup).error();
    make_workers(*setup, session);
    pii::Masker names = setup->make_masker();
    const auto shown = [&](std::string_view name) { return shown_name(names, name); };
    TextBatch batch(session, files_, -1, shown);
    ScanReport result;
    result.time = to_rfc3339(std::time(nullptr));
    result.version = PII_VERSION;
    result.policy = shown(setup->policy_name);
    const auto done = batch.run([&](const TextInput& input, const stream::Options& options) {
      const std::uint64_t events = counts().events;
      pii::Digest digest;
      stream::Options read = options;
      if (!evidence_.empty()) {
        hash_what_is_read(read, digest);
      }
      stream::Outcome outcome = look_at(input, read, setup->policy->spec().max_line_bytes);
      result.files.push_back({input.name, outcome.bytes_in, counts().events - events,
                              evidence_.empty() ? std::string() : digest.finish()});
      return outcome;
    });
    if (!done) return done;
    collect(result, shown);
    if (auto written = write(result, session); !written) return written;
    return conclude(result);
  }

 private:
  void make_workers(const MaskSetup& setup, const Session& session) {
    const std::size_t max_line = setup.policy->spec().max_line_bytes;
    for (std::size_t i = 0; i < thread_count(session.flags); ++i) {
      auto worker = std::make_unique<ScanTransform>(setup.make_masker(), format_ == "lines", max_line);
      scanners_.push_back(worker.get());
      workers_.push_back(std::move(worker));
    }
  }

  stream::Outcome look_at(const TextInput& input, stream::Options options, std::size_t max_line) {
    const bool csv = format_ == "csv" || (format_ == "auto" && is_named_csv(input.path));
    std::unique_ptr<stream::Splitter> splitter;
    char delimiter = ',';
    options.max_line = max_line;
    if (csv) {
      std::array<char, 4096> beginning;
      const ssize_t seen = ::pread(input.fd, beginning.data(), beginning.size(), 0);
      delimiter = CsvEvents::guess_delimiter(
          {beginning.data(), static_cast<std::size_t>(std::max<ssize_t>(seen, 0))});
      splitter = std::make_unique<stream::CsvSplitter>(delimiter, max_line);
    } else {
      const TextForm form = format_ == "auto"   ? TextForm::detect
                            : format_ == "json" ? TextForm::documents
                                                : TextForm::lines;
      if (form != TextForm::lines) options.max_line = std::max(max_line, TextSplitter::kMaxDocument);
      splitter = std::make_unique<TextSplitter>(form, max_line);
    }
    const auto header = std::make_shared<CsvEvents::Header>();
    for (ScanTransform* scanner : scanners_) {
      std::optional<CsvEvents> rows;
      if (csv) rows.emplace(delimiter, header);
      scanner->begin_file(static_cast<std::uint32_t>(input.index), std::move(rows));
    }
    return stream::rewrite_text(std::move(splitter), workers_, options);
  }

  pii::MaskCounts counts() const {
    pii::MaskCounts all;
    for (const ScanTransform* scanner : scanners_) all += scanner->counts();
    return all;
  }

  void collect(ScanReport& result, const TextBatch::ShownName& shown) const {
    FindingTable findings;
    KidCounter kids;
    for (const ScanTransform* scanner : scanners_) {
      findings.merge(scanner->findings());
      kids.merge(scanner->kids());
    }
    result.findings = findings.by_risk();
    result.kids = kids.counts();
    for (KidCount& kid : result.kids) kid.kid = shown(kid.kid);
    const pii::MaskCounts all = counts();
    result.not_json = all.not_json;
    result.too_long = all.too_long;
    result.failed = all.failed;
  }

  Result<void> write(const ScanReport& result, const Session& session) const {
    if (!report_.empty() && !session.flags.dry_run) {
      if (auto written = write_private_file("--report", report_, to_html(result)); !written) return written;
    }
    if (!evidence_.empty() && !session.flags.dry_run) {
      if (auto written = write_private_file("--evidence", evidence_, to_evidence(result)); !written)
        return written;
    }
    const std::string out = session.flags.json ? to_json(result) : to_text(result);
    if (auto written = write_to_standard_output(out); !written) return written;
    if (session.report.json() || session.report.quiet()) return {};
    std::string summary =
        grouped(result.values()) + (result.values() == 1 ? " value" : " values") + " at " +
        grouped(result.findings.size()) + (result.findings.size() == 1 ? " place" : " places") + ", in " +
        grouped(result.events()) + (result.events() == 1 ? " event" : " events") + " of " +
        grouped(result.files.size()) + (result.files.size() == 1 ? " file" : " files") + "\n";
    if (result.too_long + result.failed != 0) {
      summary += "  not looked at: " + grouped(result.too_long) + " too long, " + grouped(result.failed) +
                 " failed\n";
    }
    write_to_standard_error(summary);
    return {};
  }

  Result<void> conclude(const ScanReport& result) const {
    if (!fail_) return {};
    const std::uint64_t found = result.values();
    if (found != 0) {
      return Error(ErrorCode::findings,
                   "personal data: " + std::to_string(found) + (found == 1 ? " value" : " values"),
                   "piictl mask replaces it");
    }
    if (result.too_long + result.failed == 0) return {};
    return Error(ErrorCode::findings, "not all of the input could be looked at",
                 "--max-line BYTES allows longer lines");
  }

  MaskFlags rules_;
  std::vector<std::string> files_;
  std::string format_ = "auto";
  std::string report_;
  std::string evidence_;
  bool fail_ = false;
  std::vector<std::unique_ptr<stream::TextTransform>> workers_;
  std::vector<ScanTransform*> scanners_;
};

}  // namespace

std::unique_ptr<Command> make_scan() { return std::make_unique<ScanCommand>(); }

}  // namespace piictl
