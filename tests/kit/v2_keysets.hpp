#pragma once

#include <string>
#include <string_view>

#include "kit/static_provider.hpp"

namespace pii::kit {

/// Documents of schema 2 put together from rows of keys, `"kid":{…}`.
inline std::string v2_key(std::string_view kid, std::string_view alg, std::string_view status, char fill,
                          std::string_view params = "{}") {
  // 32 bytes of base64url: 43 characters, the last of which has no spare bits.
  return "\"" + std::string(kid) + R"(":{"alg":")" + std::string(alg) + R"(","status":")" + std::string(status) +
         R"(","key_b64":")" + std::string(42, fill) + R"(A","params":)" + std::string(params) + "}";
}

inline std::string v2_document(std::string_view v1_keys, std::string_view v2_keys, std::string_view v1_primary,
                               std::string_view v2_primary, std::string_view policy) {
  const auto id = [](std::string_view kid) {
    return kid.empty() ? std::string("null") : "\"" + std::string(kid) + "\"";
  };
  return R"({"schema_version":2,"primary_kid":)" + id(v1_primary) + R"(,"keys":{)" + std::string(v1_keys) +
         R"(},"v2":{"primary_kid":)" + id(v2_primary) + R"(,"keys":{)" + std::string(v2_keys) +
         R"(}},"keyset":{"id":"test","policy":{)" + std::string(policy) + "}}}";
}

inline constexpr std::string_view kV1Token =
    R"("tk1":{"alg":"HMAC-SHA-256","status":"active","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"})";
inline constexpr std::string_view kV1Reveal =
    R"("rk1":{"alg":"AES-256-GCM","status":"active","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"})";
inline constexpr std::string_view kWriteV2 = R"("write_version":2)";

inline std::shared_ptr<const Keyset> v2_token_keyset(std::string_view policy = kWriteV2) {
  return keyset(v2_document(kV1Token,
                            v2_key("tok2", "PII-TOK-2", "active", 'a') + "," +
                                v2_key("tok3", "PII-TOK-2", "staged", 'b', R"({"len":32})") + "," +
                                v2_key("idx1", "PII-IDX-2", "active", 'c', R"({"bits":20})"),
                            "tk1", "tok2", policy));
}
inline std::shared_ptr<const Keyset> v2_reveal_keyset(std::string_view policy = kWriteV2,
                                                      std::string_view active = "enc2") {
  const auto status = [&](std::string_view kid) { return kid == active ? "active" : "retiring"; };
  return keyset(v2_document(kV1Reveal,
                            v2_key("enc2", "PII-AEAD-2", status("enc2"), 'a') + "," +
                                v2_key("enc3", "PII-AEAD-2", status("enc3"), 'b', R"({"pad":16})") + "," +
                                v2_key("slim", "XAES-256-GCM", status("slim"), 'c'),
                            "rk1", active, policy));
}

}  // namespace pii::kit
