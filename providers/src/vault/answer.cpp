#include "vault/answer.hpp"

#include <string>
#include <utility>

namespace pii::providers::vault {
namespace {

using Kind = Failure::Kind;

constexpr std::size_t kMaxDepth = 16;

Failure fail(Kind kind, ErrorCode code, std::string_view what, const char* why, const char* hint,
             bool again = false) {
  return {kind, Error(code, std::string(what) + ": " + why, hint), again};
}

// Whether one of the server's error texts holds `words`.
bool says(const std::optional<SecretJson>& json, std::string_view words) {
  if (!json) return false;
  const auto errors = json->find({"errors"});
  if (!errors) return false;
  for (std::size_t i = 0; i < errors->size(); ++i) {
    if (errors->at(i)->plain_text(4096).find(words) != std::string::npos) return true;
  }
  return false;
}

Failure judge_missing(const std::optional<SecretJson>& json, std::string_view what) {
  // A deleted version: the KV engine still tells about it.
  if (json && json->find({"data", "metadata"})) {
    return fail(Kind::absent, ErrorCode::provider_unavailable, what, "its latest version is deleted",
                "undelete it, or write it again: piictl vault push");
  }
  if (json && json->find({"warnings"}) && json->find({"warnings"})->size() > 0) {
    return fail(Kind::absent, ErrorCode::provider_unavailable, what, "is no path of this KV engine",
                "version 2 wants data after the mount: secret/data/...");
  }
  return fail(Kind::absent, ErrorCode::provider_unavailable, what, "there is nothing",
              "check the path, the mount and PII_VAULT_NAMESPACE; piictl vault push writes it");
}

Failure judge_failure(long status, const std::optional<SecretJson>& json, std::string_view what) {
  constexpr auto kUnavailable = ErrorCode::provider_unavailable;
  switch (status) {
    case 400:
      if (says(json, "check-and-set")) {
        return fail(Kind::conflict, ErrorCode::conflict, what, "somebody else wrote it meanwhile",
                    "look at what is there now, then try again");
      }
      return fail(Kind::rejected, kUnavailable, what, "the server refuses the request",
                  "check the path and the mount; piictl doctor tells more");
    case 401:
    case 403:
      return fail(Kind::forbidden, ErrorCode::access_denied, what, "the server does not allow it",
                  "piictl vault policy prints the policy that the role needs; check PII_VAULT_NAMESPACE too");
    case 404:
      return judge_missing(json, what);
    case 405:
      return fail(Kind::other, kUnavailable, what, "this path does not know the operation",
                  "check the path: version 2 of KV wants data after the mount");
    case 412:
      return fail(Kind::unavailable, kUnavailable, what, "the server is behind its leader", "try again",
                  true);
    case 429:
      return fail(Kind::unavailable, kUnavailable, what, "the server asks for fewer requests",
                  "try again later", true);
    case 472:
    case 473:
      return fail(Kind::unavailable, kUnavailable, what, "the server is a standby that answers nothing",
                  "name the active server in PII_VAULT_ADDR", true);
    case 501:
      return fail(Kind::unavailable, kUnavailable, what, "the server is not initialized",
                  "somebody must run its operator init");
    case 503:
      if (says(json, "sealed")) {
        return fail(Kind::unavailable, kUnavailable, what, "the server is sealed",
                    "somebody must unseal it; it is tried again until then");
      }
      return fail(Kind::unavailable, kUnavailable, what, "the server is not available", "try again later",
                  true);
    default:
      break;
  }
  if (status >= 300 && status < 400) {
    return fail(Kind::other, kUnavailable, what,
                "the server redirects to another address, which is not followed",
                "name the active server's own address in PII_VAULT_ADDR");
  }
  if (status >= 500) {
    return fail(Kind::unavailable, kUnavailable, what, "the server has failed", "try again later", true);
  }
  return fail(Kind::other, kUnavailable, what, "an answer that no Vault server gives",
              "check PII_VAULT_ADDR");
}

}  // namespace

Answer judge(HttpResponse response, std::string_view what) {
  std::optional<SecretJson> json;
  const bool empty = response.body.empty();
  if (!empty) {
    auto parsed = SecretJson::parse(std::move(response.body), kMaxDepth);
    if (parsed) json = *std::move(parsed);
  }
  if (response.status == 200 && json) return {std::move(json), std::nullopt};
  if (response.status == 204) return {};
  if (response.status == 200) {
    return {std::nullopt, fail(Kind::other, ErrorCode::provider_unavailable, what,
                               "an answer that is not JSON", "check PII_VAULT_ADDR")};
  }
  Failure failure = judge_failure(response.status, json, what);
  failure.retry_after = response.retry_after;
  return {std::nullopt, std::move(failure)};
}

Failure no_response(const Error& error) {
  // A certificate that is not good now is no better in the same attempt, and may be in a later one.
  const bool away = error.code() == ErrorCode::provider_unavailable;
  const bool passing = away || error.code() == ErrorCode::no_secure_connection;
  return {passing ? Kind::unavailable : Kind::other, error, away};
}

}  // namespace pii::providers::vault
