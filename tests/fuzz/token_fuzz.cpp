// What is read as a token is one: the same text, and a MAC that makes it again.
#include <array>
#include <cstdint>
#include <cstdlib>

#include "pii/base64url.hpp"
#include "pii/blind_index.hpp"
#include "pii/format_token.hpp"
#include "pii/names.hpp"
#include "pii/token.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto token = pii::Token::parse(text);
  if (token) {
    require(token->view() == text);
    std::array<std::byte, 33> mac;
    const auto decoded = pii::base64url_decode(text.substr(text.rfind(':') + 1), mac);
    require(decoded && *decoded >= pii::kMinTokenLength && *decoded <= pii::kMaxTokenLength);
    if (token->version() == 1) {
      require(*decoded == 32 && token->kid().empty());
      require(pii::Token::from_mac(std::span<const std::byte, 32>(mac.data(), 32)) == *token);
    } else {
      require(token->version() == 2 && pii::is_valid_v2_kid(token->kid()));
      require(pii::Token::from_mac_v2(token->kid(), std::span(mac).first(*decoded)) == *token);
    }
  } else {
    const pii::ErrorCode code = token.error().code();
    require(code == pii::ErrorCode::malformed_token || code == pii::ErrorCode::unsupported_version);
  }
  if (const auto index = pii::BlindIndex::parse(text)) {
    require(index->view() == text && pii::is_valid_v2_kid(index->kid()));
  }
  if (const auto parts = pii::parse_format_token(text)) {
    require(pii::is_valid_v2_kid(parts->kid) && parts->characters.size() <= pii::kMaxFormatValue);
    require(parts->kid.size() + parts->characters.size() + 1 + pii::kFormatTokenPrefix.size() == size);
  }
  if (size >= 32) {
    const auto made = pii::Token::from_mac(std::as_bytes(std::span(data, size)).first<32>());
    require(pii::Token::parse(made.view()).has_value());
  }
  return 0;
}
