#include <optional>

#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/checkpoint.hpp"
#include "commands/commands.hpp"
#include "commands/moving.hpp"
#include "keyset_summary.hpp"
#include "pii/ciphertext.hpp"
#include "pii/protector.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Result;

struct Work {
  const pii::Protector& protector;
  const std::vector<pii::FieldType>& fields;
  pii::Binding binding;
  std::string_view to;
  KidTable& kids;
};

class RewrapOperation final : public stream::ValueOperation {
 public:
  explicit RewrapOperation(const Work& work) : work_(work), kids_(work.kids) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string_view old = values.inputs()[i];
      const auto room = values.room(pii::Protector::protected_capacity(pii::base64url_decoded_capacity(old.size())));
      const auto parts = pii::parse_ciphertext(old);
      const auto made = work_.protector.rewrap_into(field, old, room, work_.to, bound_to_row(work_.binding, values, i));
      if (!made && !is_of_the_row(made.error().code())) return made.error();
      if (made) {
        values.set(i, *made);
      } else {
        values.codes()[i] = made.error().code();
      }
      if (parts) note(values, i, *parts, made ? *made : std::string_view());
    }
    return {};
  }

 private:
  void note(stream::ValueBatch& values, std::size_t i, const pii::CiphertextParts& old, std::string_view made) {
    const std::uint32_t seen = KidTable::seen_slot(kids_.of_ciphertext(old.version, old.kid));
    if (made.empty()) return values.note(i, seen, stream::ValueBatch::kNoSlot);
    const std::string_view kid = made.substr(kPrefix, made.find(':', kPrefix) - kPrefix);
    values.note(i, seen, KidTable::made_slot(kids_.of_rewrapped(made[kPrefix - 2] - '0', kid)));
  }

  static constexpr std::size_t kPrefix = pii::kCiphertextV2Prefix.size();

  const Work& work_;
  KidNumbers kids_;
};

class RewrapCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    flags_.declare(options);
    binding_.declare_ciphertext(options, flags_);
    options.add_text("--to", to_, "KID", "the key to write with; default: the primary");
    declare_checkpoint(options, checkpoint_);
  }

  Result<void> run(Session& session) override {
    auto plan = plan_batch(flags_);
    if (!plan) return std::move(plan).error();
    const auto binding = binding_.binding(flags_);
    if (!binding) return binding.error();
    auto keyset = open_keyset(pii::KeysetUsage::reveal, session);
    if (!keyset) return std::move(keyset).error();
    const pii::Protector protector(keyset->provider, keyset->environment);
    KidTable kids;
    const Work work{protector, plan->fields, *binding, to_, kids};
    const std::string told = plan_text(flags_, binding_, {keyset->environment.name()});
    const pii::Keyset& keys = *keyset->provider->cell(pii::KeysetUsage::reveal).read();
    const std::string to = to_.empty() ? writing_kid(keys) : to_;
    return run_moving(session, {"rewrap", checkpoint_, told, to}, flags_, plan->format, kids,
                      [&] { return std::make_unique<RewrapOperation>(work); });
  }

 private:
  BatchFlags flags_;
  BindingFlags binding_;
  std::string to_;
  std::string checkpoint_;
};

}  // namespace

std::unique_ptr<Command> make_rewrap() { return std::make_unique<RewrapCommand>(); }

}  // namespace piictl
