#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "pii/logging/field.hpp"

namespace pii::log {

class LineMasker;

/// A short text, kept without memory of its own.
class Remembered {
 public:
  static constexpr std::size_t kMost = 47;
  void set(std::string_view text) noexcept {
    if (text.size() > kMost) return;
    size_ = static_cast<std::uint8_t>(text.size());
    std::memcpy(text_, text.data(), text.size());
  }
  std::string_view view() const noexcept { return {text_, size_}; }

 private:
  std::uint8_t size_ = 0;
  char text_[kMost] = {};
};

/// Where a value stands in the lines of a call.
struct LineSlot {
  static constexpr std::uint32_t kTime = ~std::uint32_t{0};

  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t value;   // of those of the event (EventValues); kTime: its time
  bool personal = false;  // by its keys: the masker sees every value here
  // What stands around it in a line that has this value alone, under the same keys; empty: there is no such line.
  std::string before = {};
  std::string after = {};
  // The last short text that the masker left alone here: the next event often has the same.
  Remembered alone = {};
};

/// Has values masked each by itself, as the masker would do it in their line: it is shown lines that have one value alone.
class LoneValues {
 public:
  /// What became of one, until the next mask(). Empty: it stays as it is. nullopt: the whole line has to be masked.
  std::optional<std::string_view> mask(const LineSlot& slot, const ValueRef& value, LineMasker& masker);

 private:
  std::string line_;
  std::string masked_;
  std::string again_;
};

}  // namespace pii::log
