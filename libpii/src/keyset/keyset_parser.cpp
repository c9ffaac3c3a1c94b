#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/sha256.hpp"
#include "json/document.hpp"
#include "keyset/hex.hpp"
#include "keyset/key_text.hpp"
#include "keyset/keyset_digest.hpp"
#include "keyset/keyset_impl.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/refusal.hpp"
#include "pii/keyset.hpp"
#include "pii/names.hpp"

namespace pii {
namespace {

using json::Kind;
using json::Member;
using json::Node;
using keyset::refuse;

constexpr std::string_view kDocument = "document";
constexpr std::string_view kKeyHint = "a key is 32 random bytes in base64, as from: openssl rand -base64 32";
// An escape takes at most six characters for one of the decoded text.
constexpr std::size_t kLongestEscape = 6;
constexpr std::size_t kMaxKidSize = 64;
constexpr std::size_t kMaxDateSize = 64;
constexpr std::size_t kMaxKeyText = (keyset::kMaxHmacKeySize + 2) / 3 * 4;

Error with_hint(const Error& error, std::string_view hint) {
  return Error(error.code(), error.message(), std::string(hint));
}

class KeysetParser {
 public:
  KeysetParser(const Node& root, std::optional<KeysetUsage> usage)
      : root_(root), wanted_(usage), impl_(std::make_unique<Keyset::Impl>()) {}

  Result<std::unique_ptr<Keyset::Impl>> run() {
    if (root_.kind() != Kind::object) return refuse(kDocument, root_, "must be an object");
    if (auto ok = check_version(); !ok) return ok.error();
    if (auto ok = check_digest(); !ok) return ok.error();
    if (auto ok = read_entries(); !ok) return ok.error();
    if (auto ok = read_primary(); !ok) return ok.error();
    if (auto ok = decode_keys(); !ok) return ok.error();
    return std::move(impl_);
  }

 private:
  Result<void> check_version() const {
    constexpr std::string_view kPlace = "schema_version";
    const auto version = root_.find(kPlace);
    if (!version) return refuse(kDocument, root_, "schema_version is missing");
    if (version->text() == "1") return {};
    if (version->text() == "2") {
      return refuse(kPlace, *version, "schema version 2 is not supported by this build",
                    ErrorCode::unsupported_version);
    }
    return refuse(kPlace, *version, "must be the integer 1", ErrorCode::unsupported_version);
  }

  Result<void> check_digest() const {
    auto written = keyset::find_digest(root_);
    if (!written) return written.error();
    if (!*written) return {};
    auto computed = keyset::document_digest(root_);
    if (!computed) return computed.error();
    if ((*written)->equals(*computed)) return {};
    return with_hint(refuse("integrity.digest", **written, "is not the digest of this document"),
                     "the document was damaged, cut short, or edited without making its digest anew");
  }

  Result<void> read_entries() {
    const auto keys = root_.find("keys");
    if (!keys) return refuse(kDocument, root_, "keys is missing");
    if (keys->kind() != Kind::object) return refuse("keys", *keys, "must be an object");
    for (const Member entry : keys->members()) {
      if (impl_->keys.size() == kMaxKeysetKeys) {
        return refuse("keys", entry.name, "more than " + std::to_string(kMaxKeysetKeys) + " keys",
                      ErrorCode::too_large);
      }
      if (auto ok = read_entry(entry); !ok) return ok.error();
    }
    if (impl_->keys.empty()) return refuse("keys", *keys, "must hold at least one key");
    if (!wanted_ || *wanted_ == impl_->usage) return {};
    return refuse("keys", *keys,
                  "a " + std::string(to_string(*wanted_)) + " keyset (" +
                      std::string(keyset::algorithm_of(*wanted_)) + ") is needed, and this is a " +
                      std::string(to_string(impl_->usage)) + " keyset (" +
                      std::string(keyset::algorithm_of(impl_->usage)) + ")");
  }

  Result<void> read_entry(const Member& entry) {
    KeyInfo info{};
    info.kid = kid_of(entry.name);
    if (!is_valid_kid(info.kid)) {
      return refuse("key " + std::to_string(impl_->keys.size() + 1) + " of keys", entry.name,
                    "its id must match [A-Za-z0-9._-]{1,64}");
    }
    const std::string place = "key " + info.kid;
    if (entry.value.kind() != Kind::object) return refuse(place, entry.value, "must be an object");
    if (auto ok = read_algorithm(place, entry.value, info); !ok) return ok.error();
    if (const auto date = entry.value.find("created_at")) info.created_at = date_of(*date);
    const auto text = entry.value.find("key_b64");
    if (!text) return refuse(place, entry.value, "key_b64 is missing");
    if (text->kind() != Kind::string) return refuse(place, *text, "key_b64 must be a string");
    key_texts_.push_back(*text);
    impl_->keys.push_back(std::move(info));
    return {};
  }

