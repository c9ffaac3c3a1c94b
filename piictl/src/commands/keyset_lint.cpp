
#include "commands/commands.hpp"
#include "keyset_change.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "pii/keyset_document.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

class KeysetLintCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
  }

  Result<void> run(Session& session) override {
    const auto document = read_keyset_document(session, file_);
    if (!document) return document.error();
    const auto findings = pii::lint_keyset_document(*document);
    if (!findings) return at_path(file_, findings.error());

    std::string out;
    Json list = Json::array();
    for (const pii::LintFinding& finding : *findings) {
      const std::string where = finding.kid.empty() ? "keyset" : "key " + finding.kid;
      out += printable(where + ": " + finding.message) + "\n    " + printable(finding.hint) + "\n";
      list.push_back({{"kid", finding.kid}, {"message", finding.message}, {"hint", finding.hint}});
    }
    if (session.flags.json) out = to_json_line({{"findings", std::move(list)}});
    if (auto written = write_to_standard_output(out); !written) return written;
    if (findings->empty()) return {};
    return Error(
        ErrorCode::findings,
        file_ + ": " + std::to_string(findings->size()) + (findings->size() == 1 ? " finding" : " findings"),
        "each finding says what to do");
  }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_lint() { return std::make_unique<KeysetLintCommand>(); }

}  // namespace piictl
