#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "pii/provider.hpp"
#include "pii/secret.hpp"

namespace pii::kit {

inline SecretBytes secret(std::string_view text) {
  return SecretBytes::copy_of(std::as_bytes(std::span(text.data(), text.size())));
}

/// The keyset of a document that must parse.
inline std::shared_ptr<const Keyset> keyset(std::string_view document) {
  auto parsed = parse_keyset(secret(document));
  if (!parsed) {
    std::fputs(("the test's own keyset does not parse: " + parsed.error().message() + "\n").c_str(), stderr);
    std::abort();
  }
  return *std::move(parsed);
}

/// A provider whose keysets a test puts in force itself.
class StaticProvider final : public KeysetProvider {
 public:
  explicit StaticProvider(std::shared_ptr<const Keyset> token = nullptr,
                          std::shared_ptr<const Keyset> reveal = nullptr) {
    if (token != nullptr) replace(KeysetUsage::token, std::move(token));
    if (reveal != nullptr) replace(KeysetUsage::reveal, std::move(reveal));
  }

  void replace(KeysetUsage usage, std::shared_ptr<const Keyset> keyset) {
    cell_for_update(usage).replace(std::move(keyset));
  }
  Result<void> load(KeysetUsage) override {
    ++loads;
    if (load_succeeds) return {};
    return Error(ErrorCode::provider_unavailable, "the static provider was given no keyset");
  }
  ProviderHealth health() const override { return {}; }

  int loads = 0;
  bool load_succeeds = false;
};

// Documents of version 1. The bytes of the keys are 00..1F, 20..3F, ...
inline constexpr std::string_view kTokenDocument =
    R"({"schema_version":1,"primary_kid":"tk2","keys":{)"
    R"("tk1":{"alg":"HMAC-SHA-256","created_at":"2025-01-01T00:00:00Z","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},)"
    R"("tk2":{"alg":"HMAC-SHA-256","created_at":"2025-02-01T00:00:00Z","key_b64":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"},)"
    R"("tk3":{"alg":"HMAC-SHA-256","created_at":"2025-03-01T00:00:00Z","key_b64":"QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8"}}})";
inline constexpr std::string_view kRevealDocument =
    R"({"schema_version":1,"primary_kid":"rk1","keys":{)"
    R"("rk1":{"alg":"AES-256-GCM","created_at":"2025-01-01T00:00:00Z","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},)"
    R"("rk2":{"alg":"AES-256-GCM","created_at":"2025-02-01T00:00:00Z","key_b64":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"}}})";

}  // namespace pii::kit
