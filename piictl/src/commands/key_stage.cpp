#include "commands/commands.hpp"
#include "input.hpp"
#include "keyset_change.hpp"
#include "new_key.hpp"
#include "pii/key_import.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::KeysetDraft;
using pii::Result;
using pii::Seconds;

class KeyStageCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options.add_text("KID", kid_, "", "the new key's id (default: the primary's with its number raised)");
    new_key_.declare(options);
  }

  Result<void> run(Session& session) override {
    return take_step(session, file_, {}, [this](KeysetDraft& draft, Seconds now) -> Result<StepResult> {
      auto kid = new_key_.stage(draft.record(), kid_, now);
      if (!kid) return std::move(kid).error();
      return StepResult{"stage", *std::move(kid)};
    });
  }

 private:
  std::string file_;
  std::string kid_;
  NewKeyFlags new_key_;
};

// What is no key has no better advice of its own.
Error with_hint(const Error& error) {
  if (!error.hint().empty()) return error;
  return Error(error.code(), error.message(),
               "--key-format says how it is written: raw, base64, hex, jwk or tink; piictl key stage makes a key of its own");
}

// A key from elsewhere, staged like any other.
class KeyImportCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options.add_text("KID", kid_, "", "the key's id here (default: as for key stage)");
    options
        .add_text("--key-format", format_, "FORMAT",
                  "raw bytes (default), base64, hex, jwk (oct), or tink (JSON)")
        .choices = {"raw", "base64", "hex", "jwk", "tink"};
    input_.declare(options);
    new_key_.declare(options);
  }

  Result<void> run(Session& session) override {
    const auto input = open_input(input_);
    if (!input) return input.error();
    const auto text = read_key(*input);
    if (!text) return text.error();
    auto imported = pii::import_key(*text, *pii::parse_key_format(format_));
    if (!imported) return with_hint(imported.error());
    NewKeyFlags new_key = new_key_;
    if (new_key.algorithm.empty() && imported->algorithm) new_key.algorithm = to_string(*imported->algorithm);
    return take_step(session, file_, {}, [&](KeysetDraft& draft, Seconds now) -> Result<StepResult> {
      auto kid = new_key.stage(draft.record(), kid_, now);
      if (!kid) return std::move(kid).error();
      auto given = draft.set_key(*kid, pii::SecretBytes::copy_of(imported->key.expose()));
      if (!given) return Error(given.error().code(), "the key that is imported: " + given.error().message(),
                              with_hint(given.error()).hint());
      return StepResult{"import", *std::move(kid)};
    });
  }

 private:
  // Raw bytes as they are, and texts up to the end.
  Result<pii::SecretBytes> read_key(const Input& input) const {
    constexpr std::size_t kMost = 64 * 1024;
    return read_bytes(input, kMost);
  }

  std::string file_;
  std::string kid_;
  std::string format_ = "raw";
  InputFlags input_;
  NewKeyFlags new_key_;
};

}  // namespace

std::unique_ptr<Command> make_key_stage() { return std::make_unique<KeyStageCommand>(); }
std::unique_ptr<Command> make_key_import() { return std::make_unique<KeyImportCommand>(); }

}  // namespace piictl
