#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pii::detect {

/// A run of digits, [begin, end) of a text.
struct Number {
  std::uint32_t begin;
  std::uint32_t end;
};

/// The runs of digits of a text, found once for all detectors that begin with one.
class Numbers {
 public:
  /// Linear; allocates only to grow.
  void build(std::string_view text);
  void clear() noexcept;

  const Number* begin() const noexcept { return runs_.data(); }
  const Number* end() const noexcept { return runs_.data() + runs_.size(); }
  /// Bit n: there is a run of n digits; bit 31: of 31 or more.
  std::uint32_t sizes() const noexcept { return sizes_; }
  /// How many digits stand so close together that they may be groups of one number; at most so many.
  std::size_t longest_chain() const noexcept { return longest_chain_; }

 private:
  void add(std::size_t begin, std::size_t end);

  std::vector<Number> runs_;
  std::uint32_t sizes_ = 0;
  std::size_t chain_ = 0;
  std::size_t longest_chain_ = 0;
};

}  // namespace pii::detect
