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
    options.add_text("--stats", stats_, "FILE", "write the counts there as JSON, mode 0600").is_file = true;
  }

  Result<void> run(Session& session) override {
    auto setup = make_mask_setup(rules_, session);
    if (!setup) return std::move(setup).error();
    const std::size_t max_line = setup->policy->spec().max_line_bytes;
    std::vector<std::unique_ptr<stream::TextTransform>> workers;
    std::vector<const MaskTransform*> counters;
    for (std::size_t i = 0; i < thread_count(session.flags); ++i) {
      auto worker = std::make_unique<MaskTransform>(setup->make_masker(), format_ == "text", max_line);
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
    pii::MaskCounts counts;
    for (const MaskTransform* counter : counters) counts += counter->counts();
    if (!done && counts.events == 0) return done;
    const auto told = tell(counts, session);
    if (!done) return done;
    return told ? conclude(counts) : told;
  }

 private:
  Result<void> tell(const pii::MaskCounts& counts, const Session& session) const {
    if (session.report.json()) {
      write_to_standard_error(to_json(counts));
    } else if (!session.report.quiet()) {
      write_to_standard_error(to_text(counts));
    }
    if (stats_.empty() || session.flags.dry_run) return {};
    return write_private_file("--stats", stats_, to_json(counts));
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
