#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "detect/finding.hpp"

namespace pii::detect {

/// A run of digits, [begin, end) of a text.
struct Number {
  std::uint32_t begin;
  std::uint32_t end;
};

/// The runs of digits of a text, found once for all detectors that begin with one.
class Numbers {
 public:
  /// Those of what no span covers; one ends where a span begins. Linear; allocates only to grow.
  void build(std::string_view text, const Spans& spans);
  void clear() noexcept {
    count_ = 0;
    sizes_ = 0;
    chain_ = longest_chain_ = 0;
    international_ = grouped_ = behind_letters_ = behind_semicolon_ = false;
  }

  const Number* begin() const noexcept { return runs_.get(); }
  const Number* end() const noexcept { return runs_.get() + count_; }
  /// Bit n: there is a run of n digits; bit 31: of 31 or more.
  std::uint32_t sizes() const noexcept { return sizes_; }
  /// How many digits stand so close together that they may be groups of one number; at most so many.
  std::size_t longest_chain() const noexcept { return longest_chain_; }
  /// Whether one begins with "00" or behind '+' or '(', as numbers with a country code do.
  bool any_international() const noexcept { return international_; }
  /// Whether two stand so that they may be groups of one number: with one byte between.
  bool any_grouped() const noexcept { return grouped_; }
  /// Whether one stands behind two letters.
  bool any_behind_letters() const noexcept { return behind_letters_; }
  /// Whether one stands behind a semicolon.
  bool any_behind_semicolon() const noexcept { return behind_semicolon_; }

 private:
  void build_window(std::string_view text, std::size_t from);
  void add(std::string_view text, std::size_t begin, std::size_t end) noexcept;

  std::unique_ptr<Number[]> runs_;
  std::size_t capacity_ = 0;
  std::size_t count_ = 0;
  std::uint32_t sizes_ = 0;
  std::size_t chain_ = 0;
  std::size_t longest_chain_ = 0;
  bool international_ = false;
  bool grouped_ = false;
  bool behind_letters_ = false;
  bool behind_semicolon_ = false;
};

}  // namespace pii::detect
