#include "encode/placement.hpp"

#include <algorithm>
#include <array>

namespace pii::log {

namespace {

constexpr std::array<std::string_view, 24> kRoot = {
    "http",    "url",     "event",   "span",      "user",  "user_agent",  "client",     "trace",  "service", "error",   "log",  "payment",
    "project", "message", "timestamp", "merchant_id", "session_id", "labels", "payload", "headers", "view", "extra", "ecs_event", "level"};

// ecsctx's list and that of its README.
constexpr std::array<std::string_view, 29> kReserved = {
    "agent",   "client",       "cloud",    "container", "destination", "dns",    "ecs",    "error", "event", "file",
    "group",   "host",         "http",     "log",       "network",     "observer", "organization", "process", "rule", "server",
    "service", "source",       "span",     "threat",    "tls",         "trace",  "transaction", "url", "user"};

struct Member {
  std::string_view name;
  std::string_view member;
};
constexpr std::array<Member, 14> kScalarMembers = {{{"error", "message"},
                                                    {"url", "full"},
                                                    {"user", "name"},
                                                    {"host", "name"},
                                                    {"source", "address"},
                                                    {"server", "address"},
                                                    {"client", "address"},
                                                    {"destination", "address"},
                                                    {"event", "action"},
                                                    {"service", "name"},
                                                    {"trace", "id"},
                                                    {"span", "id"},
                                                    {"log", "original"},
                                                    {"file", "path"}}};

}  // namespace

bool RootFields::keeps(std::string_view key) const noexcept {
  if (key.starts_with('_')) return true;
  const std::string_view first = key.substr(0, key.find('.'));
  if (std::find(kRoot.begin(), kRoot.end(), first) != kRoot.end()) return true;
  return std::find(more_.begin(), more_.end(), key) != more_.end() || std::find(more_.begin(), more_.end(), first) != more_.end();
}

bool is_reserved(std::string_view name) noexcept { return std::binary_search(kReserved.begin(), kReserved.end(), name); }

std::uint32_t reserved_bit(std::string_view name) noexcept {
  const auto found = std::lower_bound(kReserved.begin(), kReserved.end(), name);
  return found != kReserved.end() && *found == name ? std::uint32_t{1} << (found - kReserved.begin()) : 0;
}

std::vector<std::string_view> reserved_names(std::uint32_t bits) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kReserved.size(); ++i) {
    if ((bits >> i & 1) != 0) names.push_back(kReserved[i]);
  }
  return names;
}

std::string_view scalar_member(std::string_view name) noexcept {
  for (const Member& known : kScalarMembers) {
    if (known.name == name) return known.member;
  }
  return "value";
}

std::vector<std::string> split_names(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    while (!name.empty() && (name.front() == ' ' || name.front() == '\t')) name.remove_prefix(1);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

}  // namespace pii::log
