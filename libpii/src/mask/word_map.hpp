#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mask/load_bytes.hpp"

namespace pii::mask {

/// Words and a number of each, found by their first and last bytes: most are no longer.
class WordMap {
 public:
  WordMap() : slots_(8192) {}  // room for the built-in words from the start

  /// The number of `word`, counted from 1; 0 when it is unknown.
  std::uint32_t find(std::string_view word) const noexcept {
    const Ends ends(word);
    for (std::size_t at = ends.hash();; at = at + 1) {
      const Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.number == 0 || (slot.ends == ends && (word.size() <= 16 || names_[slot.number - 1] == word))) return slot.number;
    }
  }
  /// The same, made known if it is not.
  std::uint32_t add(std::string_view word) {
    if (const std::uint32_t known = find(word); known != 0) return known;
    names_.emplace_back(word);
    if (names_.size() * 2 > slots_.size()) {
      slots_.assign(slots_.size() * 2, {});
      for (std::size_t i = 0; i < names_.size(); ++i) put(i);
    } else {
      put(names_.size() - 1);
    }
    return static_cast<std::uint32_t>(names_.size());
  }

 private:
  struct Ends {
    std::uint64_t head = 0, tail = 0;
    std::size_t size = 0;

    Ends() = default;
    explicit Ends(std::string_view word) noexcept : size(word.size()) {
      if (size < 4) {
        head = load_bytes(word.data(), size);
        return;
      }
      // The first and the last eight bytes, or four of each: nobody can tell beforehand how long the next word is.
      const auto four = [word](std::size_t at) { return load_bytes(word.data() + at, 4); };
      const bool eight = size >= 8;
      head = four(0) | four(eight ? 4 : size - 4) << 32;
      tail = four(eight ? size - 8 : 0) | four(size - 4) << 32;
    }
    bool operator==(const Ends&) const = default;
    std::size_t hash() const noexcept {
      const std::uint64_t mixed = (head ^ (tail * 0xC2B2AE3D27D4EB4FU) ^ size) * 0x9E3779B97F4A7C15U;
      return static_cast<std::size_t>(mixed >> 32);
    }
  };
  struct Slot {
    Ends ends;
    std::uint32_t number = 0;
  };

  void put(std::size_t i) {
    const Ends ends(names_[i]);
    std::size_t at = ends.hash();
    while (slots_[at & (slots_.size() - 1)].number != 0) ++at;
    slots_[at & (slots_.size() - 1)] = {ends, static_cast<std::uint32_t>(i + 1)};
  }

  std::vector<std::string> names_;
  std::vector<Slot> slots_;
};

}  // namespace pii::mask
