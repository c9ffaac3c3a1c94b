#include "keyset/key_material.hpp"

#include <optional>
#include <string_view>

#include "keyset/key_text.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/refusal.hpp"

namespace pii::keyset {
namespace {

constexpr std::string_view kKeyHint = "a key is 32 random bytes in base64, as from: openssl rand -base64 32";
// An escape takes at most six characters for one of the decoded text.
constexpr std::size_t kLongestEscape = 6;
constexpr std::size_t kMaxKeyText = (kMaxHmacKeySize + 2) / 3 * 4;

std::string size_rule(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::hmac_sha_256 ? "the key must have 16 to 1024 bytes"
                                                 : "the key must have 32 bytes";
}

bool is_size_of(KeyAlgorithm algorithm, std::size_t size) noexcept {
  if (algorithm != KeyAlgorithm::hmac_sha_256) return size == kNewKeySize;
  return size >= kMinHmacKeySize && size <= kMaxHmacKeySize;
}

Error with_hint(const Error& error) { return Error(error.code(), error.message(), std::string(kKeyHint)); }

// The key's text: in the document itself, or unescaped into secret memory. Nothing when it is too long for
// any key.
std::optional<std::string_view> key_text(const json::Node& node, SecretBytes& unescaped) {
  std::string_view text = node.raw();
  if (node.escaped()) {
    if (text.size() > kLongestEscape * kMaxKeyText) return std::nullopt;
    if (unescaped.empty()) unescaped = SecretBytes(kLongestEscape * kMaxKeyText);
    char* out = reinterpret_cast<char*>(unescaped.expose_mutable().data());
    text = {out, node.unescape(out)};
  }
  if (text.size() > kMaxKeyText) return std::nullopt;
  return text;
}

}  // namespace

std::size_t KeyDecoder::capacity(const json::Node& text) noexcept { return text.raw().size() / 4 * 3 + 3; }

Result<std::size_t> KeyDecoder::decode(const std::string& kid, KeyAlgorithm algorithm, const json::Node& node,
                                       std::span<std::byte> out) {
  const std::string place = "key " + kid;
  const std::optional<std::string_view> text = key_text(node, unescaped_);
  if (!text) return with_hint(refuse(place, node, size_rule(algorithm)));
  const auto size = decode_key_text(*text, out);
  if (!size) {
    return with_hint(refuse(
        place, node, "key_b64 is not canonical base64 (one alphabet, no or right padding, nothing else)"));
  }
  if (is_size_of(algorithm, *size)) return *size;
  return with_hint(refuse(place, node, size_rule(algorithm) + ", and this one has " + std::to_string(*size)));
}

}  // namespace pii::keyset
