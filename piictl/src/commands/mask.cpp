#include <unistd.h>

#include <algorithm>

#include "commands/commands.hpp"
#include "commands/mask_setup.hpp"
#include "commands/mask_summary.hpp"
#include "commands/mask_transform.hpp"
#include "commands/text_batch.hpp"
#include "output.hpp"
#include "private_file.hpp"
#include "report.hpp"
#include "stream/text_splitter.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using stream::TextForm;
using stream::TextSplitter;

class MaskCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_list("FILE", files_, "", "files to mask; standard input when there is none").is_file =
        true;
    rules_.declare(options);
    options
        .add_text("--format", format_, "FORMAT",
                  "auto (default), ndjson (an event a line), json (texts that span lines) or text")
        .choices = {"auto", "ndjson", "json", "text"};
    options.add_switch("--check", check_, "write nothing; exit code 8 when something was found");
    options.add_file("--stats", stats_, "FILE", "write the counts there as JSON, mode 0600");
  }

  Result<void> run(Session& session) override {
    auto setup = make_mask_setup(rules_, session);
    if (!setup) return std::move(setup).error();
    if (!stats_.empty() && setup->policy->spec().stats == Stats::off) {
      return Error(ErrorCode::usage, "--stats is given, and the policy lets nothing be told (stats: off)",
                   "leave --stats out, or let the policy say stats: { level: counts }");
    }
    const std::size_t max_line = setup->policy->spec().max_line_bytes;
    std::vector<std::unique_ptr<stream::TextTransform>> workers;
    std::vector<const MaskTransform*> counters;
    for (std::size_t i = 0; i < thread_count(session.flags); ++i) {
      auto worker = std::make_unique<MaskTransform>(*setup, format_ == "text", max_line);
      counters.push_back(worker.get());
      workers.push_back(std::move(worker));
    }
    pii::Masker names = setup->make_masker();
    const int output = check_ || session.flags.dry_run ? -1 : STDOUT_FILENO;
    TextBatch batch(session, files_, output, [&](std::string_view name) { return shown_name(names, name); });
    const TextForm form = format_ == "auto"   ? TextForm::detect
                          : format_ == "json" ? TextForm::documents
                                              : TextForm::lines;
    const auto done = batch.run([&](const TextInput&, stream::Options options) {
      options.max_line = form == TextForm::lines ? max_line : std::max(max_line, TextSplitter::kMaxDocument);
      return stream::rewrite_text(std::make_unique<TextSplitter>(form, max_line), workers, options);
    });
    const auto policy = setup->followed ? setup->followed->current() : setup->policy;
    const pii::PolicySpec& spec = policy->spec();
    const MaskSummary summary = summary_of(counters, spec);
    if (!done && summary.counts.events == 0) return done;
    const auto told = spec.stats == Stats::off ? Result<void>() : tell(summary, session);
    if (!done) return done;
    return told ? conclude(summary.counts) : told;
  }

 private:
  using Stats = pii::PolicySpec::Stats;

  static MaskSummary summary_of(const std::vector<const MaskTransform*>& counters, const pii::PolicySpec& spec) {
    MaskSummary summary;
    FindingTable places;
    for (const MaskTransform* counter : counters) {
      summary.counts += counter->counts();
      places.merge(counter->places());
    }
    if (spec.stats != Stats::paths) return summary;
    summary.places = places.by_risk();
    std::ranges::stable_sort(*summary.places, std::ranges::greater(), &ScanFinding::count);
    summary.rate = spec.report_rate;
    return summary;
  }

  Result<void> tell(const MaskSummary& summary, const Session& session) const {
    if (session.report.json()) {
      write_to_standard_error(to_json(summary));
    } else if (!session.report.quiet()) {
      write_to_standard_error(to_text(summary));
    }
    if (stats_.empty() || session.flags.dry_run) return {};
    return write_private_file("--stats", stats_, to_json(summary));
  }

  // What could not be looked at may hold anything.
  Result<void> conclude(const pii::MaskCounts& counts) const {
    const std::uint64_t found = counts.findings();
    if (!check_ || found + counts.too_long + counts.failed == 0) return {};
    if (found == 0) {
      return Error(ErrorCode::findings, "not all of the input could be looked at",
                   "--max-line BYTES allows longer lines");
    }
    return Error(ErrorCode::findings,
                 "personal data: " + std::to_string(found) + (found == 1 ? " value" : " values"),
                 "piictl scan says where; piictl mask without --check replaces it");
  }

  MaskFlags rules_;
  std::vector<std::string> files_;
  std::string format_ = "auto";
  std::string stats_;
  bool check_ = false;
};

}  // namespace

std::unique_ptr<Command> make_mask() { return std::make_unique<MaskCommand>(); }

}  // namespace piictl
