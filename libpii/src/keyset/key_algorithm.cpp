#include "pii/key_algorithm.hpp"

#include <algorithm>
#include <array>

namespace pii {
namespace {

constexpr std::array<std::string_view, kKeyAlgorithms> kAlgorithms = {
    "HMAC-SHA-256", "AES-256-GCM", "PII-TOK-2", "PII-IDX-2", "PII-FF1-2", "PII-AEAD-2", "XAES-256-GCM"};
constexpr std::array<std::string_view, kKeyStatuses> kStatuses = {
    "staged", "active", "retiring", "disabled", "destroy_scheduled", "destroyed"};

template <class Enum, std::size_t size>
std::optional<Enum> find_name(const std::array<std::string_view, size>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view to_string(KeysetUsage usage) noexcept {
  return usage == KeysetUsage::token ? "token" : "reveal";
}

std::string_view to_string(KeyAlgorithm algorithm) noexcept {
  return kAlgorithms[static_cast<std::size_t>(algorithm)];
}
std::optional<KeyAlgorithm> parse_key_algorithm(std::string_view name) noexcept {
  return find_name<KeyAlgorithm>(kAlgorithms, name);
}

std::string_view to_string(KeyStatus status) noexcept { return kStatuses[static_cast<std::size_t>(status)]; }
std::optional<KeyStatus> parse_key_status(std::string_view name) noexcept {
  return find_name<KeyStatus>(kStatuses, name);
}

}  // namespace pii
