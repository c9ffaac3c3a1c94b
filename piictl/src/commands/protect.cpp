#include "pii/protector.hpp"

#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/commands.hpp"
#include "commands/each_value.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Result;

class ProtectOperation final : public stream::ValueOperation {
 public:
  ProtectOperation(const pii::Protector& protector, const std::vector<pii::FieldType>& fields,
                   const pii::Binding& binding)
      : protector_(protector), fields_(fields), binding_(binding) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = fields_[values.target()];
    return each_value(values, [&](std::size_t i) -> Result<void> {
      const std::string_view value = values.inputs()[i];
      const auto room = values.room(pii::Protector::protected_capacity(value.size()));
      const auto ciphertext = protector_.protect_into(field, value, room, bound_to_row(binding_, values, i));
      if (!ciphertext) return ciphertext.error();
      values.set(i, *ciphertext);
      return {};
    });
  }

 private:
  const pii::Protector& protector_;
  const std::vector<pii::FieldType>& fields_;
  const pii::Binding& binding_;
};

class ProtectCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    flags_.declare(options);
    binding_.declare_ciphertext(options, flags_);
  }

  Result<void> run(Session& session) override {
    auto plan = plan_batch(flags_);
    if (!plan) return std::move(plan).error();
    const auto binding = binding_.binding(flags_);
    if (!binding) return binding.error();
    auto keyset = open_keyset(pii::KeysetUsage::reveal, session);
    if (!keyset) return std::move(keyset).error();
    const pii::Protector protector(keyset->provider, keyset->environment);
    return run_batch(session, flags_, plan->format,
                     [&] { return std::make_unique<ProtectOperation>(protector, plan->fields, *binding); });
  }

 private:
  BatchFlags flags_;
  BindingFlags binding_;
};

}  // namespace

std::unique_ptr<Command> make_protect() { return std::make_unique<ProtectCommand>(); }

}  // namespace piictl
