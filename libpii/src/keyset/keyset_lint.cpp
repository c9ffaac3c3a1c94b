#include <algorithm>
#include <string>
#include <utility>

#include "json/document.hpp"
#include "keyset/key_table.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/timestamp.hpp"
#include "pii/keyset_document.hpp"

namespace pii {
namespace {

using json::Kind;
using json::Member;
using json::Node;

// The checks of key bytes and key texts look at every one of them, whatever they find: nothing in their time
// tells a key.

bool all_alike(std::span<const std::byte> key) noexcept {
  std::byte difference{0};
  for (const std::byte byte : key) difference |= byte ^ key[0];
  return difference == std::byte{0};
}

bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) noexcept {
  if (a.size() != b.size()) return false;
  std::byte difference{0};
  for (std::size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
  return difference == std::byte{0};
}

unsigned is_between(char c, char first, char last) noexcept { return c >= first && c <= last ? 1U : 0U; }

bool is_base64url(std::string_view text) noexcept {
  unsigned all = 1;
  for (const char c : text) {
    all &= is_between(c, 'A', 'Z') | is_between(c, 'a', 'z') | is_between(c, '0', '9') |
           is_between(c, '-', '-') | is_between(c, '_', '_');
  }
  return all != 0;
}

bool is_hex(std::string_view text) noexcept {
  unsigned all = text.size() % 2 == 0 ? 1 : 0;
  for (const char c : text)
    all &= is_between(c, '0', '9') | is_between(c, 'a', 'f') | is_between(c, 'A', 'F');
  return all != 0;
}

class Linter {
 public:
  explicit Linter(const Keyset& keyset) : keyset_(keyset) {}

  std::vector<LintFinding> run(const Node& root) {
    check_keys(*root.find("keys"));
    if (keyset_.schema_version() == 2) {
      const auto v2 = root.find("v2");
      if (const auto keys = v2 ? v2->find("keys") : std::nullopt) check_keys(*keys);
      check_keyset(root);
      check_roles();
    }
    return std::move(findings_);
  }

 private:
  // In the order of Keyset::keys().
  void check_keys(const Node& keys) {
    for (const Member entry : keys.members()) {
      const KeyInfo& info = keyset_.keys()[index_];
      check_bytes(info, index_);
      check_text(info, *entry.value.find("key_b64"));
      check_date(info, entry.value.find("created_at"));
      ++index_;
    }
  }

  void check_keyset(const Node& root) {
    constexpr Seconds kUsualRefresh = 300;
    const auto integrity = root.find("integrity");
    if (!integrity || !integrity->find("digest")) {
      findings_.push_back({{},
                           "the document carries no digest, so damage is not found",
                           "any piictl command that changes it adds one"});
    }
    if (keyset_.policy().propagation <= kUsualRefresh) {
      findings_.push_back(
          {{},
           "propagation is not longer than the 300 seconds between two reads of Vault and of ecsctx",
           "piictl keyset policy FILE --set propagation=PT10M, unless all readers are faster"});
    }
  }

  // Who makes tokens or indexes needs no key with which values can be read back.
  void check_roles() {
    const auto is_format = [](const KeyInfo& key) { return role_of(key.type) == KeyRole::format; };
    if (std::ranges::all_of(keyset_.keys(), is_format)) return;
    for (const KeyInfo& key : keyset_.keys()) {
      if (!is_format(key)) continue;
      report(key, "values can be read back with it, by whoever makes tokens with this keyset",
             "keep it in a keyset of its own: piictl keyset create --usage token --alg PII-FF1-2 --alphabet CHARACTERS --out FILE");
    }
  }

  void report(const KeyInfo& info, std::string message, std::string hint) {
    findings_.push_back({info.kid, std::move(message), std::move(hint)});
  }

  void check_bytes(const KeyInfo& info, std::size_t index) {
    const std::span<const std::byte> key = keyset_.impl().key(index);
    if (key.size() != keyset::kNewKeySize) {
      report(info, "the key has " + std::to_string(key.size()) + " bytes, not 32",
             "rotate to a key of 32 random bytes");
    }
    if (all_alike(key)) {
      report(info, "all bytes of the key are alike: anyone can guess it",
             "rotate to a random key and retokenize");
    }
    for (std::size_t earlier = 0; earlier < index; ++earlier) {
      // Check values are public and tell nearly all pairs apart.
      if (keyset_.keys()[earlier].check_value != info.check_value) continue;
      if (!same_bytes(keyset_.impl().key(earlier), key)) continue;
      report(info, "the same key as " + keyset_.keys()[earlier].kid,
             "a rotation makes a new key; one of the two can go");
      break;
    }
  }

  void check_text(const KeyInfo& info, const Node& text) {
    if (text.escaped() || !is_base64url(text.raw())) {
      report(info, "key_b64 is not written as unpadded base64url", "write - for +, _ for /, and no =");
    } else if (is_hex(text.raw())) {
      report(info, "key_b64 looks like hex, and is read as base64",
             "if it was meant as hex, rotate to a key that is written in base64");
    }
  }

  void check_date(const KeyInfo& info, const std::optional<Node>& date) {
    if (!date) {
      report(info, "created_at is missing", "add it, so that the age of the key is known");
    } else if (date->kind() != Kind::string || date->escaped() || !keyset::is_rfc3339(date->raw())) {
      report(info, "created_at is not an RFC 3339 date", "for example 2025-01-31T12:00:00Z");
    }
  }

  const Keyset& keyset_;
  std::size_t index_ = 0;
  std::vector<LintFinding> findings_;
};

}  // namespace

Result<std::vector<LintFinding>> lint_keyset_document(const SecretBytes& document) {
  auto keyset = parse_keyset(document);
  if (!keyset) return keyset.error();
  auto text = keyset::read_json(document);
  if (!text) return text.error();
  return Linter(**keyset).run(text->root());
}

}  // namespace pii
