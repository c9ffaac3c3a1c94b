#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/commands.hpp"
#include "commands/each_value.hpp"
#include "pii/base64url.hpp"
#include "pii/protector.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

class RevealOperation final : public stream::ValueOperation {
 public:
  RevealOperation(const pii::Protector& protector, const std::vector<pii::FieldType>& fields,
                  pii::Base64Mode mode, const pii::Binding& binding)
      : protector_(protector), fields_(fields), mode_(mode), binding_(binding) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = fields_[values.target()];
    return each_value(values, [&](std::size_t i) -> Result<void> {
      const std::string_view ciphertext = values.inputs()[i];
      const auto room = values.room(pii::base64url_decoded_capacity(ciphertext.size()));
      const auto value = protector_.reveal_into(field, ciphertext, room, mode_, bound_to_row(binding_, values, i));
      if (!value) return value.error();
      values.set(i, *value);
      return {};
    });
  }

 private:
  const pii::Protector& protector_;
  const std::vector<pii::FieldType>& fields_;
  pii::Base64Mode mode_;
  const pii::Binding& binding_;
};

class RevealCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    flags_.declare(options);
    binding_.declare_ciphertext(options, flags_);
    options.add_switch("--tty-ok", tty_ok_, "show revealed text on a terminal");
    options.add_switch("--lenient", lenient_, "also read what ecsctx reads: loose base64, any version text");
  }

  Result<void> run(Session& session) override {
    auto plan = plan_batch(flags_);
    if (!plan) return std::move(plan).error();
    const auto binding = binding_.binding(flags_);
    if (!binding) return binding.error();
    auto keyset = open_keyset(pii::KeysetUsage::reveal, session);
    if (!keyset) return std::move(keyset).error();
    if (auto shown = check_shown(session, tty_ok_); !shown) return shown;
    const pii::Protector protector(keyset->provider, keyset->environment);
    const auto mode = lenient_ ? pii::Base64Mode::lenient : pii::Base64Mode::strict;
    return run_batch(session, flags_, plan->format,
                     [&] { return std::make_unique<RevealOperation>(protector, plan->fields, mode, *binding); });
  }

 private:
  BatchFlags flags_;
  BindingFlags binding_;
  bool tty_ok_ = false;
  bool lenient_ = false;
};

}  // namespace

std::unique_ptr<Command> make_reveal() { return std::make_unique<RevealCommand>(); }

}  // namespace piictl
