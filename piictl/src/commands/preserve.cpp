// preserve, preserve reveal: format-preserving tokens and their values.
#include "commands/commands.hpp"
#include "commands/each_value.hpp"
#include "commands/token_flags.hpp"
#include "pii/format_preserver.hpp"

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

class PreserveOperation final : public stream::ValueOperation {
 public:
  explicit PreserveOperation(const Work& work) : work_(work), values_(work.canonical) {}

  Result<void> apply(stream::ValueBatch& values) override {
    const pii::FieldType& field = work_.fields[values.target()];
    const auto inputs = values_.of(field, values.inputs());
    return each_value(values, [&](std::size_t i) -> Result<void> {
      auto done = work_.all ? make_all(values, i, field, inputs[i]) : make_one(values, i, field, inputs[i]);
      if (done || done.error().code() != ErrorCode::malformed_value) return done;
      values.fail(i, done.error().code(), done.error().message());  // which says what the key takes
      return {};
    });
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
    return each_value(values, [&](std::size_t i) -> Result<void> {
      const auto value = work_.preserver.reveal(field, values.inputs()[i], work_.binding);
      if (!value) return value.error();
      values.set(i, value->expose());
      return {};
    });
  }

 private:
  const Work& work_;
};

class PreserveCommand final : public Command {
 public:
  explicit PreserveCommand(bool reveal) : reveal_(reveal) {}

  void declare(OptionList& options) override {
    if (!reveal_) return flags_.declare(options, "every live key's token, the active one's first");
    flags_.batch.declare(options);
    options.add_switch("--tty-ok", tty_ok_, "show revealed text on a terminal");
    flags_.binding.declare_token(options);
  }

  Result<void> run(Session& session) override {
    auto run = flags_.open(session);
    if (!run) return std::move(run).error();
    const pii::FormatPreserver preserver(run->keyset.provider, run->keyset.environment);
    const Work work{preserver, run->plan.fields, run->binding, flags_.all, run->canonical};
    if (!reveal_) {
      return run_batch(session, flags_.batch, run->plan.format, [&] { return std::make_unique<PreserveOperation>(work); });
    }
    if (!run->keyset.full_access) {
      return Error(ErrorCode::access_denied, "access is tokenize, which does not allow to reveal",
                   "who may read values back says --access full, or sets PII_ACCESS=full");
    }
    if (auto shown = check_shown(session, tty_ok_); !shown) return shown;
    return run_batch(session, flags_.batch, run->plan.format, [&] { return std::make_unique<PreserveRevealOperation>(work); });
  }

 private:
  const bool reveal_;
  TokenFlags flags_;
  bool tty_ok_ = false;
};

}  // namespace

std::unique_ptr<Command> make_preserve() { return std::make_unique<PreserveCommand>(false); }
std::unique_ptr<Command> make_preserve_reveal() { return std::make_unique<PreserveCommand>(true); }

}  // namespace piictl
