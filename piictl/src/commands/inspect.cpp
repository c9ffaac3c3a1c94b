#include <nlohmann/json.hpp>

#include "commands/batch.hpp"
#include "commands/commands.hpp"
#include "output.hpp"
#include "pii/ciphertext.hpp"
#include "pii/keyset.hpp"
#include "pii/token.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::ErrorCode;
using pii::Result;

constexpr std::size_t kTokenPayload = 32;

class InspectOperation final : public stream::ValueOperation {
 public:
  explicit InspectOperation(std::shared_ptr<const pii::Keyset> reveal) : reveal_(std::move(reveal)) {}

  Result<void> apply(stream::ValueBatch& values) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string_view text = values.inputs()[i];
      if (text.starts_with("penc:")) {
        inspect_ciphertext(values, i);
      } else if (text.starts_with("ptok:")) {
        inspect_token(values, i);
      } else {
        values.fail(i, ErrorCode::malformed_token, "neither a token nor a ciphertext");
      }
    }
    return {};
  }

 private:
  static void inspect_token(stream::ValueBatch& values, std::size_t i) {
    const auto token = pii::Token::parse(values.inputs()[i]);
    if (!token) return values.fail(i, token.error().code(), token.error().message());
    tell(values, i,
         {{"kind", "token"},
          {"version", token->version()},
          {"kid", nullptr},
          {"status", "unknown"},
          {"bytes", kTokenPayload}});
  }

  void inspect_ciphertext(stream::ValueBatch& values, std::size_t i) const {
    const auto parts = pii::parse_ciphertext(values.inputs()[i]);
    if (!parts) return values.fail(i, parts.error().code(), parts.error().message());
    const std::size_t encoded = parts->payload.size();
    tell(values, i,
         {{"kind", "ciphertext"},
          {"version", parts->version},
          {"kid", parts->kid},
          {"status", status_of(parts->kid)},
          {"bytes", encoded / 4 * 3 + encoded % 4 * 3 / 4}});
  }

  static void tell(stream::ValueBatch& values, std::size_t i, const nlohmann::ordered_json& body) {
    const std::string line = to_json_line(body);
    values.set(i, std::string_view(line).substr(0, line.size() - 1));
  }

  std::string_view status_of(std::string_view kid) const {
    if (reveal_ != nullptr) {
      for (const pii::KeyInfo& key : reveal_->keys()) {
        if (key.kid == kid) return key.status;
      }
    }
    return "unknown";
  }

  std::shared_ptr<const pii::Keyset> reveal_;
};

class InspectCommand final : public Command {
 public:
  void declare(OptionList& options) override { flags_.declare_lines(options); }

  Result<void> run(Session& session) override {
    std::shared_ptr<const pii::Keyset> reveal;
    auto keyset = open_keyset(pii::KeysetUsage::reveal, session);
    if (keyset) {
      reveal = keyset->provider->cell(pii::KeysetUsage::reveal).share();
    } else if (keyset.error().code() != ErrorCode::not_configured &&
               keyset.error().code() != ErrorCode::access_denied) {
      return std::move(keyset).error();
    }
    return run_batch(session, flags_, stream::Lines(),
                     [&] { return std::make_unique<InspectOperation>(reveal); });
  }

 private:
  BatchFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_inspect() { return std::make_unique<InspectCommand>(); }

}  // namespace piictl
