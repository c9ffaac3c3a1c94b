#include "pii/keyset_signature.hpp"

#include <sodium.h>

#include <array>

#include "json/canonical.hpp"
#include "keyset/keyset_digest.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/secret_text.hpp"
#include "pii/base64url.hpp"

namespace pii {
namespace {

static_assert(crypto_sign_SEEDBYTES == 32 && crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_BYTES == 64);
constexpr std::size_t kKeyText = base64url_encoded_size(crypto_sign_PUBLICKEYBYTES);
constexpr std::size_t kSignatureText = base64url_encoded_size(crypto_sign_BYTES);

unsigned char* bytes_of(SecretBytes& secret) {
  return reinterpret_cast<unsigned char*>(secret.expose_mutable().data());
}
const unsigned char* bytes_of(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string to_text(std::span<const std::byte> bytes) {
  std::string text(base64url_encoded_size(bytes.size()), '\0');
  base64url_encode(bytes, text.data());
  return text;
}

// The form that is signed, in secret memory: it holds the keys.
class FormSink final : public json::TextSink {
 public:
  explicit FormSink(keyset::TextWriter& out) : out_(out) {}
  void write(std::string_view piece) noexcept override { out_ << piece; }

 private:
  keyset::TextWriter& out_;
};

Result<SecretBytes> signed_form(const json::Node& root) {
  Result<void> done;
  SecretBytes form = keyset::write_secret([&](keyset::TextWriter& out) {
    FormSink sink(out);
    done = json::write_canonical(root, "integrity", sink);
  });
  if (!done) return done.error();
  return form;
}

KeysetSigner signer_of(SecretBytes seed) {
  std::array<std::byte, crypto_sign_PUBLICKEYBYTES> verify;
  SecretBytes expanded(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(verify.data()), bytes_of(expanded),
                           bytes_of(seed.expose()));
  return {std::move(seed), to_text(verify)};
}

std::string_view without_line_end(std::string_view text) noexcept {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

KeysetSigner make_keyset_signer() { return signer_of(SecretBytes::random(crypto_sign_SEEDBYTES)); }

Result<KeysetSigner> read_keyset_signer(const SecretBytes& text) {
  if (text.size() == crypto_sign_SEEDBYTES) return signer_of(SecretBytes::copy_of(text.expose()));
  const std::string_view written = without_line_end(keyset::text_of(text));
  SecretBytes seed(base64url_decoded_capacity(written.size()));
  if (written.size() == kKeyText) {
    const auto size = base64url_decode(written, seed.expose_mutable());
    if (size && *size == crypto_sign_SEEDBYTES) {
      seed.shrink(*size);
      return signer_of(std::move(seed));
    }
  }
  return Error(ErrorCode::invalid_keyset, "the signing key is not 32 bytes, raw or in base64url",
               "piictl keyset sign --new-key FILE makes one");
}

bool is_verify_key(std::string_view text) noexcept {
  std::array<std::byte, base64url_decoded_capacity(kKeyText)> bytes;
  if (text.size() != kKeyText) return false;
  const auto size = base64url_decode(text, bytes);
  return size && *size == crypto_sign_PUBLICKEYBYTES;
}

Result<SecretBytes> sign_keyset_document(const SecretBytes& document, const KeysetSigner& signer) {
  if (auto parsed = parse_keyset(document); !parsed) return parsed.error();
  auto text = keyset::read_json(document);
  if (!text) return text.error();
  const auto digest = keyset::find_digest(text->root());
  if (!digest) return digest.error();
  if (!*digest) {
    return Error(ErrorCode::usage, "the keyset carries no digest, and what is signed is its form",
                 "piictl keyset upgrade FILE");
  }
  const auto form = signed_form(text->root());
  if (!form) return form.error();
  std::array<std::byte, crypto_sign_PUBLICKEYBYTES> verify;
  std::array<std::byte, crypto_sign_BYTES> signature;
  SecretBytes expanded(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(verify.data()), bytes_of(expanded),
                           bytes_of(signer.signing_key.expose()));
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, bytes_of(form->expose()),
                       form->size(), bytes_of(expanded.expose()));
  const json::Node integrity = *text->root().find("integrity");
  const std::string_view whole = keyset::text_of(document);
  return keyset::write_secret([&](keyset::TextWriter& out) {
    out << whole.substr(0, integrity.begin()) << "{\"digest\": " << (*digest)->text() << ", \"sig\": \""
        << to_text(signature) << "\"}" << whole.substr(integrity.end());
  });
}

Result<void> verify_keyset_document(const SecretBytes& document, std::string_view verify_key) {
  std::array<std::byte, base64url_decoded_capacity(kKeyText)> key;
  if (!is_verify_key(verify_key) || !base64url_decode(verify_key, key)) {
    return Error(ErrorCode::invalid_setting, "the verify key is not 32 bytes in base64url",
                 "piictl keyset sign tells the one that belongs to a signing key");
  }
  auto text = keyset::read_json(document);
  if (!text) return text.error();
  if (text->root().kind() != json::Kind::object)
    return Error(ErrorCode::invalid_keyset, "the document is no object");
  const Error not_signed(ErrorCode::invalid_keyset,
                         "the keyset is not signed by the custodian whose key is trusted",
                         "piictl keyset sign signs it; or PII_KEYSET_VERIFY_KEY names another custodian");
  const auto integrity = text->root().find("integrity");
  const auto written =
      integrity && integrity->kind() == json::Kind::object ? integrity->find("sig") : std::nullopt;
  if (!written || written->kind() != json::Kind::string || written->escaped() ||
      written->raw().size() != kSignatureText) {
    return not_signed;
  }
  std::array<std::byte, base64url_decoded_capacity(kSignatureText)> signature;
  if (!base64url_decode(written->raw(), signature)) return not_signed;
  const auto form = signed_form(text->root());
  if (!form) return form.error();
  const int verdict = crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                                                  bytes_of(form->expose()), form->size(),
                                                  reinterpret_cast<const unsigned char*>(key.data()));
  if (verdict != 0) return not_signed;
  return {};
}

}  // namespace pii
