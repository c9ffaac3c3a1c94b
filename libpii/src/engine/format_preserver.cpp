#include "pii/format_preserver.hpp"

#include <array>
#include <new>
#include <optional>

#include "base/traces.hpp"
#include "crypto/ff1.hpp"
#include "engine/keyset_in_force.hpp"
#include "engine/sub_key.hpp"
#include "engine/token_v2.hpp"
#include "engine/writing_key.hpp"
#include "formats/key_context.hpp"
#include "pii/normalize.hpp"

namespace pii {
namespace {

static_assert(kMaxFormatValue == crypto::kFf1MaxNumerals);

// The numerals of a text in a key's alphabet, wiped at the end.
class Numerals {
 public:
  explicit Numerals(std::string_view alphabet) noexcept : alphabet_(alphabet) {}
  Numerals(const Numerals&) = delete;
  Numerals& operator=(const Numerals&) = delete;
  ~Numerals() { wipe(numerals_.data(), numerals_.size()); }

  // false for a character that is not in the alphabet, and for a size that FF1 does not take.
  bool read(std::string_view text) noexcept {
    if (text.size() < crypto::ff1_min_numerals(radix()) || text.size() > numerals_.size()) return false;
    for (const char c : text) {
      const std::size_t at = alphabet_.find(c);
      if (at == std::string_view::npos) return false;
      numerals_[size_++] = static_cast<std::uint8_t>(at);
    }
    return true;
  }
  void write(char* out) const noexcept {
    for (std::size_t i = 0; i < size_; ++i) out[i] = alphabet_[numerals_[i]];
  }
  std::span<std::uint8_t> span() noexcept { return {numerals_.data(), size_}; }
  unsigned radix() const noexcept { return static_cast<unsigned>(alphabet_.size()); }

 private:
  std::string_view alphabet_;
  std::array<std::uint8_t, crypto::kFf1MaxNumerals> numerals_;
  std::size_t size_ = 0;
};

// CTX(6) is the tweak as well as what the sub-key is derived with.
struct Tweak {
  Tweak(const Place& place, std::string_view kid) noexcept
      : size(formats::write_context(formats::Purpose::format_preserving,
                                    {place.environment, place.tenant, place.field, normalizer_name(place), kid}, text)) {}
  std::span<const std::byte> bytes() const noexcept { return std::as_bytes(std::span(text, size)); }

