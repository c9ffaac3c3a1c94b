#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pii/error.hpp"
#include "stream/arena.hpp"

namespace piictl::stream {

/// Values of one target on their way through a ValueOperation, up to some hundreds, and their results.
/// Laid out as arrays so that it can be handed to pii::Tokenizer::tokenize_batch as it is.
class ValueBatch {
 public:
  // ---- for the operation ----

  /// Index of the column or path that the values come from; 0 for lines.
  std::size_t target() const noexcept { return target_; }
  std::size_t size() const noexcept { return inputs_.size(); }
  std::span<const std::string_view> inputs() const noexcept { return inputs_; }

  /// Results of one size: result i is the `size` bytes the caller writes at the i-th pointer. Instead of
  /// set().
  std::span<char* const> make_fixed_results(std::size_t size);
  /// ok at first. What is not ok when apply() returns fails the row, with reason_for(code) unless fail() gave
  /// one.
  std::span<pii::ErrorCode> codes() noexcept { return codes_; }

  /// `size` bytes to write a result into and hand to set(). Valid until the next call of room() or set().
  std::span<char> room(std::size_t size) { return arena_.room(size); }
  /// The result of value i. The text is copied unless it lies in the room given last.
  void set(std::size_t i, std::string_view text);
  /// Several texts as the result of value i, each copied.
  void set_list(std::size_t i, std::span<const std::string_view> texts);
  /// Fails the row of value i. The reason is copied; it must not hold the value.
  void fail(std::size_t i, pii::ErrorCode code, std::string_view reason);

  // ---- for the formats ----

  explicit ValueBatch(std::size_t target) noexcept : target_(target) {}
  /// Adds a value; returns its index. The text must outlive the batch's use.
  std::size_t add(std::string_view input) {
    inputs_.push_back(input);
    return inputs_.size() - 1;
  }
  /// Readies results for as many values as were added.
  void prepare();
  bool is_list(std::size_t i) const noexcept { return fixed_size_ == 0 && results_[i].is_list; }
  /// The result when it is not a list. A value that was given none has an empty one.
  std::string_view text(std::size_t i) const noexcept {
    return fixed_size_ != 0 ? std::string_view(fixed_[i], fixed_size_) : results_[i].text;
  }
  std::span<const std::string_view> list(std::size_t i) const noexcept {
    return std::span(parts_).subspan(results_[i].first_part, results_[i].part_count);
  }
  pii::ErrorCode code(std::size_t i) const noexcept { return codes_[i]; }
  /// Why value i failed.
  std::string_view reason(std::size_t i) const noexcept;
  /// Forgets values and results, keeps the memory.
  void clear() noexcept;

 private:
  struct ValueResult {
    std::string_view text;
    std::size_t first_part = 0;
    std::size_t part_count = 0;
    bool is_list = false;
  };
  struct Reason {
    std::size_t value;
    std::string_view text;
  };

  std::size_t target_;
  std::vector<std::string_view> inputs_;
  std::vector<pii::ErrorCode> codes_;
  std::size_t fixed_size_ = 0;
  std::vector<char*> fixed_;
  std::vector<ValueResult> results_;
  std::vector<std::string_view> parts_;
  std::vector<Reason> reasons_;
  Arena arena_;
};

/// A short reason for people, e.g. "not valid UTF-8".
std::string_view reason_for(pii::ErrorCode code) noexcept;

}  // namespace piictl::stream
