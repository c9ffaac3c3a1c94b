#include "pii/protector.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/random.hpp"
#include "engine/ciphertext_v1.hpp"
#include "engine/ciphertext_v2.hpp"
#include "engine/keyset_in_force.hpp"
#include "engine/reveal_failed.hpp"
#include "engine/sub_key.hpp"
#include "engine/worn_key.hpp"
#include "engine/writing_key.hpp"
#include "pii/ciphertext.hpp"
#include "pii/normalize.hpp"

namespace pii {
namespace {

constexpr std::size_t kMaxKidSize = 64;
constexpr std::size_t kMaxPadding = 64;

SubKeyUse use_of(const KeyInfo& key) noexcept {
  return key.type == KeyAlgorithm::xaes_256_gcm ? SubKeyUse::encrypt_slim : SubKeyUse::encrypt;
}

engine::CipherV2 cipher_of(const KeyInfo& key, const std::byte* state) noexcept {
  return {key.kid, state, key.type == KeyAlgorithm::xaes_256_gcm, key.params.padding};
}

Error needs(std::size_t size) {
  return Error(ErrorCode::buffer_too_small, "the ciphertext needs " + std::to_string(size) + " bytes");
}

Error cipher_failed() { return Error(ErrorCode::crypto_failure, "AES-256-GCM failed to encrypt"); }

Result<std::string_view> protect_v1(const KeyTable& keys, std::size_t index, const engine::Context& context,
                                    std::string_view plaintext, std::span<char> out) {
  const std::size_t size = ciphertext_v1_size(plaintext.size(), keys.keys[index].kid.size());
  if (out.size() < size) return needs(size);
  std::array<std::byte, kNonceSize> nonce;
  crypto::random_bytes(nonce);
  if (!engine::seal_v1(keys, index, context, nonce, plaintext, out.data())) return cipher_failed();
  return std::string_view(out.data(), size);
}

Result<std::string_view> protect_v2(const KeyTable& keys, std::size_t index, const Place& place,
                                    const Binding& binding, std::string_view plaintext, std::span<char> out) {
  const KeyInfo& key = keys.keys[index];
  const engine::SubKeyHandle handle(keys, index, use_of(key), place);
  if (!handle.ready()) return handle.error();
  const engine::CipherV2 cipher = cipher_of(key, handle.state());
  const std::size_t size = cipher.text_size(plaintext.size());
  if (out.size() < size) return needs(size);
  std::array<std::byte, kNonceV2Size> nonce;
  crypto::random_bytes(nonce);
  if (!engine::seal_v2(kCiphertextV2Prefix, cipher, nonce, engine::AssociatedDataV2(binding).bytes(), plaintext,
                       out.data())) {
    return cipher_failed();
  }
  return std::string_view(out.data(), size);
}

Result<std::string_view> reveal_v2(const KeyTable& keys, const Place& place, const Binding& binding,
                                   const CiphertextParts& parts, std::span<char> out) {
  const std::size_t index = keys.find(parts.kid, 2);
  if (index == KeyTable::npos) return engine::reveal_failed();
  const KeyInfo& key = keys.keys[index];
  const engine::SubKeyHandle handle(keys, index, use_of(key), place);
  if (!handle.ready()) return handle.error();
  const auto text = engine::open_v2(cipher_of(key, handle.state()), parts.payload,
                                    engine::AssociatedDataV2(binding).bytes(), out);
  if (!text) {
    keys.counters(index).add(KeyCounters::failures);
    return text.error();
  }
  return engine::as_revealed_text(*text);
}

Error not_accepted(int version) {
  return Error(ErrorCode::unsupported_version,
               "the keyset does not accept ciphertexts of version " + std::to_string(version),
               "keyset.policy.accept_versions says which are read");
}

// Lenient reading takes any version text, so the key decides what a ciphertext is.
bool is_v2(const KeyTable& keys, std::string_view ciphertext) {
  if (!ciphertext.starts_with(kCiphertextV2Prefix)) return false;
  const auto parts = parse_ciphertext(ciphertext);
  return parts && parts->version == 2 && keys.find(parts->kid, 2) != KeyTable::npos;
}

Result<std::string_view> reveal_with(const KeyTable& keys, const Environment& environment, const FieldType& field,
                                     std::string_view ciphertext, std::span<char> out, Base64Mode mode,
                                     const Binding& binding) {
  if (mode == Base64Mode::lenient && is_v2(keys, ciphertext)) mode = Base64Mode::strict;
  if (mode == Base64Mode::strict && ciphertext.starts_with(kCiphertextV2Prefix)) {
    const auto parts = parse_ciphertext(ciphertext);
    if (!parts) return parts.error();
    if (!engine::accepts(keys, 2)) return not_accepted(2);
    if (auto possible = engine::check_binding(binding); !possible) return possible.error();
    return reveal_v2(keys, engine::ciphertext_place_of(environment, field, binding), binding, *parts, out);
  }
  if (!engine::accepts(keys, 1)) {
    const auto parts = parse_ciphertext(ciphertext, mode);
    return parts ? not_accepted(1) : parts.error();
  }
  return engine::open_v1(keys, {environment, field}, ciphertext, out, mode);
}

// Index of the key that --to of a rewrap names.
Result<std::size_t> key_to_rewrap_to(const KeyTable& keys, std::string_view kid) {
  if (kid.empty()) return engine::writing_key(keys);
  for (std::size_t index = 0; index < keys.keys.size(); ++index) {
    if (keys.keys[index].kid != kid) continue;
    if (keys.keys[index].state != KeyStatus::staged) return index;
    return Error(ErrorCode::guard_refused, "key " + keys.keys[index].kid + " is staged: not every reader has it yet",
                 "piictl key promote FILE KID makes it the primary first");
  }
  return Error(ErrorCode::usage, "the keyset has no live key of that id", "piictl keyset info FILE shows them");
}

// Everything of protect_into() but which key.
Result<std::string_view> protect_with(KeysetProvider& provider, const Keyset& keyset, std::size_t index,
                                      const Environment& environment, const FieldType& field,
                                      std::string_view plaintext, std::span<char> out, const Binding& binding) {
  const KeyTable& keys = keyset.impl();
  if (keys.policy.require_record && binding.record.empty()) {
    return Error(ErrorCode::guard_refused, "the keyset requires a record to bind the ciphertext to",
                 "keyset.policy.require_record: name the row that the ciphertext will stand in");
  }
  const bool v1 = keys.keys[index].version == 1;
  if (auto possible = v1 ? engine::check_version_1(binding) : engine::check_binding(binding); !possible) {
    return possible.error();
  }
  const auto written =
      v1 ? protect_v1(keys, index, {environment, field}, plaintext, out)
         : protect_v2(keys, index, engine::ciphertext_place_of(environment, field, binding), binding, plaintext, out);
  if (written) engine::count_seal(provider, keyset, index);
  return written;
}

}  // namespace

Protector::Protector(std::shared_ptr<KeysetProvider> provider, Environment environment)
    : provider_(std::move(provider)), environment_(std::move(environment)) {}

std::size_t Protector::protected_capacity(std::size_t plaintext_size) noexcept {
  return std::max(ciphertext_v1_size(plaintext_size, kMaxKidSize),
                  ciphertext_v2_size(plaintext_size + kMaxPadding, kMaxV2KidSize));
}

Result<std::string> Protector::protect(const FieldType& field, std::string_view plaintext,
                                       const Binding& binding) const {
  std::string text(protected_capacity(plaintext.size()), '\0');
  const auto written = protect_into(field, plaintext, text, binding);
  if (!written) return written.error();
  text.resize(written->size());
  return text;
}

Result<std::string_view> Protector::protect_into(const FieldType& field, std::string_view plaintext,
                                                 std::span<char> out, const Binding& binding) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::reveal);
  if (!keyset) return keyset.error();
  if (const std::size_t bad = find_invalid_utf8(plaintext); bad != std::string_view::npos) {
    return Error(ErrorCode::invalid_utf8, "the value is not valid UTF-8 at byte " + std::to_string(bad));
  }
  const auto index = engine::writing_key((*keyset)->impl());
  if (!index) return index.error();
  return protect_with(*provider_, **keyset, *index, environment_, field, plaintext, out, binding);
}

