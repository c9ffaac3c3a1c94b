#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/commands.hpp"
#include "commands/moving.hpp"
#include "keyset_summary.hpp"
#include "pii/ciphertext.hpp"
#include "pii/protector.hpp"
#include "pii/tokenizer.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

struct Work {
  const pii::Protector& protector;
  const pii::Tokenizer& tokenizer;
  const std::vector<pii::FieldType>& fields;
  pii::Binding ciphertexts;
  pii::Binding tokens;
  KidTable& kids;
};

class RetokenizeOperation final : public stream::ValueOperation {
 public:
  explicit RetokenizeOperation(const Work& work) : work_(work), kids_(work.kids) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string_view old = values.inputs()[i];
      const auto parts = pii::parse_ciphertext(old);
      const std::uint32_t seen = parts ? KidTable::seen_slot(kids_.of_ciphertext(parts->version, parts->kid))
                                       : stream::ValueBatch::kNoSlot;
      const auto token = retokenize(field, old, bound_to_row(work_.ciphertexts, values, i));
      if (!token && !is_of_the_row(token.error().code())) return token.error();
      if (token) {
        values.set(i, token->view());
        values.note(i, seen, KidTable::made_slot(kids_.of_token(token->version(), token->kid())));
      } else {
        values.codes()[i] = token.error().code();
        values.note(i, seen, stream::ValueBatch::kNoSlot);
      }
    }
    return {};
  }

 private:
  Result<pii::Token> retokenize(const pii::FieldType& field, std::string_view old, const pii::Binding& binding) const {
    const auto value = work_.protector.reveal(field, old, pii::Base64Mode::strict, binding);
    if (!value) return value.error();
    return work_.tokenizer.tokenize(field, value->expose(), work_.tokens);
  }

  const Work& work_;
  KidNumbers kids_;
};

class RetokenizeCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    flags_.declare(options);
    binding_.declare_ciphertext(options, flags_);
    options.add_text("--norm", binding_.normalizer, "RULE",
                     "version 2 tokens: the normalizer, if not that of the field type");
    declare_checkpoint(options, checkpoint_);
  }

  Result<void> run(Session& session) override {
    auto plan = plan_batch(flags_);
    if (!plan) return std::move(plan).error();
    const auto binding = binding_.binding(flags_);
    if (!binding) return binding.error();
    auto keysets = open_keysets(session);
    if (!keysets) return std::move(keysets).error();
    if (!keysets->has_reveal) {
      return Error(ErrorCode::access_denied, "retokenize reveals, and this process has no reveal keyset",
                   "set PII_ACCESS=full and PII_REVEAL_KEYSET_PATH, or give --access full and --reveal-keyset");
    }
    const pii::Protector protector(keysets->provider, keysets->environment);
    const pii::Tokenizer tokenizer(keysets->provider, keysets->environment);
    KidTable kids;
    // A version 1 token binds no tenant, a version 1 ciphertext neither; a token never binds a record.
    const pii::Binding of_token{binding->tenant, {}, {}, binding->normalizer};
    const pii::Binding of_ciphertext{binding->tenant, binding->record, {}, {}};
    const Work work{protector, tokenizer, plan->fields, of_ciphertext, of_token, kids};
    const std::string told = plan_text(flags_, binding_, {keysets->environment.name()});
    const std::string to = writing_kid(*keysets->provider->cell(pii::KeysetUsage::token).read());
    return run_moving(session, {"retokenize", checkpoint_, told, to}, flags_, plan->format, kids,
                      [&] { return std::make_unique<RetokenizeOperation>(work); });
  }

 private:
  BatchFlags flags_;
  BindingFlags binding_;
  std::string checkpoint_;
};

}  // namespace

std::unique_ptr<Command> make_retokenize() { return std::make_unique<RetokenizeCommand>(); }

}  // namespace piictl
