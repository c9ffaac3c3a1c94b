#include <algorithm>

#include "pii/logging/trace.hpp"

namespace pii::trace {

namespace {

constexpr std::size_t kMaxMembers = 32;
constexpr std::size_t kMaxText = 256;

// Level 2: a key begins with a lower-case letter or digit, then also _ - * / @.
bool valid_key(std::string_view key) noexcept {
  if (key.empty() || key.size() > kMaxText) return false;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!letter(key.front())) return false;
  return std::all_of(key.begin() + 1, key.end(), [&](char c) {
    return letter(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@';
  });
}

// Printable ASCII without comma and equals sign, no blank at the end.
bool valid_value(std::string_view value) noexcept {
  if (value.empty() || value.size() > kMaxText || value.back() == ' ') return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7E && c != ',' && c != '='; });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

auto find_member(const std::vector<TraceState::Member>& members, std::string_view key) noexcept {
  return std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.first == key; });
}

}  // namespace

std::optional<TraceState> TraceState::parse(std::string_view header) {
  TraceState state;
  std::size_t count = 0;
  while (!header.empty()) {
    const std::size_t comma = header.find(',');
    const std::string_view member = trimmed(header.substr(0, comma));
    header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
    if (member.empty()) continue;
    const std::size_t equals = member.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view key = member.substr(0, equals);
    const std::string_view value = member.substr(equals + 1);
    if (!valid_key(key) || !valid_value(value) || ++count > kMaxMembers) return std::nullopt;
    if (find_member(state.members_, key) == state.members_.end()) state.members_.emplace_back(key, value);
  }
  return state;
}

std::string_view TraceState::get(std::string_view key) const noexcept {
  const auto found = find_member(members_, key);
  return found == members_.end() ? std::string_view{} : found->second;
}

bool TraceState::set(std::string_view key, std::string_view value) {
  if (!valid_key(key) || !valid_value(value)) return false;
  Member member(key, value);
  if (const auto old = find_member(members_, member.first); old != members_.end()) members_.erase(old);
  members_.insert(members_.begin(), std::move(member));
  if (members_.size() > kMaxMembers) members_.pop_back();
  return true;
}

std::string TraceState::to_string() const {
  std::string text;
  for (const auto& [key, value] : members_) {
    if (!text.empty()) text += ',';
    text.append(key).append(1, '=').append(value);
  }
  return text;
}

}  // namespace pii::trace
