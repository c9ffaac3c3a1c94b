#include <cstring>

#include "pii/base64url.hpp"
#include "pii/logging/ship.hpp"

namespace pii::ship {

namespace {

SecretBytes join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  SecretBytes out(size);
  std::byte* at = out.expose_mutable().data();
  for (const std::string_view part : parts) {
    std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  return out;
}

// A line end in a secret would begin another header.
bool fits_a_header(std::string_view text) noexcept {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  }
  return !text.empty();
}

std::shared_ptr<const SecretBytes> with_scheme(std::string_view scheme, std::string_view secret) {
  if (!fits_a_header(secret)) return nullptr;
  return std::make_shared<const SecretBytes>(join({scheme, secret}));
}

}  // namespace

Credentials Credentials::bearer(std::string_view token) { return Credentials(with_scheme("Bearer ", token)); }
Credentials Credentials::api_key(std::string_view key) { return Credentials(with_scheme("ApiKey ", key)); }

Credentials Credentials::basic(std::string_view user, std::string_view password) {
  if (!fits_a_header(user) || user.find(':') != std::string_view::npos) return {};
  const SecretBytes plain = join({user, ":", password});
  constexpr std::string_view kScheme = "Basic ";
  const std::size_t size = base64url_encoded_size(plain.size());
  const std::size_t padded = (size + 3) / 4 * 4;
  auto out = std::make_shared<SecretBytes>(kScheme.size() + padded);
  char* const text = reinterpret_cast<char*>(out->expose_mutable().data());
  std::memcpy(text, kScheme.data(), kScheme.size());
  base64url_encode(plain.expose(), text + kScheme.size());
  // The other alphabet of RFC 4648, with padding.
  for (char* at = text + kScheme.size(); at != text + kScheme.size() + size; ++at) *at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
  std::memset(text + kScheme.size() + size, '=', padded - size);
  return Credentials(std::move(out));
}

}  // namespace pii::ship
