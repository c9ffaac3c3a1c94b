#include "pii/keyset_seal.hpp"

#include <sodium.h>

#include <array>

#include "crypto/committing_aead.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "json/canonical.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/refusal.hpp"
#include "keyset/schema_2_members.hpp"
#include "keyset/secret_text.hpp"
#include "pii/base64url.hpp"
#include "pii/secret_json.hpp"

namespace pii {
namespace {

using crypto::CommittingAead;
using keyset::TextWriter;

constexpr std::size_t kSaltSize = 16;
static_assert(kSaltSize == crypto_pwhash_argon2id_SALTBYTES);
constexpr std::string_view kKdf = "argon2id";
constexpr std::string_view kAlgorithm = "PII-AEAD-2";
// A body holds a keyset and what sealing adds, in base64.
constexpr std::size_t kMaxSealed = base64url_encoded_size(kMaxKeysetSize + CommittingAead::kOverhead) + 4096;

/// The header in the clear, all of which is authenticated.
struct Header {
  std::uint64_t passes = 0;
  std::uint64_t memory = 0;
  std::string salt;
  std::string id;
  std::uint64_t revision = 0;
};

bool is_affordable(std::uint64_t passes, std::uint64_t memory) noexcept {
  return passes >= kMinSealPasses && passes <= kMaxSealPasses && memory >= kMinSealMemory &&
         memory <= kMaxSealMemory;
}

std::string quoted(std::string_view text) {
  std::string out(json_string_size(text), '\0');
  write_json_string(text, reinterpret_cast<std::byte*>(out.data()));
  return out;
}

// The canonical form (RFC 8785) of the header: the associated data.
std::string canonical(const Header& header) {
  std::string text = R"({"alg":")" + std::string(kAlgorithm) + R"(","id":)" + quoted(header.id);
  text += R"(,"kdf":")" + std::string(kKdf) + R"(","memlimit":)" + std::to_string(header.memory);
  text += R"(,"opslimit":)" + std::to_string(header.passes);
  if (header.revision != 0) text += R"(,"revision":)" + std::to_string(header.revision);
  return text + R"(,"salt":")" + header.salt + "\"}";
}

// A cipher of the passphrase, ready in guarded memory.
class Cipher {
 public:
  static Result<Cipher> make(const SecretBytes& passphrase, const Header& header) {
    std::array<std::byte, base64url_decoded_capacity(base64url_encoded_size(kSaltSize))> salt;
    const auto size = base64url_decode(header.salt, salt);
    if (!size || *size != kSaltSize)
      return Error(ErrorCode::invalid_keyset, "sealed.salt is not 16 bytes in base64url");
    SecretBytes master(crypto::kAes256KeySize);
    const int derived =
        crypto_pwhash(reinterpret_cast<unsigned char*>(master.expose_mutable().data()), master.size(),
                      reinterpret_cast<const char*>(passphrase.expose().data()), passphrase.size(),
                      reinterpret_cast<const unsigned char*>(salt.data()), header.passes,
                      static_cast<std::size_t>(header.memory), crypto_pwhash_ALG_ARGON2ID13);
    if (derived != 0) {
      return Error(ErrorCode::crypto_failure, "the key could not be derived from the passphrase",
                   std::to_string(header.memory >> 20) + " MiB of memory are needed");
    }
    SecretBytes keys(2 * crypto::kAes256KeySize);
    const auto encryption = keys.expose_mutable().first<crypto::kAes256KeySize>();
    const auto commitment = keys.expose_mutable().last<crypto::kAes256KeySize>();
    crypto::hkdf_sha256(master.expose(), {}, "libpii/v2 sealed keyset encrypt", encryption);
    crypto::hkdf_sha256(master.expose(), {}, "libpii/v2 sealed keyset commit", commitment);
    Cipher cipher;
    if (!CommittingAead::prepare(encryption, commitment, cipher.state())) {
      return Error(ErrorCode::crypto_failure, "PII-AEAD-2 could not be prepared");
    }
    return cipher;
  }
  Cipher(Cipher&&) noexcept = default;
  Cipher& operator=(Cipher&&) = delete;
  ~Cipher() {
    if (!state_.empty()) CommittingAead::destroy(state());
  }

  std::byte* state() { return state_.expose_mutable().data(); }

 private:
  // Guarded memory ends at a page, so its size decides the alignment of its beginning.
  static constexpr std::size_t kSize = (CommittingAead::kStateSize + 63) / 64 * 64;
  Cipher() : state_(kSize) {}
  SecretBytes state_;
};

Error no_sealed_keyset(std::string_view why) {
  return Error(ErrorCode::invalid_keyset, "the document is no sealed keyset: " + std::string(why),
               "piictl keyset seal makes one");
}

Result<Header> read_header(const json::Node& sealed) {
  std::vector<json::Member> extras;
  Header header;
  auto ok = keyset::take_members(
      sealed, "sealed", {"kdf", "opslimit", "memlimit", "salt", "alg", "id", "revision", "body"}, extras);
  if (ok && !extras.empty()) ok = keyset::refuse("sealed", extras.front().name, "an unknown member");
  std::string kdf;
  std::string algorithm;
  if (ok) ok = keyset::read_text(sealed, "sealed", "kdf", kdf);
  if (ok) ok = keyset::read_text(sealed, "sealed", "alg", algorithm);
  if (ok) ok = keyset::read_text(sealed, "sealed", "salt", header.salt);
  if (ok) ok = keyset::read_text(sealed, "sealed", "id", header.id);
  if (ok) ok = keyset::read_number(sealed, "sealed", "revision", 1, std::uint64_t{1} << 53, header.revision);
  if (ok)
    ok = keyset::read_number(sealed, "sealed", "opslimit", kMinSealPasses, kMaxSealPasses, header.passes);
  if (ok)
    ok = keyset::read_number(sealed, "sealed", "memlimit", kMinSealMemory, kMaxSealMemory, header.memory);
  if (!ok) return ok.error();
  if (kdf != kKdf || algorithm != kAlgorithm)
    return no_sealed_keyset("kdf must be argon2id and alg PII-AEAD-2");
  if (header.passes == 0 || header.memory == 0) return no_sealed_keyset("opslimit or memlimit is missing");
  return header;
}

}  // namespace

