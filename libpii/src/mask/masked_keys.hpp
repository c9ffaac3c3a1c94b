#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "mask/arena.hpp"
#include "mask/entry.hpp"
#include "mask/load_bytes.hpp"

namespace pii::mask {

/// Names of members after masking, with their object: how many were the same. Its memory is kept from event to event.
class MaskedKeys {
 public:
  struct Name {
    std::uint32_t object;
    std::uint32_t field;    // of the token that it is as a whole, counted from 1; else 0
    std::string_view text;  // the token's value, which must live until clear(), or the name

    bool operator==(const Name&) const = default;
  };

  /// Counts `name`; returns how many there are now. A name that is no token is copied to `arena`, once. Some `expected` names are counted
  /// in the event.
  std::uint32_t count(const Name& name, std::size_t expected, Arena& arena) {
    if (names_.size() + 1 > slots_.size() / 4 * 3) grow(expected);
    const std::uint64_t hash = hash_of(name);
    const std::uint32_t tag = static_cast<std::uint32_t>(hash >> 32) << 8 | event_;
    std::size_t at = static_cast<std::size_t>(hash) & (slots_.size() - 1);
    for (; (slots_[at].tag & 0xFF) == event_; at = (at + 1) & (slots_.size() - 1)) {
      Counted& known = names_[slots_[at].index];
      if (slots_[at].tag == tag && known.name == name) return ++known.count;
    }
    names_.push_back({{name.object, name.field, name.field == 0 ? arena.copy(name.text) : name.text}, 1});
    slots_[at] = {tag, static_cast<std::uint32_t>(names_.size() - 1)};
    return 1;
  }
  void clear() noexcept {
    if (names_.empty()) return;
    names_.clear();
    // What others have left counts no more, so that a table that one event needed is not gone through for each.
    if (++event_ < 256) return;
    std::fill(slots_.begin(), slots_.end(), Slot());
    event_ = 1;
  }
  void give_back() noexcept {
    std::vector<Slot>().swap(slots_);
    std::vector<Counted>().swap(names_);
    event_ = 1;
  }

 private:
  static constexpr std::size_t kFirst = 64;
  struct Counted {
    Name name;
    std::uint32_t count;
  };
  // Small, since a line may have very many.
  struct Slot {
    std::uint32_t tag = 0;  // of the hash, and in the lowest byte the event that it is of; else it is free
    std::uint32_t index = 0;
  };

  static std::uint64_t hash_of(const Name& name) noexcept {
    constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15U;
    const char* at = name.text.data();
    std::size_t left = name.text.size();
    std::uint64_t mixed = fold_product(hash_seed() ^ (std::uint64_t{name.object} << 32 | name.field), kFactor ^ left);
    for (; left > 8; left -= 8, at += 8) mixed = fold_product(mixed ^ load_bytes(at, 8), kFactor);
    return fold_product(mixed ^ load_bytes(at, left), kFactor);
  }
  void grow(std::size_t expected) {
    std::size_t size = std::max(kFirst, slots_.size() * 2);
    while (size / 4 * 3 <= expected) size *= 2;
    std::vector<Slot> larger(size);
    names_.reserve(size / 4 * 3);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::uint64_t hash = hash_of(names_[i].name);
      std::size_t at = static_cast<std::size_t>(hash) & (size - 1);
      while (larger[at].tag != 0) at = (at + 1) & (size - 1);
      larger[at] = {static_cast<std::uint32_t>(hash >> 32) << 8 | event_, static_cast<std::uint32_t>(i)};
    }
    slots_.swap(larger);
  }

  std::vector<Counted> names_;
  std::vector<Slot> slots_;
  std::uint32_t event_ = 1;  // 1 to 255
};

}  // namespace pii::mask
