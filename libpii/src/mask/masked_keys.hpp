#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "mask/arena.hpp"

namespace pii::mask {

/// Names of members after masking, with their object: how many were the same. Its memory is kept from event to event.
class MaskedKeys {
 public:
  /// Counts `name`, of which a copy in `arena` must live until clear(); returns how many there are now.
  std::uint32_t count(std::string_view name, Arena& arena) {
    if ((used_ + 1) * 2 > slots_.size()) grow();
    const std::size_t hash = std::hash<std::string_view>()(name);
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].event == event_ && !(slots_[at].hash == hash && slots_[at].name == name)) at = (at + 1) & (slots_.size() - 1);
    Slot& slot = slots_[at];
    if (slot.event != event_) {
      slot = {hash, arena.copy(name), event_, 0};
      ++used_;
    }
    return ++slot.count;
  }
  void clear() noexcept {
    if (used_ == 0) return;
    used_ = 0;
    // What others have left counts no more, so that a table that one event needed is not gone through for each.
    if (++event_ == 0) give_back();
  }
  void give_back() noexcept {
    std::vector<Slot>().swap(slots_);
    used_ = 0;
    event_ = 1;
  }

 private:
  static constexpr std::size_t kFirst = 64;
  struct Slot {
    std::size_t hash = 0;
    std::string_view name;
    std::uint32_t event = 0;  // that it is of; else it is free
    std::uint32_t count = 0;
  };

  void grow() {
    std::vector<Slot> larger(std::max(kFirst, slots_.size() * 2));
    for (const Slot& slot : slots_) {
      if (slot.event != event_) continue;
      std::size_t at = slot.hash & (larger.size() - 1);
      while (larger[at].event == event_) at = (at + 1) & (larger.size() - 1);
      larger[at] = slot;
    }
    slots_.swap(larger);
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::uint32_t event_ = 1;
};

}  // namespace pii::mask
