#include "pii/keyset_seal.hpp"

#include <sodium.h>

#include <algorithm>
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
constexpr std::size_t kMaxWrappedKey = 2048;
static_assert(base64url_encoded_size(kMaxKeysetSize + CommittingAead::kOverhead) + 8192 < kMaxSealedSize);

/// The header in the clear, all of which is authenticated.
struct Header {
  // Of a passphrase:
  std::uint64_t passes = 0;
  std::uint64_t memory = 0;
  std::string salt;
  // Or of a wrapped key:
  std::string kek;
  std::string wrapped_key;

  std::string id;
  std::uint64_t revision = 0;
};

bool is_affordable(std::uint64_t passes, std::uint64_t memory) noexcept {
  return passes >= kMinSealPasses && passes <= kMaxSealPasses && memory >= kMinSealMemory &&
         memory <= kMaxSealMemory;
}

bool is_wrapped_key(std::string_view text) noexcept {
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; };
  return !text.empty() && text.size() <= kMaxWrappedKey && std::ranges::all_of(text, is_plain);
}

std::string quoted(std::string_view text) {
  std::string out(json_string_size(text), '\0');
  write_json_string(text, reinterpret_cast<std::byte*>(out.data()));
  return out;
}

// The canonical form (RFC 8785) of the header: the associated data.
std::string canonical(const Header& header) {
  std::string text = R"({"alg":")" + std::string(kAlgorithm) + R"(","id":)" + quoted(header.id);
  const std::string revision =
      header.revision == 0 ? std::string() : R"(,"revision":)" + std::to_string(header.revision);
  if (!header.kek.empty()) {
    return text + R"(,"kek":)" + quoted(header.kek) + revision + R"(,"wrapped_key":")" + header.wrapped_key + "\"}";
  }
  text += R"(,"kdf":")" + std::string(kKdf) + R"(","memlimit":)" + std::to_string(header.memory);
  text += R"(,"opslimit":)" + std::to_string(header.passes) + revision;
  return text + R"(,"salt":")" + header.salt + "\"}";
}

Result<SecretBytes> derive_key(const SecretBytes& passphrase, const Header& header) {
  std::array<std::byte, base64url_decoded_capacity(base64url_encoded_size(kSaltSize))> salt;
  const auto size = base64url_decode(header.salt, salt);
  if (!size || *size != kSaltSize)
    return Error(ErrorCode::invalid_keyset, "sealed.salt is not 16 bytes in base64url");
  SecretBytes key(kSealKeySize);
  const int derived =
      crypto_pwhash(reinterpret_cast<unsigned char*>(key.expose_mutable().data()), key.size(),
                    reinterpret_cast<const char*>(passphrase.expose().data()), passphrase.size(),
                    reinterpret_cast<const unsigned char*>(salt.data()), header.passes,
                    static_cast<std::size_t>(header.memory), crypto_pwhash_ALG_ARGON2ID13);
  if (derived == 0) return key;
  return Error(ErrorCode::crypto_failure, "the key could not be derived from the passphrase",
               std::to_string(header.memory >> 20) + " MiB of memory are needed");
}

