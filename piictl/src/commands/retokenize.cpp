#include "commands/commands.hpp"
#include "commands/moving.hpp"
#include "keyset_summary.hpp"
#include "pii/protector.hpp"
#include "pii/tokenizer.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

struct Engines {
  pii::Protector protector;
  pii::Tokenizer tokenizer;
  pii::Binding tokens;
};

class RetokenizeOperation final : public MovingOperation {
 public:
  RetokenizeOperation(const Work& work, const Engines& engines) : MovingOperation(work), engines_(engines) {}

 private:
  Result<Made> move(const pii::FieldType& field, std::string_view old, const pii::Binding& binding,
                    stream::ValueBatch&) override {
    const auto value = engines_.protector.reveal(field, old, pii::Base64Mode::strict, binding);
    if (!value) return value.error();
    const auto token = engines_.tokenizer.tokenize(field, value->expose(), engines_.tokens);
    if (!token) return token.error();
    token_ = *token;
    return Made{token_.view(), "token", token_.version(), token_.kid()};
  }

  const Engines& engines_;
  pii::Token token_;
};

class RetokenizeCommand final : public MovingCommand {
  std::string_view name() const override { return "retokenize"; }
  void declare_more(OptionList& options, BindingFlags& binding) override {
    options.add_text("--norm", binding.normalizer, "RULE",
                     "version 2 tokens: the normalizer, if not that of the field type");
  }
  Result<OpenKeyset> open(const Session& session) const override {
    auto keysets = open_keysets(session);
    if (!keysets || keysets->has_reveal) return keysets;
    return Error(ErrorCode::access_denied, "retokenize reveals, and this process has no reveal keyset",
                 "set PII_ACCESS=full and PII_REVEAL_KEYSET_PATH, or give --access full and --reveal-keyset");
  }
  std::string target(pii::KeysetProvider& provider) const override {
    return writing_kid(*provider.cell(pii::KeysetUsage::token).read());
  }
  stream::OperationFactory operations(const OpenKeyset& keysets, const pii::Binding& binding,
                                      const MovingOperation::Work& work) override {
    // A version 1 token binds no tenant, a version 1 ciphertext neither; a token never binds a record.
    const auto engines = std::make_shared<const Engines>(
        Engines{pii::Protector(keysets.provider, keysets.environment), pii::Tokenizer(keysets.provider, keysets.environment),
                {binding.tenant, {}, {}, binding.normalizer}});
    return [engines, &work] { return std::make_unique<RetokenizeOperation>(work, *engines); };
  }
};

}  // namespace

std::unique_ptr<Command> make_retokenize() { return std::make_unique<RetokenizeCommand>(); }

}  // namespace piictl
