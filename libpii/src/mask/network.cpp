#include "mask/network.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace pii::mask {
namespace {

void keep_bits(unsigned char* bytes, std::size_t size, unsigned bits) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned kept = bits >= 8 * (i + 1) ? 8 : bits <= 8 * i ? 0 : bits - 8 * static_cast<unsigned>(i);
    bytes[i] = static_cast<unsigned char>(bytes[i] & (0xFF00U >> kept));
  }
}

}  // namespace

bool append_network(std::string_view address, std::uint8_t v4_prefix, std::uint8_t v6_prefix, std::string& out) {
  address = address.substr(0, address.find_first_of("/%"));
  char text[INET6_ADDRSTRLEN];
  if (address.size() >= sizeof text) return false;
  std::memcpy(text, address.data(), address.size());
  text[address.size()] = '\0';
  unsigned char bytes[16];
  const bool v4 = ::inet_pton(AF_INET, text, bytes) == 1;
  if (!v4 && ::inet_pton(AF_INET6, text, bytes) != 1) return false;
  const std::uint8_t prefix = v4 ? v4_prefix : v6_prefix;
  keep_bits(bytes, v4 ? 4 : 16, prefix);
  if (::inet_ntop(v4 ? AF_INET : AF_INET6, bytes, text, sizeof text) == nullptr) return false;
  out += text;
  out += '/';
  out += std::to_string(prefix);
  return true;
}

}  // namespace pii::mask
