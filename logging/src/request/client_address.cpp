#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstdint>

#include "pii/logging/request.hpp"
#include "request/headers.hpp"

namespace pii::log {

namespace {

// An address of either family; IPv4 as IPv6 maps it.
std::optional<std::array<std::uint8_t, 16>> parse_address(std::string_view text) {
  std::array<std::uint8_t, 16> bytes{};
  const std::string copy(text);
  if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};
  if (::inet_pton(AF_INET, copy.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

bool matches(const std::array<std::uint8_t, 16>& address, std::string_view network) {
  const std::size_t slash = network.find('/');
  const auto base = parse_address(network.substr(0, slash));
  if (!base) return false;
  const bool v4 = network.find(':') == std::string_view::npos;
  unsigned bits = v4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = network.substr(slash + 1);
    unsigned given = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), given).ec != std::errc{} || given > bits) return false;
    bits = given;
  }
  if (v4) bits += 96;
  for (unsigned bit = 0; bit < bits; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
    if (((address[bit / 8] ^ (*base)[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

// `1.2.3.4:80`, `"[::1]:80"`: the address alone.
std::string_view bare(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '"')) text.remove_suffix(1);
  if (text.starts_with('[')) return text.substr(1, text.find(']') == std::string_view::npos ? 0 : text.find(']') - 1);
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos ? text.substr(0, colon) : text;
}

// What proxies wrote, the nearest last.
std::vector<std::string_view> hops_of(const Headers& headers) {
  std::vector<std::string_view> hops;
  const auto split = [&](std::string_view list, bool forwarded) {
    while (!list.empty()) {
      const std::size_t comma = list.find(',');
      std::string_view one = list.substr(0, comma);
      list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
      if (forwarded) {
        const std::size_t at = find_no_case(one, "for=");
        if (at == std::string_view::npos) continue;
        one = one.substr(at + 4);
        one = one.substr(0, one.find(';'));
      }
      hops.push_back(bare(one));
    }
  };
  if (const auto list = header_of(headers, "x-forwarded-for"); !list.empty()) {
    split(list, false);
  } else if (const auto other = header_of(headers, "forwarded"); !other.empty()) {
    split(other, true);
  } else if (const auto real = header_of(headers, "x-real-ip"); !real.empty()) {
    hops.push_back(bare(real));
  }
  return hops;
}

}  // namespace

std::string client_address(std::string_view peer, const Headers& headers, const std::vector<std::string>& trusted_proxies) {
  std::string client(peer);
  const auto trusted = [&](std::string_view address) {
    const auto bytes = parse_address(address);
    return bytes && std::any_of(trusted_proxies.begin(), trusted_proxies.end(), [&](const auto& network) { return matches(*bytes, network); });
  };
  if (!trusted(peer)) return client;
  const auto hops = hops_of(headers);
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    if (!parse_address(*hop)) break;  // what follows is the stranger's own
    client = *hop;
    if (!trusted(*hop)) break;
  }
  return client;
}

}  // namespace pii::log
