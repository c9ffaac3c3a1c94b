#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

#include "pii/key_life.hpp"
#include "pii/keyset.hpp"
#include "pii/keyset_draft.hpp"

namespace pii::kit {

inline std::string text_of(const SecretBytes& document) {
  const auto bytes = document.expose();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline SecretBytes document_of(std::string_view text) {
  return SecretBytes::copy_of(std::as_bytes(std::span(text)));
}

/// A keyset with one active key.
inline KeysetDraft one_key(KeysetUsage usage, Seconds now) {
  KeysetDraft draft = KeysetDraft::make(usage);
  const bool token = usage == KeysetUsage::token;
  const auto algorithm = token ? KeyAlgorithm::hmac_sha_256 : KeyAlgorithm::aes_256_gcm;
  const std::string kid = token ? "tk1" : "rk1";
  EXPECT_TRUE(key_life::stage(draft.record(), kid, algorithm, {}, now));
  EXPECT_TRUE(key_life::promote(draft.record(), kid, now, {.force = true}));
  return draft;
}

inline std::string error_of(const Result<void>& result) { return result ? "" : result.error().message(); }

/// What a version 1 reader makes of a document of schema 2: it looks at nothing that version 1 does not have.
inline Result<std::shared_ptr<const Keyset>> read_as_version_1(const SecretBytes& document) {
  std::string text = text_of(document);
  const std::string_view two = "\"schema_version\": 2";
  EXPECT_NE(text.find(two), std::string::npos);
  text.replace(text.find(two), two.size(), "\"schema_version\": 1");
  const std::size_t integrity = text.find("\"integrity\"");  // of the text as it was
  EXPECT_NE(integrity, std::string::npos);
  text.replace(integrity, 11, "\"ignored\"");
  return parse_keyset(document_of(text));
}

}  // namespace pii::kit
