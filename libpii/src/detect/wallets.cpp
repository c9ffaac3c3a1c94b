#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "crypto/sha256.hpp"
#include "detect/families.hpp"
#include "detect/keccak.hpp"

namespace pii::detect {
namespace {

// Base58Check: 25 bytes, the last four of a double SHA-256.
bool is_base58_address(std::string_view text) noexcept {
  constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  constexpr std::size_t kSize = 25;
  std::array<std::byte, kSize> bytes{};
  for (const char c : text) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return false;
    auto carry = static_cast<unsigned>(digit);
    for (std::size_t i = kSize; i-- > 0;) {
      carry += static_cast<unsigned>(bytes[i]) * 58;
      bytes[i] = static_cast<std::byte>(carry & 0xFF);
      carry >>= 8;
    }
    if (carry != 0) return false;
  }
  if (bytes[0] != std::byte{0} && bytes[0] != std::byte{5}) return false;
  const auto once = crypto::sha256(std::span(bytes).first<21>());
  const auto twice = crypto::sha256(once);
  return std::equal(bytes.begin() + 21, bytes.end(), twice.begin());
}

// BIP 173 and BIP 350.
bool is_bech32_address(std::string_view text) noexcept {
  constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  constexpr std::uint32_t kGenerator[] = {0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3};
  const bool small = std::none_of(text.begin(), text.end(), [](char c) { return is_class(c, kUpper); });
  const bool capital = std::none_of(text.begin(), text.end(), [](char c) { return is_class(c, kLower); });
  if (!small && !capital) return false;
  std::uint32_t sum = 1;
  const auto feed = [&](std::uint32_t value) {
    const std::uint32_t top = sum >> 25;
    sum = (sum & 0x1FFFFFF) << 5 ^ value;
    for (std::size_t i = 0; i < 5; ++i) sum ^= (top >> i & 1) != 0 ? kGenerator[i] : 0;
  };
  for (const std::uint32_t value : {3U, 3U, 0U, 'b' & 31U, 'c' & 31U}) feed(value);
  std::size_t version = 0;
  for (std::size_t i = 3; i < text.size(); ++i) {
    const std::size_t value = kAlphabet.find(to_lower(text[i]));
    if (value == std::string_view::npos) return false;
    if (i == 3) version = value;
    feed(static_cast<std::uint32_t>(value));
  }
  return version == 0 ? sum == 1 : version <= 16 && sum == 0x2BC830A3;
}

// EIP-55: in mixed case the capitals are a checksum.
bool is_eth_address(std::string_view hex) noexcept {
  const bool small = std::none_of(hex.begin(), hex.end(), [](char c) { return is_class(c, kUpper); });
  const bool capital = std::none_of(hex.begin(), hex.end(), [](char c) { return is_class(c, kLower); });
  if (small || capital) return true;
  std::array<char, 40> lower;
  std::transform(hex.begin(), hex.end(), lower.begin(), to_lower);
  const auto hash = keccak256({lower.data(), lower.size()});
  for (std::size_t i = 0; i < 40; ++i) {
    const bool up = (hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15) >= 8;
    if (is_letter(hex[i]) && is_class(hex[i], kUpper) != up) return false;
  }
  return true;
}

// Calls visit(begin, end) for each word of letters and digits that nothing touches.
template <typename Visit>
void for_each_word(Scan& scan, Visit visit) {
  const std::string_view text = scan.free_text();
  for (std::size_t i = scan.begin(); i < text.size();) {
    const std::size_t begin = i;
    while (i < text.size() && is_word(text[i])) ++i;
    if (i == begin) {
      ++i;
    } else if (!scan.touches(begin - 1) && !scan.touches(i) && scan.free_before(begin) && scan.at(i) != '-') {
      visit(begin, i);
    }
  }
}

}  // namespace

void find_btc(Scan& scan, Level level) {
  for_each_word(scan, [&](std::size_t begin, std::size_t end) {
    const std::string_view word = scan.view(begin, end);
    const std::size_t size = word.size();
    const bool old =
        size >= 26 && size <= 35 && (word[0] == '1' || word[0] == '3') && is_base58_address(word);
    const bool segwit =
        size >= 42 && size <= 62 && equals_folded(word.substr(0, 3), "bc1") && is_bech32_address(word);
    if ((old || segwit) && scan.allows(Detector::btc, level, begin)) scan.take(begin, end, Detector::btc);
  });
}

void find_eth(Scan& scan, Level level) {
  for_each_word(scan, [&](std::size_t begin, std::size_t end) {
    const std::string_view word = scan.view(begin, end);
    if (word.size() != 42 || !equals_folded(word.substr(0, 2), "0x")) return;
    const std::string_view hex = word.substr(2);
    if (!std::all_of(hex.begin(), hex.end(), is_hex) || !is_eth_address(hex)) return;
    if (scan.allows(Detector::eth, level, begin)) scan.take(begin, end, Detector::eth);
  });
}

}  // namespace pii::detect