// A cipher of the key, ready in guarded memory.
class Cipher {
 public:
  static Result<Cipher> make(const SecretBytes& master) {
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

Result<void> read_passphrase_header(const json::Node& sealed, Header& header) {
  std::string kdf;
  auto ok = keyset::read_text(sealed, "sealed", "kdf", kdf);
  if (ok) ok = keyset::read_text(sealed, "sealed", "salt", header.salt);
  if (ok)
    ok = keyset::read_number(sealed, "sealed", "opslimit", kMinSealPasses, kMaxSealPasses, header.passes);
  if (ok)
    ok = keyset::read_number(sealed, "sealed", "memlimit", kMinSealMemory, kMaxSealMemory, header.memory);
  if (!ok) return ok;
  if (kdf != kKdf) return no_sealed_keyset("kdf must be argon2id");
  if (header.passes == 0 || header.memory == 0) return no_sealed_keyset("opslimit or memlimit is missing");
  return {};
}

Result<void> read_kek_header(const json::Node& sealed, Header& header) {
  if (auto ok = keyset::read_text(sealed, "sealed", "kek", header.kek); !ok) return ok;
  const auto wrapped = sealed.find("wrapped_key");
  const bool good = wrapped && wrapped->kind() == json::Kind::string && is_wrapped_key(wrapped->raw());
  if (!good) return no_sealed_keyset("wrapped_key is missing, or no short printable text");
  header.wrapped_key = wrapped->raw();
  if (header.kek.starts_with(kVaultTransit)) return {};
  return no_sealed_keyset("kek must be vault-transit:MOUNT/KEY");
}

struct Sealed {
  json::Document json;
  Header header;
};

Result<Sealed> read_sealed(const SecretBytes& text) {
  auto json = json::Document::parse(keyset::text_of(text), {kMaxSealedSize, kMaxKeysetDepth});
  if (!json) return std::move(json).error();
  if (json->root().kind() != json::Kind::object) return no_sealed_keyset("it is no object");
  std::vector<json::Member> extras;
  auto ok = keyset::take_members(json->root(), "document", {"sealed"}, extras);
  if (ok && !extras.empty()) ok = keyset::refuse("document", extras.front().name, "an unknown member");
  if (!ok) return ok.error();
  const auto sealed = json->root().find("sealed");
  if (!sealed || sealed->kind() != json::Kind::object)
    return no_sealed_keyset("sealed is missing or no object");

  Header header;
  const bool by_kek = sealed->find("kek").has_value();
  ok = by_kek ? keyset::take_members(*sealed, "sealed", {"kek", "wrapped_key", "alg", "id", "revision", "body"}, extras)
              : keyset::take_members(*sealed, "sealed",
                                     {"kdf", "opslimit", "memlimit", "salt", "alg", "id", "revision", "body"}, extras);
  if (ok && !extras.empty()) ok = keyset::refuse("sealed", extras.front().name, "an unknown member");
  std::string algorithm;
  if (ok) ok = keyset::read_text(*sealed, "sealed", "alg", algorithm);
  if (ok) ok = keyset::read_text(*sealed, "sealed", "id", header.id);
  if (ok) ok = keyset::read_number(*sealed, "sealed", "revision", 1, std::uint64_t{1} << 53, header.revision);
  if (ok && algorithm != kAlgorithm) ok = no_sealed_keyset("alg must be PII-AEAD-2");
  if (ok) ok = by_kek ? read_kek_header(*sealed, header) : read_passphrase_header(*sealed, header);
  if (!ok) return ok.error();
  return Sealed{*std::move(json), std::move(header)};
}

Result<SecretBytes> seal_with(const SecretBytes& key, const Header& header, const SecretBytes& document) {
  auto cipher = Cipher::make(key);
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
    out << "{\n  \"sealed\": {\n";
    if (header.kek.empty()) {
      out << "    \"kdf\": \"" << kKdf << "\",\n    \"opslimit\": " << std::to_string(header.passes)
          << ",\n    \"memlimit\": " << std::to_string(header.memory) << ",\n    \"salt\": \"" << header.salt
          << "\",\n";
    } else {
      out << "    \"kek\": " << quoted(header.kek) << ",\n    \"wrapped_key\": \"" << header.wrapped_key << "\",\n";
    }
    out << "    \"alg\": \"" << kAlgorithm << "\",\n    \"id\": " << quoted(header.id) << ",\n";
    if (header.revision != 0) out << "    \"revision\": " << std::to_string(header.revision) << ",\n";
    out << "    \"body\": \"" << body << "\"\n  }\n}\n";
  });
}