Result<SecretBytes> seal_keyset_document(const SecretBytes& document, const SecretBytes& passphrase,
                                         SealCost cost) {
  const auto parsed = parse_keyset(document);
  if (!parsed) return parsed.error();
  if (passphrase.size() < kMinPassphrase) {
    return Error(ErrorCode::usage, "the passphrase has fewer than 8 bytes", "take several random words");
  }
  if (!is_affordable(cost.passes, cost.memory)) {
    return Error(ErrorCode::usage, "the cost of the passphrase is out of bounds",
                 "2 to 20 passes, 64 to 1024 MiB");
  }
  std::array<std::byte, kSaltSize> salt;
  crypto::random_bytes(salt);
  Header header{cost.passes, cost.memory, std::string(base64url_encoded_size(kSaltSize), '\0'),
                (*parsed)->identity().id, (*parsed)->identity().revision};
  base64url_encode(salt, header.salt.data());
  auto cipher = Cipher::make(passphrase, header);
  if (!cipher) return std::move(cipher).error();

  std::array<std::byte, crypto::kXaesNonceSize> nonce;
  crypto::random_bytes(nonce);
  const std::string associated = canonical(header);
  std::vector<std::byte> sealed(document.size() + CommittingAead::kOverhead);
  if (!CommittingAead::seal(cipher->state(), nonce, std::as_bytes(std::span(associated)), document.expose(),
                            sealed.data())) {
    return Error(ErrorCode::crypto_failure, "PII-AEAD-2 failed to encrypt");
  }
  std::string body(base64url_encoded_size(sealed.size()), '\0');
  base64url_encode(sealed, body.data());
  return keyset::write_secret([&](TextWriter& out) {
    out << "{\n  \"sealed\": {\n    \"kdf\": \"" << kKdf
        << "\",\n    \"opslimit\": " << std::to_string(header.passes)
        << ",\n    \"memlimit\": " << std::to_string(header.memory) << ",\n    \"salt\": \"" << header.salt
        << "\",\n    \"alg\": \"" << kAlgorithm << "\",\n    \"id\": " << quoted(header.id) << ",\n";
    if (header.revision != 0) out << "    \"revision\": " << std::to_string(header.revision) << ",\n";
    out << "    \"body\": \"" << body << "\"\n  }\n}\n";
  });
}

bool is_sealed_document(const SecretBytes& text) {
  const auto json = json::Document::parse(keyset::text_of(text), {kMaxSealed, kMaxKeysetDepth});
  return json && json->root().kind() == json::Kind::object && json->root().find("sealed");
}

Result<SecretBytes> unseal_keyset_document(const SecretBytes& text, const SecretBytes& passphrase) {
  const auto json = json::Document::parse(keyset::text_of(text), {kMaxSealed, kMaxKeysetDepth});
  if (!json) return json.error();
  if (json->root().kind() != json::Kind::object) return no_sealed_keyset("it is no object");
  std::vector<json::Member> extras;
  auto ok = keyset::take_members(json->root(), "document", {"sealed"}, extras);
  if (ok && !extras.empty()) ok = keyset::refuse("document", extras.front().name, "an unknown member");
  if (!ok) return ok.error();
  const auto sealed = json->root().find("sealed");
  if (!sealed || sealed->kind() != json::Kind::object)
    return no_sealed_keyset("sealed is missing or no object");
  auto header = read_header(*sealed);
  if (!header) return std::move(header).error();
  const auto body = sealed->find("body");
  if (!body || body->kind() != json::Kind::string || body->escaped())
    return no_sealed_keyset("body is missing");
  std::vector<std::byte> bytes(base64url_decoded_capacity(body->raw().size()));
  const auto size = base64url_decode(body->raw(), bytes);
  if (!size || *size <= CommittingAead::kOverhead)
    return no_sealed_keyset("body is not base64url, or too short");

  auto cipher = Cipher::make(passphrase, *header);
  if (!cipher) return std::move(cipher).error();
  const std::string associated = canonical(*header);
  SecretBytes document(*size - CommittingAead::kOverhead);
  if (!CommittingAead::open(cipher->state(), std::as_bytes(std::span(associated)),
                            std::span<const std::byte>(bytes).first(*size),
                            document.expose_mutable().data())) {
    return Error(ErrorCode::reveal_failed, "the sealed keyset cannot be opened",
                 "its passphrase is another one, or it is damaged");
  }
  if (auto parsed = parse_keyset(document); !parsed) return parsed.error();
  return document;
}

}  // namespace pii
