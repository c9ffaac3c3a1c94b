#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "front/known_text.hpp"
#include "pii/logging/field.hpp"
#include "pii/masker.hpp"

namespace pii::log {

class LineMasker;

/// A short text, kept without memory of its own.
class Remembered {
 public:
  static constexpr std::size_t kMost = 47;
  static constexpr std::size_t kRoom = 48;  // that write() takes, however short the text is
  void set(std::string_view text) noexcept {
    if (text.size() > kMost) return;
    size_ = static_cast<std::uint8_t>(text.size());
    std::memcpy(text_, text.data(), text.size());
  }
  /// Nothing is remembered as the empty text, which this is false for.
  bool is(std::string_view text) const noexcept {
    if (text.size() != size_ || size_ == 0) return false;
    return size_ <= 16 ? TextEnds(text) == TextEnds({text_, size_}) : std::memcmp(text.data(), text_, size_) == 0;
  }
  /// Returns where it ends.
  char* write(char* out) const noexcept {
    std::memcpy(out, text_, 16);
    if (size_ > 16) std::memcpy(out + 16, text_ + 16, 32);
    return out + size_;
  }

 private:
  std::uint8_t size_ = 0;
  char text_[kRoom] = {};
};

/// Where a value stands in the lines of a call. What every line asks for comes first, in one line of the cache.
struct alignas(64) LineSlot {
  static constexpr std::uint32_t kTime = ~std::uint32_t{0};

  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t value;   // of those of the event (EventValues); kTime: its time
  bool personal = false;  // by its keys: the masker sees every value here
  // The last short text that the masker left alone here: the next event often has the same.
  Remembered alone = {};
  // What stands around it in a line that has this value alone, under the same keys; empty: there is no such line.
  std::string before = {};
  std::string after = {};
  Masker::ValuePlace place{{}};  // of a text: the same keys
};

/// Has values masked each by itself, as the masker would do it in their line: by their place, or in lines that have one value alone.
class LoneValues {
 public:
  /// What became of one, until the next mask(). Empty: it stays as it is. nullopt: the whole line has to be masked.
  std::optional<std::string_view> mask(LineSlot& slot, const ValueRef& value, LineMasker& masker);

 private:
  std::optional<std::string_view> in_line(const LineSlot& slot, std::string_view value, LineMasker& masker);
  std::optional<std::string_view> if_it_stays(const LineSlot& slot, std::string_view value, std::string_view other, LineMasker& masker);

  std::string number_;
  std::string line_;
  std::string masked_;
  std::string again_;
};

}  // namespace pii::log
