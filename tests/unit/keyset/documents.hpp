#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "keyset/keyset_rules.hpp"
#include "pii/keyset.hpp"
#include "pii/secret.hpp"

namespace pii::kit {

// 00..1F and 20..3F in base64url.
inline constexpr std::string_view kKeyA = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
inline constexpr std::string_view kKeyB = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";

inline SecretBytes document_of(std::string_view text) {
  return SecretBytes::copy_of(std::as_bytes(std::span(text)));
}

/// One entry of `keys`.
inline std::string entry(std::string_view kid, std::string_view key_text,
                         std::string_view alg = "HMAC-SHA-256") {
  return std::string("\"")
             .append(kid)
             .append(R"(":{"alg":")")
             .append(alg)
             .append(R"(","created_at":"2025-01-01T00:00:00Z","key_b64":")") +
         std::string(key_text) + "\"}";
}

/// A document with these entries; `more` follows them ("" or ",\"name\":value").
inline std::string document_text(std::string_view entries, std::string_view primary = "k1",
                                 std::string_view more = "") {
  return std::string(R"({"schema_version":1,"primary_kid":")")
      .append(primary)
      .append(R"(","keys":{)")
      .append(entries)
      .append("}")
      .append(more)
      .append("}");
}

inline Result<std::shared_ptr<const Keyset>> parse(std::string_view text,
                                                   std::optional<KeysetUsage> usage = std::nullopt) {
  return parse_keyset(document_of(text), usage);
}

inline std::string_view text_of(const SecretBytes& document) { return keyset::text_of(document); }

}  // namespace pii::kit
