// Addresses of networks: dotted quads, RFC 4291.
#include <arpa/inet.h>

#include <array>
#include <map>
#include <regex>

#include "kit/reference_candidate.hpp"

namespace pii::kit::reference {
namespace {

// Words that the race's texts have, out of the lists of the engine.
constexpr std::string_view kVersionWords[] = {"v", "version", "release", "build", "firmware"};
constexpr std::string_view kProducts[] = {"chrome", "firefox", "version"};

std::string matched(std::string_view text, const char* pattern) {
  static std::map<std::string, std::regex> all;
  const std::regex& compiled = all.try_emplace(pattern, pattern).first->second;
  std::cmatch found;
  return std::regex_search(text.data(), text.data() + text.size(), found, compiled) ? found.str() : std::string();
}

/// The letters before `i`.
std::string word_before(std::string_view text, std::size_t i) {
  std::string word;
  while (i > 0 && is_ascii_letter(text[i - 1]) && word.size() < 16) word.insert(word.begin(), text[--i]);
  return word;
}

bool is_version(std::string_view text, std::size_t begin, const std::array<unsigned char, 16>& octets) {
  std::size_t value = begin;
  while (value > 0 && begin - value < 4 && std::string_view(" =:\"'(").find(text[value - 1]) != std::string_view::npos) --value;
  if (is_one_of(word_before(text, value), kVersionWords)) return true;
  if (begin < 2 || text[begin - 1] != '/') return false;
  const bool round = octets[2] == 0 && octets[3] == 0;  // "Chrome/120.0.0.0"
  if (text[begin - 2] == kWall) return round;
  const std::string product = word_before(text, begin - 1);
  return !product.empty() && (round || is_one_of(product, kProducts));
}

bool is_reserved_v4(const unsigned char* octets) {
  return octets[0] == 0 || octets[0] == 127 || (octets[0] == 169 && octets[1] == 254) ||
         (octets[0] == 255 && octets[1] == 255 && octets[2] == 255 && octets[3] == 255);
}

bool is_reserved_v6(const std::array<unsigned char, 16>& bytes) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), 16);
  const std::string zeros(16, '\0');
  if (all == zeros || all == zeros.substr(1) + '\x01') return true;
  if (bytes[0] == 0xFE && bytes[1] >= 0x80 && bytes[1] < 0xC0) return true;
  return all.starts_with(zeros.substr(0, 10) + "\xFF\xFF") && is_reserved_v4(bytes.data() + 12);
}

/// "/24" behind an address, if it is a network's.
std::size_t prefix_size(std::string_view text, std::size_t end, int longest) {
  const std::string prefix = matched(text.substr(end), "^/[0-9]{1,3}(?![0-9A-Za-z_/\x01-]|\\.[0-9])");
  return prefix.empty() || std::stoi(prefix.substr(1)) > longest ? 0 : prefix.size();
}

bool belongs_v4(char c) { return is_ascii_digit(c) || c == '.'; }
bool is_hex(char c) { return is_ascii_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }
bool belongs_v6(char c) { return is_hex(c) || c == ':' || c == '.'; }

}  // namespace

Candidate ipv4_candidate(std::string_view text, std::size_t begin) {
  const char before = begin > 0 ? text[begin - 1] : '\0', second = begin > 1 ? text[begin - 2] : '\0';
  if (!digit_at(text, begin) || belongs_v4(before) || is_word(before)) return {};
  std::size_t run = begin;
  while (belongs_v4(at(text, run))) ++run;
  std::size_t end = run;
  while (text[end - 1] == '.') --end;
  const std::string address(text.substr(begin, end - begin));
  std::array<unsigned char, 16> octets{};
  if (inet_pton(AF_INET, address.c_str(), octets.data()) != 1 || word_at(text, run)) return {};
  // A piece of an address of version 6.
  if (before == ':' && (second == ':' || (is_word(second) && !is_ascii_letter(second)))) return {};
  if (!free_before(text, begin) || (at(text, end) == '-' && !free_after(text, end))) return {};
  if (is_reserved_v4(octets.data()) || is_version(text, begin, octets)) return {};
  return {end + (run == end ? prefix_size(text, end, 32) : 0)};
}

Candidate ipv6_candidate(std::string_view text, std::size_t begin) {
  // The run around, and what of it is no part of the address: a colon before it, the end of a sentence or a colon behind it.
  std::size_t run = begin, end = begin;
  while (run > 0 && belongs_v6(text[run - 1])) --run;
  while (at(text, run) == '.') ++run;
  // `1.2a02:…`: behind an item's number.
  const std::string number = run > 0 && word_at(text, run - 1) ? std::string() : matched(text.substr(run), "^([0-9]+\\.)+(?=[0-9A-Fa-f:])");
  run += number.size();
  if (run >= 3 && lower(text.substr(run - 3, 5)) == "ipv6:") run += 2;
  while (belongs_v6(at(text, end))) ++end;
  const std::size_t run_end = end;
  const bool lone = at(text, run) == ':' && at(text, run + 1) != ':';
  if (begin != run + (lone ? 1 : 0) || run_end - run > 64) return {};
  while (end > begin && (text[end - 1] == '.' || (text[end - 1] == ':' && (end - begin < 2 || text[end - 2] != ':')))) --end;
  if (end == begin) return {};
  std::size_t before = begin;
  while (before > 0 && (text[before - 1] == ':' || text[before - 1] == '.')) --before;
  if ((before > 0 && text[before - 1] == kWall) || at(text, run_end) == kWall) return {};
  if (word_at(text, begin - 1) || word_at(text, end) || (at(text, begin - 1) == '.' && word_at(text, begin - 2) && number.empty())) return {};
  std::string address(text.substr(begin, end - begin));
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) {
    // With a port behind it, as packet dumps have it.
    static const std::regex kPort("([^.]*)\\.[0-9]{0,5}");
    std::smatch parts;
    if (!std::regex_match(address, parts, kPort)) return {};
    address = std::string(parts[1]);
    end = begin + address.size();
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return {};
  }
  if (is_reserved_v6(bytes)) return {};
  // Names and slices ("a::b", "1::2"), hardware addresses of eight pairs.
  const bool dotted = address.find('.') != std::string::npos, digit = !digits_in(address).empty();
  const auto colons = std::count(address.begin(), address.end(), ':') + (lone ? 1 : 0) +
                      std::count(text.begin() + static_cast<std::ptrdiff_t>(end), text.begin() + static_cast<std::ptrdiff_t>(run_end), ':');
  if (matched(address, "[0-9A-Fa-f]{3}").empty() && !dotted) return {};
  if (!digit && colons < 3) return {};
  if (colons == 7 && matched(address, "[0-9A-Fa-f]{3}").empty()) return {};
  if (end == run_end) end += matched(text.substr(end), "^%[A-Za-z0-9_-]{1,16}(?![A-Za-z0-9_\x01])").size();
  return {end + prefix_size(text, end, 128)};
}

}  // namespace pii::kit::reference
