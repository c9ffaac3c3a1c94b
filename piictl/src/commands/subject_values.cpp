// subject protect, reveal: what uses the keys of the store.
#include <optional>

#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/commands.hpp"
#include "commands/each_value.hpp"
#include "commands/subject_store.hpp"
#include "pii/ciphertext.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

struct Work {
  const pii::SubjectKeys& keys;
  const SubjectStore& store;
  const std::vector<pii::FieldType>& fields;
  pii::Binding binding;
};

class ProtectOperation final : public stream::ValueOperation {
 public:
  ProtectOperation(const Work& work, const pii::SubjectKey& key) : work_(work), key_(key) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    return each_value(values, [&](std::size_t i) -> Result<void> {
      const auto text = key_.protect(field, values.inputs()[i], bound_to_row(work_.binding, values, i));
      if (!text) return text.error();
      values.set(i, *text);
      return {};
    });
  }

 private:
  const Work& work_;
  const pii::SubjectKey& key_;
};

// Each ciphertext names its subject; the last one's key is kept.
class RevealOperation final : public stream::ValueOperation {
 public:
  explicit RevealOperation(const Work& work) : work_(work) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    return each_value(values, [&](std::size_t i) -> Result<void> {
      const auto value = reveal(field, values.inputs()[i], bound_to_row(work_.binding, values, i));
      if (!value) return value.error();
      values.set(i, value->expose());
      return {};
    });
  }

 private:
  Result<pii::SecretString> reveal(const pii::FieldType& field, std::string_view text, const pii::Binding& binding) {
    const auto parts = pii::parse_ciphertext(text);
    if (!parts) return parts.error();
    // A subject that was shredded looks like any other that cannot be revealed.
    const Error failed(ErrorCode::reveal_failed, "the ciphertext cannot be revealed");
    const std::string* wrapped = parts->subject().empty() ? nullptr : work_.store.find(parts->subject());
    if (wrapped == nullptr) return failed;
    if (!key_ || key_->id().text() != parts->subject()) {
      auto key = work_.keys.unwrap(*pii::SubjectId::parse(parts->subject()), *wrapped, work_.binding.tenant);
      if (!key) return std::move(key).error();
      key_.reset();
      key_.emplace(*std::move(key));
    }
    return key_->reveal(field, text, binding);
  }

  const Work& work_;
  std::optional<pii::SubjectKey> key_;
};

class SubjectValues : public Command {
 public:
  explicit SubjectValues(bool protect) : protect_(protect) {}

  void declare(OptionList& options) override {
    options.add_file("--store", store_, "FILE", "the file that keeps the wrapped keys").required = true;
    if (protect_) options.add_text("--id", id_, "ID", "the subject").required = true;
    if (!protect_) options.add_switch("--tty-ok", tty_ok_, "show revealed text on a terminal");
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
    const auto store = SubjectStore::open(store_);
    if (!store) return store.error();
    const pii::SubjectKeys keys(keyset->provider, keyset->environment);
    const Work work{keys, *store, plan->fields, *binding};
    if (!protect_) {
      if (auto shown = check_shown(session, tty_ok_); !shown) return shown;
      return run_batch(session, flags_, plan->format, [&] { return std::make_unique<RevealOperation>(work); });
    }
    const auto id = pii::SubjectId::parse(id_);
    if (!id) return id.error();
    const std::string* wrapped = store->find(id->text());
    if (wrapped == nullptr) {
      return Error(ErrorCode::no_match, "the store has no such subject", "piictl subject create makes one");
    }
    const auto key = keys.unwrap(*id, *wrapped, binding->tenant);
    if (!key) {
      return Error(key.error().code(), "subject " + id->text() + ": its wrapped key: " + key.error().message(),
                   "the reveal keyset, --env and --tenant must be those of piictl subject create");
    }
    return run_batch(session, flags_, plan->format, [&] { return std::make_unique<ProtectOperation>(work, *key); });
  }

 private:
  const bool protect_;
  BatchFlags flags_;
  BindingFlags binding_;
  std::string store_;
  std::string id_;
  bool tty_ok_ = false;
};

}  // namespace

std::unique_ptr<Command> make_subject_protect() { return std::make_unique<SubjectValues>(true); }
std::unique_ptr<Command> make_subject_reveal() { return std::make_unique<SubjectValues>(false); }

}  // namespace piictl
