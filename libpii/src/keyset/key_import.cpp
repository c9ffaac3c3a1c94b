#include "pii/key_import.hpp"

#include <array>
#include <cstdint>
#include <string>

#include "keyset/key_text.hpp"
#include "keyset/keyset_rules.hpp"
#include "pii/secret_json.hpp"

namespace pii {
namespace {

using Value = SecretJson::Value;
using Bytes = std::span<const std::byte>;

constexpr std::array<std::string_view, 5> kFormats = {"raw", "base64", "hex", "jwk", "tink"};
constexpr std::size_t kMaxDepth = 16;

Error malformed(std::string reason) { return Error(ErrorCode::invalid_keyset, std::move(reason)); }

std::string_view without_space(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t end = text.find_last_not_of(kSpace);
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

Result<SecretBytes> from_base64(std::string_view text, std::string_view what) {
  SecretBytes key(text.size() / 4 * 3 + 3);
  const auto size = keyset::decode_key_text(text, key.expose_mutable());
  if (!size) return Error(ErrorCode::malformed_base64, std::string(what) + " is not canonical base64");
  key.shrink(*size);
  return key;
}

// All digits are looked at, whatever they are, without a branch on them.
Result<SecretBytes> from_hex(std::string_view text) {
  SecretBytes key(text.size() / 2);
  unsigned wrong = text.size() % 2;
  unsigned high = 0;
  for (std::size_t i = 0; i + text.size() % 2 < text.size(); ++i) {
    const auto c = static_cast<unsigned>(static_cast<unsigned char>(text[i]));
    const unsigned digit = (c - '0') & 0xFF;
    const unsigned letter = ((c | 0x20) - 'a') & 0xFF;
    const unsigned is_digit = static_cast<unsigned>((digit - 10) >> 31);
    const unsigned is_letter = static_cast<unsigned>((letter - 6) >> 31);
    wrong |= 1 ^ (is_digit | is_letter);
    const unsigned value = (digit & (0 - is_digit)) | ((letter + 10) & (0 - is_letter));
    if (i % 2 == 1) key.expose_mutable()[i / 2] = static_cast<std::byte>((high << 4 | value) & 0xFF);
    high = value & 15;
  }
  if (wrong != 0 || text.empty()) return malformed("the key is not hex");
  return key;
}

Result<ImportedKey> from_jwk(const SecretJson& json) {
  const auto type = json.find({"kty"});
  const auto key = json.find({"k"});
  if (!type || type->plain_text() != "oct") return malformed("kty must be oct: a symmetric key");
  if (!key || !key->is_string()) return malformed("k is missing");
  const SecretBytes text = key->secret_text();
  auto bytes = from_base64(keyset::text_of(text), "k");
  if (!bytes) return std::move(bytes).error();
  ImportedKey imported{*std::move(bytes), std::nullopt};
  if (const auto alg = json.find({"alg"})) {
    const std::string name = alg->plain_text();
    if (name == "HS256") imported.algorithm = KeyAlgorithm::hmac_sha_256;
    if (name == "A256GCM") imported.algorithm = KeyAlgorithm::aes_256_gcm;
    if (!imported.algorithm) return malformed("alg must be HS256 or A256GCM, or absent");
  }
  return imported;
}

// As much of protocol buffers as two messages of Tink need: varints and byte strings.
class Message {
 public:
  explicit Message(Bytes bytes) : rest_(bytes) {}

  /// The next field; false at the end and when the bytes are no message.
  bool next() {
    std::uint64_t tag = 0;
    if (rest_.empty() || !take_varint(tag)) return false;
    field = tag >> 3;
    value = {};
    if ((tag & 7) == 0) return take_varint(number);
    std::uint64_t size = 0;
    if ((tag & 7) != 2 || !take_varint(size) || size > rest_.size()) return fail();
    value = rest_.first(size);
    rest_ = rest_.subspan(size);
    return true;
  }
  bool good() const { return good_; }

  std::uint64_t field = 0;
  std::uint64_t number = 0;
  Bytes value;

 private:
  bool fail() {
    good_ = false;
    return false;
  }
  bool take_varint(std::uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(rest_.front());
      rest_ = rest_.subspan(1);
      out |= (byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return fail();
  }

  Bytes rest_;
  bool good_ = true;
};

// HmacKey: version 1, params 2 {hash 1, tag_size 2}, key_value 3. AesGcmKey: version 1, key_value 3.
Result<ImportedKey> from_tink_message(Bytes bytes, KeyAlgorithm algorithm) {
  constexpr std::uint64_t kSha256 = 3;
  Message message(bytes);
  Bytes key;
  std::uint64_t hash = 0;
  while (message.next()) {
    if (message.field == 1 && message.number != 0)
      return malformed("keyData.value is of a later version of Tink");
    if (message.field == 3) key = message.value;
    if (message.field != 2) continue;
    Message params(message.value);
    while (params.next()) {
      if (params.field == 1) hash = params.number;
    }
  }
  if (!message.good() || key.empty()) return malformed("keyData.value holds no key");
  if (algorithm == KeyAlgorithm::hmac_sha_256 && hash != kSha256)
    return malformed("the HMAC key is not for SHA256");
  return ImportedKey{SecretBytes::copy_of(key), algorithm};
}

Result<ImportedKey> from_tink(const SecretJson& json) {
  const auto primary = json.find({"primaryKeyId"});
  const auto keys = json.find({"key"});
  if (!primary || !primary->integer() || !keys) return malformed("primaryKeyId or key is missing");
  for (std::size_t i = 0; i < keys->size(); ++i) {
    const Value entry = *keys->at(i);
    const auto id = entry.find("keyId");
    if (!id || id->integer() != primary->integer()) continue;
    const auto status = entry.find("status");
    if (!status || status->plain_text() != "ENABLED") return malformed("the primary key is not ENABLED");
    const auto data = entry.find("keyData");
    const auto type = data ? data->find("typeUrl") : std::nullopt;
    const auto value = data ? data->find("value") : std::nullopt;
    if (!type || !value) return malformed("keyData of the primary key has no typeUrl or no value");
    const std::string url = type->plain_text();
    const bool hmac = url == "type.googleapis.com/google.crypto.tink.HmacKey";
    if (!hmac && url != "type.googleapis.com/google.crypto.tink.AesGcmKey") {
      return malformed("the primary key is neither an HmacKey nor an AesGcmKey");
    }
    const SecretBytes text = value->secret_text();
    const auto message = from_base64(keyset::text_of(text), "keyData.value");
    if (!message) return message.error();
    return from_tink_message(message->expose(),
                             hmac ? KeyAlgorithm::hmac_sha_256 : KeyAlgorithm::aes_256_gcm);
  }
  return malformed("primaryKeyId names no key");
}

}  // namespace

std::optional<KeyFormat> parse_key_format(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (kFormats[i] == name) return static_cast<KeyFormat>(i);
  }
  return std::nullopt;
}

Result<ImportedKey> import_key(const SecretBytes& text, KeyFormat format) {
  const std::string_view trimmed = without_space(keyset::text_of(text));
  if (format == KeyFormat::raw) return ImportedKey{SecretBytes::copy_of(text.expose()), std::nullopt};
  if (format == KeyFormat::base64 || format == KeyFormat::hex) {
    auto key = format == KeyFormat::hex ? from_hex(trimmed) : from_base64(trimmed, "the key");
    if (!key) return std::move(key).error();
    return ImportedKey{*std::move(key), std::nullopt};
  }
  auto json = SecretJson::parse(SecretBytes::copy_of(text.expose()), kMaxDepth);
  if (!json) return std::move(json).error();
  return format == KeyFormat::jwk ? from_jwk(*json) : from_tink(*json);
}

}  // namespace pii
