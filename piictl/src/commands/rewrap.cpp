#include "commands/commands.hpp"
#include "commands/moving.hpp"
#include "keyset_summary.hpp"
#include "pii/ciphertext.hpp"
#include "pii/protector.hpp"

namespace piictl {
namespace {

using pii::Result;

class RewrapOperation final : public MovingOperation {
 public:
  RewrapOperation(const Work& work, const pii::Protector& protector, std::string_view to)
      : MovingOperation(work), protector_(protector), to_(to) {}

 private:
  Result<Made> move(const pii::FieldType& field, std::string_view old, const pii::Binding& binding,
                    stream::ValueBatch& values) override {
    constexpr std::size_t kPrefix = pii::kCiphertextV2Prefix.size();
    const auto room = values.room(pii::Protector::protected_capacity(pii::base64url_decoded_capacity(old.size())));
    const auto made = protector_.rewrap_into(field, old, room, to_, binding);
    if (!made) return made.error();
    return Made{*made, "ciphertext", (*made)[kPrefix - 2] - '0', made->substr(kPrefix, made->find(':', kPrefix) - kPrefix)};
  }

  const pii::Protector& protector_;
  const std::string_view to_;
};

class RewrapCommand final : public MovingCommand {
  std::string_view name() const override { return "rewrap"; }
  void declare_more(OptionList& options, BindingFlags&) override {
    options.add_text("--to", to_, "KID", "the key to write with; default: the primary");
  }
  Result<OpenKeyset> open(const Session& session) const override {
    return open_keyset(pii::KeysetUsage::reveal, session);
  }
  std::string target(pii::KeysetProvider& provider) const override {
    return to_.empty() ? writing_kid(*provider.cell(pii::KeysetUsage::reveal).read()) : to_;
  }
  stream::OperationFactory operations(const OpenKeyset& keysets, const pii::Binding&,
                                      const MovingOperation::Work& work) override {
    const auto protector = std::make_shared<const pii::Protector>(keysets.provider, keysets.environment);
    return [this, protector, &work] { return std::make_unique<RewrapOperation>(work, *protector, to_); };
  }

  std::string to_;
};

}  // namespace

std::unique_ptr<Command> make_rewrap() { return std::make_unique<RewrapCommand>(); }

}  // namespace piictl
