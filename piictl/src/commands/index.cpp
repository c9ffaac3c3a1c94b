#include "commands/commands.hpp"
#include "commands/each_value.hpp"
#include "commands/token_flags.hpp"
#include "pii/blind_index.hpp"
#include "pii/tokenizer.hpp"

namespace piictl {
namespace {

using pii::Result;

// What all operations of this command work with.
struct Work {
  const pii::Tokenizer& tokenizer;
  const std::vector<pii::FieldType>& fields;
  pii::Binding binding;
  unsigned bits;
  bool all;
  std::optional<std::vector<std::string>> canonical;  // of --canonical; without it values stay as they are
};

class IndexOperation final : public stream::ValueOperation {
 public:
  explicit IndexOperation(const Work& work) : work_(work), values_(work.canonical) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    const auto inputs = values_.of(field, values.inputs());
    return each_value(values, [&](std::size_t i) {
      return work_.all ? index_all(values, i, field, inputs[i]) : index_one(values, i, field, inputs[i]);
    });
  }

 private:
  Result<void> index_one(stream::ValueBatch& values, std::size_t i, const pii::FieldType& field,
                         std::string_view value) {
    const auto index = work_.tokenizer.index(field, value, work_.binding, work_.bits);
    if (!index) return index.error();
    values.set(i, index->view());
    return {};
  }

  Result<void> index_all(stream::ValueBatch& values, std::size_t i, const pii::FieldType& field,
                         std::string_view value) {
    const auto indexes = work_.tokenizer.index_all(field, value, work_.binding, work_.bits);
    if (!indexes) return indexes.error();
    texts_.clear();
    for (const pii::BlindIndex& index : *indexes) texts_.push_back(index.view());
    values.set_list(i, texts_);
    return {};
  }

  const Work& work_;
  CanonicalValues values_;
  std::vector<std::string_view> texts_;
};

class IndexCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& bits = options.add_number("--bits", bits_, "N", "how many bits; default: as many as the key allows");
    bits.minimum = pii::kMinIndexBits;
    bits.maximum = pii::kMaxIndexBits;
    flags_.declare(options, "the index under every live index key, the active one's first");
  }

  Result<void> run(Session& session) override {
    auto run = flags_.open(session);
    if (!run) return std::move(run).error();
    const pii::Tokenizer tokenizer(run->keyset.provider, run->keyset.environment);
    const Work work{tokenizer, run->plan.fields, run->binding, static_cast<unsigned>(bits_), flags_.all, run->canonical};
    return run_batch(session, flags_.batch, run->plan.format, [&] { return std::make_unique<IndexOperation>(work); });
  }

 private:
  TokenFlags flags_;
  std::uint64_t bits_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_index() { return std::make_unique<IndexCommand>(); }

}  // namespace piictl
