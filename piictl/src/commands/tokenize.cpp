#include "commands/commands.hpp"

#include <algorithm>

#include "commands/each_value.hpp"
#include "commands/token_flags.hpp"
#include "pii/tokenizer.hpp"

namespace piictl {
namespace {

using pii::Result;
using Regions = std::optional<std::vector<std::string>>;

// What all operations of this command work with.
struct Work {
  const pii::Tokenizer& tokenizer;
  const std::vector<pii::FieldType>& fields;
  pii::Binding binding;
  Regions canonical;  // of --canonical; without it values stay as they are
};

// Version 1: all tokens have one size and are written where they will stand.
class TokenizeOperation final : public stream::ValueOperation {
 public:
  explicit TokenizeOperation(const Work& work) : work_(work), values_(work.canonical) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    const auto out = values.make_fixed_results(pii::kTokenV1Size);
    auto done = work_.tokenizer.tokenize_batch(field, values_.of(field, values.inputs()), out, values.codes());
    if (!done) return std::move(done).error();
    return {};
  }

 private:
  const Work& work_;
  CanonicalValues values_;
};

// Either version.
class TokenizeBoundOperation final : public stream::ValueOperation {
 public:
  explicit TokenizeBoundOperation(const Work& work) : work_(work), values_(work.canonical) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    tokens_.resize(values.size());
    auto done = work_.tokenizer.tokenize_batch(field, values_.of(field, values.inputs()), tokens_, values.codes(),
                                               work_.binding);
    if (!done) return std::move(done).error();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values.codes()[i] == pii::ErrorCode::ok) values.set(i, tokens_[i].view());
    }
    return {};
  }

 private:
  const Work& work_;
  CanonicalValues values_;
  std::vector<pii::Token> tokens_;
};

// --all: the tokens under every live key.
class TokenizeAllOperation final : public stream::ValueOperation {
 public:
  explicit TokenizeAllOperation(const Work& work) : work_(work), values_(work.canonical) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    const auto inputs = values_.of(field, values.inputs());
    return each_value(values, [&](std::size_t i) -> Result<void> {
      const auto tokens = work_.tokenizer.tokenize_all(field, inputs[i], work_.binding);
      if (!tokens) return tokens.error();
      texts_.clear();
      for (const pii::Token& token : *tokens) texts_.push_back(token.view());
      values.set_list(i, texts_);
      return {};
    });
  }

 private:
  const Work& work_;
  CanonicalValues values_;
  std::vector<std::string_view> texts_;
};

class TokenizeCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    flags_.declare(options, "every live key's token, the primary's first (lines: tab, csv: space, ndjson: array)");
  }

  Result<void> run(Session& session) override {
    auto run = flags_.open(session);
    if (!run) return std::move(run).error();
    const pii::Tokenizer tokenizer(run->keyset.provider, run->keyset.environment);
    const Work work{tokenizer, run->plan.fields, run->binding, run->canonical};
    const pii::Keyset* keys = run->keyset.provider->cell(pii::KeysetUsage::token).read();
    const bool plain = keys->policy().write_version == 1 && run->binding.tenant.empty() && !run->binding.normalizer;
    return run_batch(session, flags_.batch, run->plan.format, [&]() -> std::unique_ptr<stream::ValueOperation> {
      if (flags_.all) return std::make_unique<TokenizeAllOperation>(work);
      if (plain) return std::make_unique<TokenizeOperation>(work);
      return std::make_unique<TokenizeBoundOperation>(work);
    });
  }

 private:
  TokenFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_tokenize() { return std::make_unique<TokenizeCommand>(); }

}  // namespace piictl