  Result<void> read_algorithm(const std::string& place, const Node& entry, KeyInfo& info) {
    const auto algorithm = entry.find("alg");
    if (!algorithm) return refuse(place, entry, "alg is missing");
    std::optional<KeysetUsage> usage;
    for (const KeysetUsage candidate : {KeysetUsage::token, KeysetUsage::reveal}) {
      const bool match =
          algorithm->kind() == Kind::string && algorithm->equals(keyset::algorithm_of(candidate));
      if (match) usage = candidate;
    }
    if (!usage) return refuse(place, *algorithm, "alg must be HMAC-SHA-256 or AES-256-GCM");
    if (impl_->keys.empty()) impl_->usage = *usage;
    if (*usage != impl_->usage) {
      return refuse(place, *algorithm,
                    "alg is not that of the first key: a keyset holds token or reveal keys, not both");
    }
    info.algorithm = keyset::algorithm_of(*usage);
    return {};
  }

  // An id that is too long stays empty, which is no valid id either.
  static std::string kid_of(const Node& name) {
    if (name.raw().size() > kLongestEscape * kMaxKidSize) return {};
    std::string kid(name.raw().size(), '\0');
    kid.resize(name.unescape(kid.data()));
    return kid;
  }

  // What is shown to people is short printable ASCII, or nothing: a date never decides whether a keyset
  // loads.
  static std::string date_of(const Node& date) {
    if (date.kind() != Kind::string || date.escaped() || date.raw().size() > kMaxDateSize) return {};
    for (const char c : date.raw()) {
      if (c < 0x20 || c > 0x7E) return {};
    }
    return std::string(date.raw());
  }

  // The value is not quoted in messages: what stands here by mistake may be a key.
  Result<void> read_primary() {
    constexpr std::string_view kPlace = "primary_kid";
    const auto primary = root_.find(kPlace);
    if (!primary) return refuse(kDocument, root_, "primary_kid is missing");
    if (primary->kind() != Kind::string) return refuse(kPlace, *primary, "must be a string");
    for (std::size_t i = 0; i < impl_->keys.size(); ++i) {
      const bool is_primary = primary->equals(impl_->keys[i].kid);
      impl_->keys[i].status = is_primary ? "active" : "retiring";
      if (!is_primary) continue;
      impl_->primary_index = i;
      impl_->primary_kid = impl_->keys[i].kid;
    }
    if (impl_->primary_kid.empty()) return refuse(kPlace, *primary, "names no key of keys");
    return {};
  }

  Result<void> decode_keys() {
    std::size_t capacity = 0;
    for (const Node& text : key_texts_) capacity += text.raw().size() / 4 * 3 + 3;
    SecretBytes bytes(capacity);
    std::size_t used = 0;
    for (std::size_t i = 0; i < key_texts_.size(); ++i) {
      auto size = decode_key(impl_->keys[i], key_texts_[i], bytes.expose_mutable().subspan(used));
      if (!size) return with_hint(size.error(), kKeyHint);
      impl_->keys[i].key_size = *size;
      used += *size;
    }
    bytes.shrink(used);
    return impl_->adopt(std::move(bytes));
  }

  Result<std::size_t> decode_key(const KeyInfo& info, const Node& node, std::span<std::byte> out) {
    const std::string place = "key " + info.kid;
    const std::optional<std::string_view> text = key_text(node);
    if (!text) return refuse(place, node, size_rule());
    const auto size = keyset::decode_key_text(*text, out);
    if (!size) {
      return refuse(place, node,
                    "key_b64 is not canonical base64 (one alphabet, no or right padding, nothing else)");
    }
    const bool right = impl_->usage == KeysetUsage::reveal
                           ? *size == crypto::kAes256KeySize
                           : *size >= keyset::kMinHmacKeySize && *size <= keyset::kMaxHmacKeySize;
    if (!right) return refuse(place, node, size_rule() + ", and this one has " + std::to_string(*size));
    return *size;
  }

  std::string size_rule() const {
    return impl_->usage == KeysetUsage::reveal ? "the key must have 32 bytes"
                                               : "the key must have 16 to 1024 bytes";
  }

  // The key's text: in the document itself, or unescaped into secret memory. Nothing when it is too long for
  // any key.
  std::optional<std::string_view> key_text(const Node& node) {
    std::string_view text = node.raw();
    if (node.escaped()) {
      if (text.size() > kLongestEscape * kMaxKeyText) return std::nullopt;
      if (unescaped_.empty()) unescaped_ = SecretBytes(kLongestEscape * kMaxKeyText);
      char* out = reinterpret_cast<char*>(unescaped_.expose_mutable().data());
      text = {out, node.unescape(out)};
    }
    if (text.size() > kMaxKeyText) return std::nullopt;
    return text;
  }

  const Node root_;
  const std::optional<KeysetUsage> wanted_;
  std::unique_ptr<Keyset::Impl> impl_;
  std::vector<Node> key_texts_;
  SecretBytes unescaped_;
};

}  // namespace

Result<std::shared_ptr<const Keyset>> parse_keyset(const SecretBytes& document,
                                                   std::optional<KeysetUsage> usage) {
  auto text = keyset::read_json(document);
  if (!text) return text.error();
  auto impl = KeysetParser(text->root(), usage).run();
  if (!impl) return impl.error();
  (*impl)->fingerprint = keyset::to_hex(crypto::sha256(document.expose()));
  return std::make_shared<const Keyset>(std::move(*impl));
}

}  // namespace pii
