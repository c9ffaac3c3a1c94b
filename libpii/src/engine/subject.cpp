#include "pii/subject.hpp"

#include <cstring>
#include <utility>

#include "crypto/random.hpp"
#include "engine/ciphertext_v2.hpp"
#include "engine/keyset_in_force.hpp"
#include "engine/reveal_failed.hpp"
#include "engine/worn_key.hpp"
#include "engine/writing_key.hpp"
#include "pii/base64url.hpp"
#include "pii/normalize.hpp"

namespace pii {
namespace {

// Stands in the context of wrapped keys where a field type stands in those of values.
constexpr std::string_view kSubjectField = "subject";

Place wrapping_place(const Environment& environment, std::string_view tenant) {
  return {environment.name(), tenant, kSubjectField, 0, Normalization::strip};
}

std::array<std::byte, kNonceV2Size> draw_nonce() {
  std::array<std::byte, kNonceV2Size> nonce;
  crypto::random_bytes(nonce);
  return nonce;
}

Error cipher_failed() { return Error(ErrorCode::crypto_failure, "AES-256-GCM failed to encrypt"); }

// The cipher of a subject's key for one place: derived for one call, because there are as many as people.
class SubjectCipher {
 public:
  SubjectCipher(const SecretString& key, std::string_view kid, const Place& place) {
    const std::string_view bytes = key.expose();
    derived_ = DerivedKeys::derive_into({0, kid, std::as_bytes(std::span(bytes))}, SubKeyUse::encrypt, place,
                                        state_.bytes);
  }
  SubjectCipher(const SubjectCipher&) = delete;
  SubjectCipher& operator=(const SubjectCipher&) = delete;
  ~SubjectCipher() { DerivedKeys::destroy(SubKeyUse::encrypt, state_.bytes); }

  const Result<void>& ready() const noexcept { return derived_; }
  const std::byte* state() const noexcept { return state_.bytes; }

