
#include "commands/binding_flags.hpp"
#include "commands/canonical_values.hpp"
#include "commands/commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "pii/tokenizer.hpp"
#include "report.hpp"
#include "settings.hpp"
#include "stream/batch.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

class MatchCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_text("-f,--field", field_, "FIELD", "the kind of value").required = true;
    options.add_text("--token", token_, "TOKEN", "the token to compare with").required = true;
    canonical_.declare(options);
    binding_.declare_token(options);
    input_.declare(options);
    options.add_number("--max-line", max_value_, "BYTES", "a longer value is refused (default 16 MiB)")
        .minimum = 1;
  }

  Result<void> run(Session& session) override {
    auto field = pii::FieldType::make(field_);
    if (!field) return std::move(field).error();
    auto token = pii::Token::parse(token_);
    if (!token) return std::move(token).error();
    auto regions = canonical_.regions();
    if (!regions) return std::move(regions).error();
    const auto binding = binding_.binding();
    if (!binding) return binding.error();
    auto keyset = open_keyset(pii::KeysetUsage::token, session);
    if (!keyset) return std::move(keyset).error();
    auto input = open_input(input_);
    if (!input) return std::move(input).error();
    auto value = read_value(*input, static_cast<std::size_t>(max_value_));
    if (!value) return std::move(value).error();

    const pii::Tokenizer tokenizer(keyset->provider, keyset->environment);
    const std::string_view raw = value->expose();
    CanonicalValues values(*std::move(regions));
    const auto matches = tokenizer.matches(*field, values.of(*field, {&raw, 1}).front(), *token, *binding);
    if (!matches) return matches.error();
    if (session.flags.json) {
      if (auto written = write_to_standard_output(to_json_line({{"match", *matches}})); !written)
        return written;
    }
    if (*matches) return {};
    return Error(ErrorCode::no_match, "the value does not have this token",
                 "field type, environment and keyset must be those it was made with");
  }

 private:
  InputFlags input_;
  BindingFlags binding_;
  std::string field_;
  std::string token_;
  CanonicalFlags canonical_;
  std::uint64_t max_value_ = stream::kDefaultMaxLine;
};

}  // namespace

std::unique_ptr<Command> make_match() { return std::make_unique<MatchCommand>(); }

}  // namespace piictl
