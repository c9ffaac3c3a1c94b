
#include "commands/batch.hpp"
#include "commands/commands.hpp"
#include "output.hpp"
#include "pii/blind_index.hpp"
#include "pii/ciphertext.hpp"
#include "pii/format_token.hpp"
#include "pii/keyset.hpp"
#include "pii/token.hpp"
#include "report.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::ErrorCode;
using pii::Result;

class InspectOperation final : public stream::ValueOperation {
 public:
  InspectOperation(std::shared_ptr<const pii::Keyset> token, std::shared_ptr<const pii::Keyset> reveal)
      : token_(std::move(token)), reveal_(std::move(reveal)) {}

  Result<void> apply(stream::ValueBatch& values) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string_view text = values.inputs()[i];
      if (text.starts_with("penc:")) {
        inspect_ciphertext(values, i, "ciphertext", pii::parse_ciphertext(text));
      } else if (text.starts_with("pdek:")) {
        inspect_ciphertext(values, i, "wrapped_key", pii::parse_wrapped_key(text));
      } else if (text.starts_with("ptok:")) {
        inspect_token(values, i);
      } else if (text.starts_with("pidx:")) {
        inspect_index(values, i);
      } else if (text.starts_with("pfpt:")) {
        inspect_format_token(values, i);
      } else {
        values.fail(i, ErrorCode::malformed_token, "neither a token nor a ciphertext");
      }
    }
    return {};
  }

 private:
  void inspect_token(stream::ValueBatch& values, std::size_t i) const {
    const auto token = pii::Token::parse(values.inputs()[i]);
    if (!token) return values.fail(i, token.error().code(), token.error().message());
    const bool v1 = token->version() == 1;
    const std::size_t encoded = token->view().size() - token->view().rfind(':') - 1;
    tell(values, i, "token", token->version(), v1 ? Json() : token->kid(),
         v1 ? "unknown" : status_of(token_, token->kid()), decoded_size(encoded));
  }

  void inspect_index(stream::ValueBatch& values, std::size_t i) const {
    const auto index = pii::BlindIndex::parse(values.inputs()[i]);
    if (!index) return values.fail(i, index.error().code(), index.error().message());
    const std::size_t digits = index->view().size() - index->view().rfind(':') - 1;
    tell(values, i, "index", 2, index->kid(), status_of(token_, index->kid()), digits / 2);
  }

  void inspect_format_token(stream::ValueBatch& values, std::size_t i) const {
    const auto parts = pii::parse_format_token(values.inputs()[i]);
    if (!parts) return values.fail(i, parts.error().code(), parts.error().message());
    tell(values, i, "format_token", 2, parts->kid, status_of(token_, parts->kid), parts->characters.size());
  }

  // A subject's key is in no keyset, so its id has no status.
  void inspect_ciphertext(stream::ValueBatch& values, std::size_t i, std::string_view kind,
                          const Result<pii::CiphertextParts>& parts) const {
    if (!parts) return values.fail(i, parts.error().code(), parts.error().message());
    tell(values, i, kind, parts->version, parts->kid, status_of(reveal_, parts->kid),
         decoded_size(parts->payload.size()));
  }

  static constexpr std::size_t decoded_size(std::size_t encoded) { return encoded / 4 * 3 + encoded % 4 * 3 / 4; }

  static void tell(stream::ValueBatch& values, std::size_t i, std::string_view kind, int version,
                   const Json& kid, std::string_view status, std::size_t bytes) {
    const std::string line = to_json_line(
        {{"kind", kind}, {"version", version}, {"kid", kid}, {"status", status}, {"bytes", bytes}});
    values.set(i, std::string_view(line).substr(0, line.size() - 1));
  }

  static std::string_view status_of(const std::shared_ptr<const pii::Keyset>& keyset, std::string_view kid) {
    if (keyset != nullptr) {
      for (const pii::KeyInfo& key : keyset->keys()) {
        if (key.kid == kid) return key.status;
      }
    }
    return "unknown";
  }

  std::shared_ptr<const pii::Keyset> token_;
  std::shared_ptr<const pii::Keyset> reveal_;
};

class InspectCommand final : public Command {
 public:
  void declare(OptionList& options) override { flags_.declare_lines(options); }

  Result<void> run(Session& session) override {
    // The token keyset tells the status of version 2 tokens and no more, so that a faulty one is no error, and
    // nothing is said of it.
    const Report silent(false, true, false);
    Session aside{session.flags, silent};
    aside.opens_again = true;
    const auto token = find_keyset(pii::KeysetUsage::token, aside);
    auto reveal = find_keyset(pii::KeysetUsage::reveal, session);
    if (!reveal) return std::move(reveal).error();
    return run_batch(session, flags_, stream::Lines(), [&] {
      return std::make_unique<InspectOperation>(token ? *token : nullptr, *reveal);
    });
  }

 private:
  // Null when none is configured.
  static Result<std::shared_ptr<const pii::Keyset>> find_keyset(pii::KeysetUsage usage, const Session& session) {
    auto keyset = open_keyset(usage, session);
    if (keyset) return keyset->provider->cell(usage).share();
    const ErrorCode code = keyset.error().code();
    if (code == ErrorCode::not_configured || code == ErrorCode::access_denied) {
      return std::shared_ptr<const pii::Keyset>();
    }
    return std::move(keyset).error();
  }

  BatchFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_inspect() { return std::make_unique<InspectCommand>(); }

}  // namespace piictl