Result<std::vector<std::byte>> body_of(const Sealed& sealed) {
  const auto body = sealed.json.root().find("sealed")->find("body");
  if (!body || body->kind() != json::Kind::string || body->escaped())
    return no_sealed_keyset("body is missing");
  std::vector<std::byte> bytes(base64url_decoded_capacity(body->raw().size()));
  const auto size = base64url_decode(body->raw(), bytes);
  if (!size || *size <= CommittingAead::kOverhead)
    return no_sealed_keyset("body is not base64url, or too short");
  bytes.resize(*size);
  return bytes;
}

Result<SecretBytes> open_with(const SecretBytes& key, const Header& header, std::span<const std::byte> body) {
  auto cipher = Cipher::make(key);
  if (!cipher) return std::move(cipher).error();
  const std::string associated = canonical(header);
  SecretBytes document(body.size() - CommittingAead::kOverhead);
  if (!CommittingAead::open(cipher->state(), std::as_bytes(std::span(associated)), body,
                            document.expose_mutable().data())) {
    return Error(ErrorCode::reveal_failed, "the sealed keyset cannot be opened",
                 header.kek.empty() ? "its passphrase is another one, or it is damaged" : "it is damaged");
  }
  if (auto parsed = parse_keyset(document); !parsed) return parsed.error();
  return document;
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
  Header header;
  header.passes = cost.passes;
  header.memory = cost.memory;
  header.salt.resize(base64url_encoded_size(kSaltSize));
  base64url_encode(salt, header.salt.data());
  header.id = (*parsed)->identity().id;
  header.revision = (*parsed)->identity().revision;
  const auto key = derive_key(passphrase, header);
  if (!key) return key.error();
  return seal_with(*key, header, document);
}

Result<SecretBytes> seal_keyset_document(const SecretBytes& document, const WrappedKey& key) {
  const auto parsed = parse_keyset(document);
  if (!parsed) return parsed.error();
  if (key.key.size() != kSealKeySize || !is_wrapped_key(key.kek) || !key.kek.starts_with(kVaultTransit) ||
      key.kek.size() > 256 || !is_wrapped_key(key.wrapped_key)) {
    return Error(ErrorCode::usage, "a wrapped key has 32 bytes, and short printable texts beside them");
  }
  Header header;
  header.kek = key.kek;
  header.wrapped_key = key.wrapped_key;
  header.id = (*parsed)->identity().id;
  header.revision = (*parsed)->identity().revision;
  return seal_with(key.key, header, document);
}

bool is_sealed_document(const SecretBytes& text) {
  const auto json = json::Document::parse(keyset::text_of(text), {kMaxSealedSize, kMaxKeysetDepth});
  return json && json->root().kind() == json::Kind::object && json->root().find("sealed");
}

Result<SealHeader> read_seal_header(const SecretBytes& text) {
  auto sealed = read_sealed(text);
  if (!sealed) return std::move(sealed).error();
  const Header& header = sealed->header;
  SealHeader told{{}, header.kek, header.wrapped_key};
  if (header.kek.empty()) told.cost = {static_cast<std::uint32_t>(header.passes), header.memory};
  return told;
}

Result<SecretBytes> unseal_keyset_document(const SecretBytes& text, const SecretBytes& passphrase) {
  const auto sealed = read_sealed(text);
  if (!sealed) return sealed.error();
  if (!sealed->header.kek.empty()) return no_sealed_keyset("it has no passphrase, but a kek");
  const auto body = body_of(*sealed);  // before anything is spent
  if (!body) return body.error();
  const auto key = derive_key(passphrase, sealed->header);
  if (!key) return key.error();
  return open_with(*key, sealed->header, *body);
}

Result<SecretBytes> unseal_keyset_document_with_key(const SecretBytes& text, const SecretBytes& key) {
  const auto sealed = read_sealed(text);
  if (!sealed) return sealed.error();
  if (sealed->header.kek.empty()) return no_sealed_keyset("it has a passphrase, and no kek");
  if (key.size() != kSealKeySize) return Error(ErrorCode::reveal_failed, "the unwrapped key is none of a sealed keyset");
  const auto body = body_of(*sealed);
  if (!body) return body.error();
  return open_with(key, sealed->header, *body);
}

}  // namespace pii
