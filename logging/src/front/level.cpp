#include "pii/logging/level.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pii::log {

namespace {
constexpr std::array<std::pair<std::string_view, Level>, 10> kNames = {{{"trace", Level::trace},
                                                                       {"debug", Level::debug},
                                                                       {"info", Level::info},
                                                                       {"warning", Level::warning},
                                                                       {"error", Level::error},
                                                                       {"critical", Level::critical},
                                                                       {"off", Level::off},
                                                                       {"warn", Level::warning},
                                                                       {"fatal", Level::critical},
                                                                       {"none", Level::off}}};
}  // namespace

std::string_view to_string(Level level) noexcept { return kNames[std::min<std::size_t>(static_cast<std::size_t>(level), 6)].first; }

std::optional<Level> parse_level(std::string_view text) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const auto& [name, level] : kNames) {
    if (std::equal(text.begin(), text.end(), name.begin(), name.end(), [&](char a, char b) { return lower(a) == b; })) return level;
  }
  return std::nullopt;
}

}  // namespace pii::log
