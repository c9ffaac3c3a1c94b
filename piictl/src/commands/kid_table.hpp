#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "scan/kid_counter.hpp"

namespace piictl {

/// Numbers the key ids that a batch reads and writes, so that its workers count them by number: two slots of
/// stream::ValueBatch::note() for each. Any thread.
class KidTable {
 public:
  /// `kid` as the text has it, empty for a form that carries none. A subject's own id counts as "~".
  std::uint32_t number(std::string_view kind, int version, std::string_view kid);

  static constexpr std::uint32_t seen_slot(std::uint32_t number) noexcept { return 2 * number; }
  static constexpr std::uint32_t made_slot(std::uint32_t number) noexcept { return 2 * number + 1; }

  /// What the slots of a run say: how often each was read, or written. Those that were not are left out.
  std::vector<KidCount> counts(const std::vector<std::uint64_t>& notes, bool made) const;

 private:
  using Key = std::tuple<std::string, int, std::string>;

  mutable std::mutex mutex_;
  std::map<Key, std::uint32_t, std::less<>> numbers_;
  std::vector<Key> keys_;
};

/// A worker's way into the table: remembers the last that was read, and the last that was written.
class KidNumbers {
 public:
  explicit KidNumbers(KidTable& table) : table_(table) {}
  std::uint32_t seen_slot(int version, std::string_view kid) {
    return KidTable::seen_slot(of(seen_, "ciphertext", version, kid));
  }
  std::uint32_t made_slot(std::string_view kind, int version, std::string_view kid) {
    return KidTable::made_slot(of(made_, kind, version, kid));
  }

 private:
  struct Last {
    int version = 0;
    std::string kid;
    std::uint32_t number = 0;
  };
  std::uint32_t of(Last& last, std::string_view kind, int version, std::string_view kid) {
    if (last.version == version && last.kid == kid) return last.number;
    last = {version, std::string(kid), table_.number(kind, version, kid)};
    return last.number;
  }

  KidTable& table_;
  Last seen_;
  Last made_;  // a run makes one kind
};

}  // namespace piictl
