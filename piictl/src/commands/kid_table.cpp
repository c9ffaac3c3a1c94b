#include "commands/kid_table.hpp"

namespace piictl {
namespace {

// Hostile input could name a key id a row.
constexpr std::size_t kMaxKids = 4096;

}  // namespace

std::uint32_t KidTable::number(std::string_view kind, int version, std::string_view kid) {
  if (kid.starts_with('~')) kid = "~";
  const std::lock_guard lock(mutex_);
  Key key(kind, version, kid);
  if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
  if (keys_.size() >= kMaxKids) std::get<2>(key) = "(other)";
  if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
  const auto next = static_cast<std::uint32_t>(keys_.size());
  keys_.push_back(key);
  numbers_.emplace(std::move(key), next);
  return next;
}

std::vector<KidCount> KidTable::counts(const std::vector<std::uint64_t>& notes, bool made) const {
  const std::lock_guard lock(mutex_);
  std::vector<KidCount> all;
  for (const auto& [key, number] : numbers_) {
    const std::size_t slot = made ? made_slot(number) : seen_slot(number);
    const std::uint64_t count = slot < notes.size() ? notes[slot] : 0;
    if (count != 0) all.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  }
  return all;
}

}  // namespace piictl
