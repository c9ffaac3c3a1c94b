#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// base64url as one would explain it, bit by bit: what the fast code is raced against.
namespace pii::reference {

inline constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using Bytes = std::vector<std::uint8_t>;

inline std::string encode(const Bytes& bytes) {
  std::string bits;
  for (const std::uint8_t byte : bytes) {
    for (int i = 7; i >= 0; --i) bits += (byte >> i & 1) != 0 ? '1' : '0';
  }
  while (bits.size() % 6 != 0) bits += '0';
  std::string text;
  for (std::size_t i = 0; i < bits.size(); i += 6)
    text += kAlphabet[std::stoul(bits.substr(i, 6), nullptr, 2)];
  return text;
}

// The whole bytes in the bits of `text`, which is of the alphabet; `rest` gets the bits behind them.
inline Bytes whole_bytes(std::string_view text, std::string& rest) {
  std::string bits;
  for (const char c : text) {
    const std::size_t sextet = kAlphabet.find(c);
    for (int i = 5; i >= 0; --i) bits += (sextet >> i & 1) != 0 ? '1' : '0';
  }
  Bytes bytes;
  std::size_t i = 0;
  for (; i + 8 <= bits.size(); i += 8)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(bits.substr(i, 8), nullptr, 2)));
  rest = bits.substr(i);
  return bytes;
}

// The bytes, or nothing and the offset of what is wrong.
struct Decoded {
  std::optional<Bytes> bytes;
  std::size_t offset = 0;
};

inline Decoded decode_strict(std::string_view text) {
  const std::size_t foreign = text.find_first_not_of(kAlphabet);
  if (foreign != std::string_view::npos) return {std::nullopt, foreign};
  std::string rest;
  Bytes bytes = whole_bytes(text, rest);
  if (rest.size() == 6 || rest.find('1') != std::string::npos) return {std::nullopt, text.size() - 1};
  return {bytes, 0};
}

inline Decoded decode_lenient(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) > 127) return {std::nullopt, i};
  }
  const std::size_t size = text.size();
  while (text.size() % 4 != 0) text += '=';
  Bytes bytes;
  std::string group;
  std::string rest;
  std::size_t pads = 0;
  const auto end_group = [&] {
    const Bytes some = whole_bytes(group, rest);
    bytes.insert(bytes.end(), some.begin(), some.end());
    group.clear();
  };
  for (char c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
    if (c == '=' && group.size() >= 2 && group.size() + ++pads >= 4) {
      end_group();
      return {bytes, 0};
    }
    if (kAlphabet.find(c) == std::string_view::npos) continue;
    pads = 0;
    group += c;
    if (group.size() == 4) end_group();
  }
  if (!group.empty()) return {std::nullopt, size};
  return {bytes, 0};
}

}  // namespace pii::reference
