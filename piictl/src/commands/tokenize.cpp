#include "commands/commands.hpp"

#include <algorithm>

#include "commands/batch.hpp"
#include "commands/canonical_values.hpp"
#include "pii/tokenizer.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Result;
using Regions = std::optional<std::vector<std::string>>;

class TokenizeOperation final : public stream::ValueOperation {
 public:
  TokenizeOperation(const pii::Tokenizer& tokenizer, const std::vector<pii::FieldType>& fields,
                    const Regions& regions)
      : tokenizer_(tokenizer), fields_(fields), values_(regions) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = fields_[values.target()];
    const auto out = values.make_fixed_results(pii::kTokenV1Size);
    auto done = tokenizer_.tokenize_batch(field, values_.of(field, values.inputs()), out, values.codes());
    if (!done) return std::move(done).error();
    return {};
  }

 private:
  const pii::Tokenizer& tokenizer_;
  const std::vector<pii::FieldType>& fields_;
  CanonicalValues values_;
};

// --all: the tokens under every live key.
class TokenizeAllOperation final : public stream::ValueOperation {
 public:
  TokenizeAllOperation(const pii::Tokenizer& tokenizer, const std::vector<pii::FieldType>& fields,
                       const Regions& regions)
      : tokenizer_(tokenizer), fields_(fields), values_(regions) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = fields_[values.target()];
    const auto inputs = values_.of(field, values.inputs());
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto tokens = tokenizer_.tokenize_all(field, inputs[i]);
      if (!tokens) {
        if (tokens.error().code() != pii::ErrorCode::invalid_utf8) return std::move(tokens).error();
        values.codes()[i] = tokens.error().code();
        continue;
      }
      texts_.clear();
      for (const pii::Token& token : *tokens) texts_.push_back(token.view());
      values.set_list(i, texts_);
    }
    return {};
  }

 private:
  const pii::Tokenizer& tokenizer_;
  const std::vector<pii::FieldType>& fields_;
  CanonicalValues values_;
  std::vector<std::string_view> texts_;
};

class TokenizeCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    flags_.declare(options);
    options.add_switch("--all", all_,
                       "every live key's token, the primary's first (lines: tab, csv: space, ndjson: array)");
    canonical_.declare(options);
  }

  Result<void> run(Session& session) override {
    auto plan = plan_batch(flags_);
    if (!plan) return std::move(plan).error();
    const auto regions = canonical_.regions();
    if (!regions) return regions.error();
    auto keyset = open_keyset(pii::KeysetUsage::token, session);
    if (!keyset) return std::move(keyset).error();
    const pii::Tokenizer tokenizer(keyset->provider, keyset->environment);
    return run_batch(session, flags_, plan->format, [&]() -> std::unique_ptr<stream::ValueOperation> {
      if (all_) return std::make_unique<TokenizeAllOperation>(tokenizer, plan->fields, *regions);
      return std::make_unique<TokenizeOperation>(tokenizer, plan->fields, *regions);
    });
  }

 private:
  BatchFlags flags_;
  bool all_ = false;
  CanonicalFlags canonical_;
};

}  // namespace

std::unique_ptr<Command> make_tokenize() { return std::make_unique<TokenizeCommand>(); }

}  // namespace piictl
