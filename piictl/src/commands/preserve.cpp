// preserve, preserve reveal: format-preserving tokens and their values.
#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/canonical_values.hpp"
#include "commands/commands.hpp"
#include "pii/format_preserver.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

struct Work {
  const pii::FormatPreserver& preserver;
  const std::vector<pii::FieldType>& fields;
  pii::Binding binding;
  bool all = false;
  std::optional<std::vector<std::string>> canonical = {};  // of --canonical; without it values stay as they are
};

bool is_of_the_row(ErrorCode code) noexcept {
  return code == ErrorCode::invalid_utf8 || code == ErrorCode::malformed_value || code == ErrorCode::malformed_token ||
         code == ErrorCode::unsupported_version || code == ErrorCode::reveal_failed;
}

class PreserveOperation final : public stream::ValueOperation {
 public:
  explicit PreserveOperation(const Work& work) : work_(work), values_(work.canonical) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    const auto inputs = values_.of(field, values.inputs());
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto done = work_.all ? make_all(values, i, field, inputs[i]) : make_one(values, i, field, inputs[i]);
      if (done) continue;
      if (!is_of_the_row(done.error().code())) return done;
      values.fail(i, done.error().code(), done.error().message());
    }
    return {};
  }

 private:
  Result<void> make_one(stream::ValueBatch& values, std::size_t i, const pii::FieldType& field, std::string_view value) {
    const auto token = work_.preserver.tokenize(field, value, work_.binding);
    if (!token) return token.error();
    values.set(i, *token);
    return {};
  }
  Result<void> make_all(stream::ValueBatch& values, std::size_t i, const pii::FieldType& field, std::string_view value) {
    const auto tokens = work_.preserver.tokenize_all(field, value, work_.binding);
    if (!tokens) return tokens.error();
    values.set_list(i, std::vector<std::string_view>(tokens->begin(), tokens->end()));
    return {};
  }

  const Work& work_;
  CanonicalValues values_;
};

class PreserveRevealOperation final : public stream::ValueOperation {
 public:
  explicit PreserveRevealOperation(const Work& work) : work_(work) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto value = work_.preserver.reveal(field, values.inputs()[i], work_.binding);
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
  const Work& work_;
};

class PreserveCommand final : public Command {
 public:
  explicit PreserveCommand(bool reveal) : reveal_(reveal) {}

  void declare(OptionList& options) override {
    flags_.declare(options);
    if (reveal_) {
      options.add_switch("--tty-ok", tty_ok_, "show revealed text on a terminal");
    } else {
      options.add_switch("--all", all_, "every live key's token, the active one's first");
      canonical_.declare(options);
    }
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
    const pii::FormatPreserver preserver(keyset->provider, keyset->environment);
    const Work work{preserver, plan->fields, *binding, all_, *regions};
    if (!reveal_) {
      return run_batch(session, flags_, plan->format, [&] { return std::make_unique<PreserveOperation>(work); });
    }
    if (!keyset->full_access) {
      return Error(ErrorCode::access_denied, "access is tokenize, which does not allow to reveal",
                   "who may read values back says --access full, or sets PII_ACCESS=full");
    }
    if (auto shown = check_shown(session, tty_ok_); !shown) return shown;
    return run_batch(session, flags_, plan->format, [&] { return std::make_unique<PreserveRevealOperation>(work); });
  }

 private:
  const bool reveal_;
  BatchFlags flags_;
  BindingFlags binding_;
  CanonicalFlags canonical_;
  bool all_ = false;
  bool tty_ok_ = false;
};

}  // namespace

std::unique_ptr<Command> make_preserve() { return std::make_unique<PreserveCommand>(false); }
std::unique_ptr<Command> make_preserve_reveal() { return std::make_unique<PreserveCommand>(true); }

}  // namespace piictl