Result<SecretString> Protector::reveal(const FieldType& field, std::string_view ciphertext, Base64Mode mode,
                                       const Binding& binding) const {
  SecretString text(base64url_decoded_capacity(ciphertext.size()));
  const auto buffer = text.expose_mutable();
  const auto revealed = reveal_into(field, ciphertext, buffer, mode, binding);
  if (!revealed) return revealed.error();
  text.narrow(static_cast<std::size_t>(revealed->data() - buffer.data()), revealed->size());
  return text;
}

Result<std::string_view> Protector::reveal_into(const FieldType& field, std::string_view ciphertext,
                                                std::span<char> out, Base64Mode mode,
                                                const Binding& binding) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::reveal);
  if (!keyset) return keyset.error();
  return reveal_with((*keyset)->impl(), environment_, field, ciphertext, out, mode, binding);
}

Result<std::string_view> Protector::rewrap_into(const FieldType& field, std::string_view ciphertext,
                                                std::span<char> out, std::string_view to,
                                                const Binding& binding) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::reveal);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto index = key_to_rewrap_to(keys, to);
  if (!index) return index.error();
  SecretString plaintext(base64url_decoded_capacity(ciphertext.size()));
  const auto revealed = reveal_with(keys, environment_, field, ciphertext, plaintext.expose_mutable(),
                                    Base64Mode::strict, binding);
  if (!revealed) return revealed.error();
  const auto parts = parse_ciphertext(ciphertext);
  const KeyInfo& key = keys.keys[*index];
  if (parts && parts->version == key.version && parts->kid == key.kid) return ciphertext;
  return protect_with(*provider_, **keyset, *index, environment_, field, *revealed, out, binding);
}

}  // namespace pii
