
#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/canonical_values.hpp"
#include "commands/commands.hpp"
#include "pii/blind_index.hpp"
#include "pii/tokenizer.hpp"
#include "settings.hpp"

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
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (auto made = work_.all ? index_all(values, i, field, inputs[i]) : index_one(values, i, field, inputs[i]);
          !made) {
        if (!is_of_the_row(made.error().code())) return made;
        values.codes()[i] = made.error().code();
      }
    }
    return {};
  }

 private:
  static bool is_of_the_row(pii::ErrorCode code) {
    return code == pii::ErrorCode::invalid_utf8 || code == pii::ErrorCode::malformed_value;
  }

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
    flags_.declare(options);
    OptionSpec& bits = options.add_number("--bits", bits_, "N", "how many bits; default: as many as the key allows");
    bits.minimum = pii::kMinIndexBits;
    bits.maximum = pii::kMaxIndexBits;
    options.add_switch("--all", all_, "the index under every live index key, the active one's first");
    canonical_.declare(options);
    binding_.declare_token(options);
  }

  Result<void> run(Session& session) override {
    auto plan = plan_batch(flags_);
    if (!plan) return std::move(plan).error();
    const auto binding = binding_.binding();
    if (!binding) return binding.error();
    const auto regions = canonical_.regions();
    if (!regions) return regions.error();
    auto keyset = open_keyset(pii::KeysetUsage::token, session);
    if (!keyset) return std::move(keyset).error();
    const pii::Tokenizer tokenizer(keyset->provider, keyset->environment);
    const Work work{tokenizer, plan->fields, *binding, static_cast<unsigned>(bits_), all_, *regions};
    return run_batch(session, flags_, plan->format, [&] { return std::make_unique<IndexOperation>(work); });
  }

 private:
  BatchFlags flags_;
  BindingFlags binding_;
  std::uint64_t bits_ = 0;
  bool all_ = false;
  CanonicalFlags canonical_;
};

}  // namespace

std::unique_ptr<Command> make_index() { return std::make_unique<IndexCommand>(); }

}  // namespace piictl
