
#include "audit_log.hpp"
#include "commands/commands.hpp"
#include "output.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

class AuditVerifyCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_file("FILE", file_, "", "an audit log, as --audit-log FILE writes it");
    options.add_text("--head", head_, "HASH",
                     "the hash that the last line must have, from a copy kept elsewhere");
  }

  Result<void> run(Session& session) override {
    const auto summary = verify_audit_log(file_);
    if (!summary) return summary.error();
    const std::string out =
        session.flags.json ? to_json_line({{"lines", summary->lines}, {"head", summary->last_hash}})
                           : std::to_string(summary->lines) + (summary->lines == 1 ? " line" : " lines") +
                                 ", head " + summary->last_hash + "\n";
    if (auto written = write_to_standard_output(out); !written) return written;
    if (head_.empty() || head_ == summary->last_hash) return {};
    return Error(ErrorCode::findings, file_ + ": its last line has another hash",
                 "lines were cut off at the end, or written since that hash was kept");
  }

 private:
  std::string file_;
  std::string head_;
};

}  // namespace

std::unique_ptr<Command> make_audit_verify() { return std::make_unique<AuditVerifyCommand>(); }

}  // namespace piictl
