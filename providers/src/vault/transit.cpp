#include "vault/transit.hpp"

#include "pii/base64url.hpp"
#include "vault/json_body.hpp"

namespace pii::providers::vault {
namespace {

// "MOUNT/KEY" to "MOUNT/encrypt/KEY".
std::string operation_path(const std::string& path, std::string_view operation) {
  const std::size_t slash = path.rfind('/');
  return path.substr(0, slash) + "/" + std::string(operation) + "/" + path.substr(slash + 1);
}

Failure no_key(const std::string& path) {
  return {Failure::Kind::other, Error(ErrorCode::invalid_setting, "vault-transit:" + path + ": is not MOUNT/KEY",
                                      "such as vault-transit:transit/pii")};
}

Failure unusable(const std::string& path) {
  return {Failure::Kind::other, Error(ErrorCode::provider_unavailable,
                                      "vault-transit:" + path + ": an answer that cannot be used")};
}

// Transit speaks the standard alphabet with padding.
SecretBytes standard_base64(const SecretBytes& bytes) {
  const std::size_t size = base64url_encoded_size(bytes.size());
  SecretBytes text((size + 3) / 4 * 4);
  char* const out = reinterpret_cast<char*>(text.expose_mutable().data());
  base64url_encode(bytes.expose(), out);
  for (std::size_t i = 0; i < size; ++i) out[i] = out[i] == '-' ? '+' : out[i] == '_' ? '/' : out[i];
  for (std::size_t i = size; i < text.size(); ++i) out[i] = '=';
  return text;
}

}  // namespace

std::optional<Failure> wrap_key(Session& session, const std::string& path, const SecretBytes& key, std::string& out) {
  if (path.find('/') == std::string::npos) return no_key(path);
  const SecretBytes plaintext = standard_base64(key);
  HttpRequest request{"POST", operation_path(path, "encrypt"), nullptr,
                      make_body({{"{\"plaintext\":"}, json_string(text_of(plaintext)), {"}"}})};
  const Answer answer = session.call(std::move(request), "vault-transit:" + path);
  if (answer.failure) return answer.failure;
  const auto wrapped = answer.json ? answer.json->find({"data", "ciphertext"}) : std::nullopt;
  out = wrapped ? wrapped->plain_text(2048) : std::string();
  return out.empty() ? std::optional(unusable(path)) : std::nullopt;
}

std::optional<Failure> unwrap_key(Session& session, const std::string& path, std::string_view wrapped,
                                  SecretBytes& out) {
  if (path.find('/') == std::string::npos) return no_key(path);
  HttpRequest request{"POST", operation_path(path, "decrypt"), nullptr,
                      make_body({{"{\"ciphertext\":"}, json_string(wrapped), {"}"}})};
  const Answer answer = session.call(std::move(request), "vault-transit:" + path);
  if (answer.failure && answer.failure->kind == Failure::Kind::rejected) {
    return Failure{Failure::Kind::rejected,
                   Error(ErrorCode::reveal_failed, "vault-transit:" + path + ": does not unwrap this key",
                         "it was wrapped by another key, or the key's old versions are gone")};
  }
  if (answer.failure) return answer.failure;
  const auto plaintext = answer.json ? answer.json->find({"data", "plaintext"}) : std::nullopt;
  if (!plaintext || !plaintext->is_string()) return unusable(path);
  const SecretBytes text = plaintext->secret_text();
  out = SecretBytes(base64url_decoded_capacity(text.size()));
  const auto size = base64url_decode(text_of(text), out.expose_mutable(), Base64Mode::lenient);
  if (!size) return unusable(path);
  out.shrink(*size);
  return std::nullopt;
}

}  // namespace pii::providers::vault
