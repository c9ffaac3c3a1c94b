#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "pii/keyset_document.hpp"
#include "report.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

class KeysetLintCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& file = options.add_text("FILE", file_, "", "the keyset file, or vault:PATH");
    file.required = true;
    file.is_file = true;
  }

  Result<void> run(Session& session) override {
    const auto document = read(session);
    if (!document) return document.error();
    const auto findings = pii::lint_keyset_document(*document);
    if (!findings) return at_path(file_, findings.error());

    std::string out;
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
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
  Result<pii::SecretBytes> read(const Session& session) const {
    if (!is_in_vault(file_)) return read_small_file(file_);
    const auto vault = open_vault(session);
    if (!vault) return vault.error();
    auto secret = vault->client->read(vault_path(file_));
    if (!secret) return std::move(secret).error();
    return std::move(secret->document);
  }

  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_lint() { return std::make_unique<KeysetLintCommand>(); }

}  // namespace piictl
