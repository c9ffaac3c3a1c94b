// subject protect, reveal: what uses the keys of the store.
#include <optional>

#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/commands.hpp"
#include "commands/moving.hpp"
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
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto text = key_.protect(field, values.inputs()[i], bound_to_row(work_.binding, values, i));
      if (text) {
        values.set(i, *text);
      } else if (is_of_the_row(text.error().code())) {
        values.codes()[i] = text.error().code();
      } else {
        return text.error();
      }
    }
    return {};
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
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto value = reveal(field, values.inputs()[i], bound_to_row(work_.binding, values, i));
      if (value) {
        values.set(i, value->expose());
      } else if (is_of_the_row(value.error().code())) {
        values.codes()[i] = value.error().code();
      } else {
        return value.error();
      }
    }
    return {};
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
    if (!key) return key.error();
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
