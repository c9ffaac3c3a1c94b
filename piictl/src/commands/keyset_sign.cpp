
#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "keyset_change.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "pii/base64url.hpp"
#include "pii/keyset_signature.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetDraft;
using pii::Result;
using pii::SecretBytes;

class KeysetSignCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_).required = false;
    options.add_file("--key", key_, "KEYFILE", "the custodian's signing key: 32 bytes, raw or in base64url");
    options.add_file("--new-key", new_key_, "KEYFILE", "make a signing key, mode 0600, and tell its verify key");
  }

  Result<void> run(Session& session) override {
    if (key_.empty() == new_key_.empty()) {
      return Error(ErrorCode::usage, "one of --key and --new-key is needed",
                   "--new-key KEYFILE makes a signing key");
    }
    auto signer = new_key_.empty() ? load_signer() : make_signer(session);
    if (!signer) return std::move(signer).error();
    if (!file_.empty()) {
      pii::KeysetIdentity identity;
      const auto changed = replace_keyset(
          session, file_, [&](const SecretBytes& document, KeysetDraft& draft) -> Result<SecretBytes> {
            identity = draft.record().identity;
            return pii::sign_keyset_document(document, *signer);
          });
      note_change(session, file_, {"sign", {}}, identity, changed.has_value());
      if (!changed) return changed.error();
      session.report.note(changed->where);
    }
    session.report.note("PII_KEYSET_VERIFY_KEY=" + signer->verify_key +
                        " has readers refuse what is not signed");
    if (!session.flags.json) return {};
    return write_to_standard_output(to_json_line({{"verify_key", signer->verify_key}}));
  }

 private:
  Result<pii::KeysetSigner> load_signer() const {
    const auto text = read_small_file(key_);
    if (!text && text.error().code() == ErrorCode::file_not_found) {
      return Error(ErrorCode::file_not_found, text.error().message(), "piictl keyset sign --new-key KEYFILE makes one");
    }
    if (!text) return text.error();
    auto signer = pii::read_keyset_signer(*text);
    if (!signer) return at_path(key_, signer.error());
    return signer;
  }

  Result<pii::KeysetSigner> make_signer(const Session& session) const {
    const auto writer = FolderWriter::lock(new_key_);
    if (!writer) return writer.error();
    auto signer = pii::make_keyset_signer();
    const std::size_t size = pii::base64url_encoded_size(signer.signing_key.size());
    SecretBytes text(size + 1);
    pii::base64url_encode(signer.signing_key.expose(), reinterpret_cast<char*>(text.expose_mutable().data()));
    text.expose_mutable()[size] = std::byte{'\n'};
    if (session.flags.dry_run) return signer;
    if (auto created = writer->create(text); !created) return created.error();
    return signer;
  }

  std::string file_;
  std::string key_;
  std::string new_key_;
};

class KeysetVerifyCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options.add_text("--verify-key", verify_key_, "KEY",
                     "the custodian's verify key (default: PII_KEYSET_VERIFY_KEY)");
  }

  Result<void> run(Session& session) override {
    std::string key = verify_key_;
    if (const char* variable = std::getenv("PII_KEYSET_VERIFY_KEY"); key.empty() && variable != nullptr)
      key = variable;
    if (key.empty()) {
      return Error(ErrorCode::usage, "nothing says whose signature it must be",
                   "--verify-key KEY or PII_KEYSET_VERIFY_KEY");
    }
    const auto document = read_keyset_document(session, file_);
    if (!document) return document.error();
    if (const auto parsed = pii::parse_keyset(*document); !parsed) return at_path(file_, parsed.error());
    if (auto trusted = pii::verify_keyset_document(*document, key); !trusted)
      return at_path(file_, trusted.error());
    session.report.note(file_ + " is signed by this custodian and was not changed since");
    if (!session.flags.json) return {};
    return write_to_standard_output(to_json_line({{"signed", true}}));
  }

 private:
  std::string file_;
  std::string verify_key_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_sign() { return std::make_unique<KeysetSignCommand>(); }
std::unique_ptr<Command> make_keyset_verify() { return std::make_unique<KeysetVerifyCommand>(); }

}  // namespace piictl