 private:
  DerivedKeys::Scratch state_;
  Result<void> derived_;
};

std::string kid_of(const SubjectId& id) { return "~" + id.text(); }

}  // namespace

SubjectId SubjectId::random() {
  // Not one whose text begins with '-', which programs take for a flag: 1 in 64.
  constexpr unsigned kMinus = 62;
  SubjectId id;
  do {
    crypto::random_bytes(id.bytes_);
  } while (std::to_integer<unsigned>(id.bytes_[0]) >> 2 == kMinus);
  return id;
}

Result<SubjectId> SubjectId::parse(std::string_view text) {
  SubjectId id;
  std::array<std::byte, base64url_decoded_capacity(base64url_encoded_size(kSubjectIdSize))> bytes;
  if (text.size() == base64url_encoded_size(kSubjectIdSize)) {
    if (const auto size = base64url_decode(text, bytes); size && *size == kSubjectIdSize) {
      std::memcpy(id.bytes_.data(), bytes.data(), kSubjectIdSize);
      return id;
    }
  }
  return Error(ErrorCode::malformed_ciphertext, "a subject's id is 22 characters of canonical base64url",
               "piictl subject create --store FILE prints the ids that it makes");
}

std::string SubjectId::text() const {
  std::string text(base64url_encoded_size(kSubjectIdSize), '\0');
  base64url_encode(bytes_, text.data());
  return text;
}

Result<std::string> SubjectKey::protect(const FieldType& field, std::string_view plaintext,
                                        const Binding& binding) const {
  if (const std::size_t bad = find_invalid_utf8(plaintext); bad != std::string_view::npos) {
    return Error(ErrorCode::invalid_utf8, "the value is not valid UTF-8 at byte " + std::to_string(bad));
  }
  if (auto possible = engine::check_binding(binding); !possible) return possible.error();
  const std::string kid = kid_of(id_);
  const SubjectCipher cipher(key_, kid, engine::ciphertext_place_of(environment_, field, binding));
  if (!cipher.ready()) return cipher.ready().error();
  const engine::CipherV2 with{kid, cipher.state()};
  std::string text(with.text_size(plaintext.size()), '\0');
  if (!engine::seal_v2(kCiphertextV2Prefix, with, draw_nonce(), engine::AssociatedDataV2(binding).bytes(), plaintext,
                       text.data())) {
    return cipher_failed();
  }
  return text;
}

Result<SecretString> SubjectKey::reveal(const FieldType& field, std::string_view ciphertext,
                                        const Binding& binding) const {
  const auto parts = parse_ciphertext(ciphertext);
  if (!parts) return parts.error();
  if (auto possible = engine::check_binding(binding); !possible) return possible.error();
  const std::string kid = kid_of(id_);
  if (parts->version != 2 || parts->kid != kid) return engine::reveal_failed();
  const SubjectCipher cipher(key_, kid, engine::ciphertext_place_of(environment_, field, binding));
  if (!cipher.ready()) return cipher.ready().error();
  SecretString text(base64url_decoded_capacity(parts->payload.size()));
  const auto buffer = text.expose_mutable();
  const auto opened = engine::open_v2({kid, cipher.state()}, parts->payload, engine::AssociatedDataV2(binding).bytes(),
                                      buffer);
  if (!opened) return opened.error();
  const auto revealed = engine::as_revealed_text(*opened);
  if (!revealed) return revealed.error();
  text.narrow(static_cast<std::size_t>(revealed->data() - buffer.data()), revealed->size());
  return text;
}

SubjectKeys::SubjectKeys(std::shared_ptr<KeysetProvider> provider, Environment environment)
    : provider_(std::move(provider)), environment_(std::move(environment)) {}

Result<SubjectKeys::Created> SubjectKeys::create(std::string_view tenant) const {
  SecretString key(kSubjectKeySize);
  crypto::random_bytes(std::as_writable_bytes(key.expose_mutable()));
  Created created{SubjectId::random(), {}};
  auto wrapped = wrap(created.id, key.expose(), tenant);
  if (!wrapped) return std::move(wrapped).error();
  created.wrapped = *std::move(wrapped);
  return created;
}

Result<SubjectKey> SubjectKeys::unwrap(const SubjectId& id, std::string_view wrapped, std::string_view tenant) const {
  auto key = open(id, wrapped, tenant);
  if (!key) return std::move(key).error();
  return SubjectKey(id, environment_, *std::move(key));
}

Result<std::string> SubjectKeys::rewrap(const SubjectId& id, std::string_view wrapped, std::string_view tenant) const {
  const auto key = open(id, wrapped, tenant);
  if (!key) return key.error();
  return wrap(id, key->expose(), tenant);
}

Result<std::string> SubjectKeys::wrap(const SubjectId& id, std::string_view key, std::string_view tenant) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::reveal);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  if (auto accepted = engine::check_accepts_version_2(keys, "subject keys"); !accepted) return accepted.error();
  const std::size_t index = keys.primary_v2(KeyRole::encrypt);
  if (index == KeyTable::npos || keys.keys[index].type != KeyAlgorithm::pii_aead_2) {
    return Error(ErrorCode::not_configured, "the reveal keyset has no active key that wraps subject keys",
                 "piictl key stage FILE --alg PII-AEAD-2 makes one, piictl key promote FILE makes it active");
  }
  const engine::SubKeyHandle handle(keys, index, SubKeyUse::data_key, wrapping_place(environment_, tenant));
  if (!handle.ready()) return handle.error();
  const engine::CipherV2 cipher{keys.keys[index].kid, handle.state()};
  std::string text(cipher.text_size(key.size()), '\0');
  if (!engine::seal_v2(kWrappedKeyPrefix, cipher, draw_nonce(), id.bytes(), key, text.data())) return cipher_failed();
  engine::count_seal(*provider_, **keyset, index);
  return text;
}

Result<SecretString> SubjectKeys::open(const SubjectId& id, std::string_view wrapped, std::string_view tenant) const {
  const auto parts = parse_wrapped_key(wrapped);
  if (!parts) return parts.error();
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::reveal);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  if (auto accepted = engine::check_accepts_version_2(keys, "subject keys"); !accepted) return accepted.error();
  const std::size_t index = keys.find(parts->kid, 2);
  if (index == KeyTable::npos || keys.keys[index].type != KeyAlgorithm::pii_aead_2) return engine::reveal_failed();
  const engine::SubKeyHandle handle(keys, index, SubKeyUse::data_key, wrapping_place(environment_, tenant));
  if (!handle.ready()) return handle.error();
  SecretString text(base64url_decoded_capacity(parts->payload.size()));
  const auto buffer = text.expose_mutable();
  const auto opened = engine::open_v2({parts->kid, handle.state()}, parts->payload, id.bytes(), buffer);
  if (!opened) {
    keys.counters(index).add(KeyCounters::failures);
    return opened.error();
  }
  text.narrow(static_cast<std::size_t>(reinterpret_cast<char*>(opened->data()) - buffer.data()), opened->size());
  return text;
}

}  // namespace pii