  char text[formats::kMaxContextSize];
  std::size_t size;
};

Error cipher_failed() { return Error(ErrorCode::crypto_failure, "AES-256 failed"); }

using Transform = bool (*)(const crypto::Ff1Cipher&, unsigned, std::span<const std::byte>,
                           std::span<std::uint8_t>) noexcept;

Result<void> transform(const KeyTable& keys, std::size_t index, const Place& place, Numerals& numerals, Transform how) {
  const base::ClearTraces<base::kCipherStack> traces;
  const engine::SubKeyHandle key(keys, index, SubKeyUse::format, place);  // which checks the names
  if (!key.ready()) return key.error();
  const auto& cipher = *std::launder(reinterpret_cast<const crypto::AesBlockKey*>(key.state()));
  const Tweak tweak(place, keys.keys[index].kid);
  if (how(crypto::ff1_aes256(cipher), numerals.radix(), tweak.bytes(), numerals.span())) return {};
  return cipher_failed();
}

// The token of a normal form; nothing when the key's alphabet or the sizes do not fit.
Result<std::optional<std::string>> token_of(const KeyTable& keys, std::size_t index, const Place& place,
                                            std::string_view normal) {
  const KeyInfo& info = keys.keys[index];
  Numerals numerals(info.params.alphabet);
  if (!numerals.read(normal)) return std::optional<std::string>();
  if (auto done = transform(keys, index, place, numerals, crypto::ff1_encrypt); !done) return done.error();
  std::string text(kFormatTokenPrefix);
  text.append(info.kid).append(1, ':').append(normal.size(), '\0');
  numerals.write(text.data() + text.size() - normal.size());
  keys.counters(index).add(KeyCounters::tokens);
  return std::optional(std::move(text));
}

Result<std::size_t> active_key(const KeyTable& keys) {
  if (auto accepted = engine::check_accepts_version_2(keys, "format-preserving tokens"); !accepted) return accepted.error();
  const std::size_t active = keys.primary_v2(KeyRole::format);
  if (active != KeyTable::npos) return active;
  return Error(ErrorCode::not_configured, "the token keyset has no active key for format-preserving tokens",
               "piictl keyset create --usage token --alg PII-FF1-2 --alphabet CHARACTERS --out FILE makes a keyset of its own for it");
}

Error no_token(const KeyInfo& key) {
  return Error(ErrorCode::malformed_value,
               "the value is not made of " +
                   std::to_string(crypto::ff1_min_numerals(static_cast<unsigned>(key.params.alphabet.size()))) + " to " +
                   std::to_string(kMaxFormatValue) + " characters of the alphabet of key " + key.kid,
               "fewer could be guessed; separators are not part of a value");
}

}  // namespace

FormatPreserver::FormatPreserver(std::shared_ptr<KeysetProvider> provider, Environment environment)
    : provider_(std::move(provider)), environment_(std::move(environment)) {}

Result<std::string> FormatPreserver::tokenize(const FieldType& field, std::string_view value,
                                              const Binding& binding) const {
  auto tokens = make(field, value, binding, false);
  if (!tokens) return std::move(tokens).error();
  return std::move(tokens->front());
}

Result<std::vector<std::string>> FormatPreserver::tokenize_all(const FieldType& field, std::string_view value,
                                                               const Binding& binding) const {
  return make(field, value, binding, true);
}

Result<std::vector<std::string>> FormatPreserver::make(const FieldType& field, std::string_view value,
                                                       const Binding& binding, bool all) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  const auto active = active_key(keys);
  if (!active) return active.error();
  const Place place = engine::place_of(environment_, field, binding);
  NormalizedValue normalized;
  const ErrorCode code = normalize(place.normalizer, value, normalized);
  if (code != ErrorCode::ok) return engine::normalization_failed(code, value);
  std::vector<std::string> tokens;
  for (std::size_t at = keys.v1_count(); at < keys.keys.size(); ++at) {
    if (at != *active && (!all || role_of(keys.keys[at].type) != KeyRole::format)) continue;
    auto token = token_of(keys, at, place, normalized.view());
    if (!token) return std::move(token).error();
    if (!*token && at == *active) return no_token(keys.keys[at]);
    if (*token) tokens.insert(at == *active ? tokens.begin() : tokens.end(), **std::move(token));
  }
  return tokens;
}

Result<SecretString> FormatPreserver::reveal(const FieldType& field, std::string_view token,
                                             const Binding& binding) const {
  const auto parts = parse_format_token(token);
  if (!parts) return parts.error();
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::token);
  if (!keyset) return keyset.error();
  const KeyTable& keys = (*keyset)->impl();
  if (!engine::accepts(keys, 2)) {
    return Error(ErrorCode::unsupported_version, "the keyset does not accept format-preserving tokens of version 2",
                 "keyset.policy.accept_versions says which are read");
  }
  const std::size_t index = keys.find(parts->kid, 2);
  const Error failed(ErrorCode::reveal_failed, "the format-preserving token cannot be revealed");
  if (index == KeyTable::npos || keys.keys[index].type != KeyAlgorithm::pii_ff1_2) return failed;
  Numerals numerals(keys.keys[index].params.alphabet);
  if (!numerals.read(parts->characters)) {
    keys.counters(index).add(KeyCounters::failures);
    return failed;
  }
  const Place place = engine::place_of(environment_, field, binding);
  if (auto done = transform(keys, index, place, numerals, crypto::ff1_decrypt); !done) return done.error();
  SecretString value(parts->characters.size());
  numerals.write(value.expose_mutable().data());
  return value;
}

}  // namespace pii
