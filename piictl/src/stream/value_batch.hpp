#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pii/error.hpp"
#include "stream/arena.hpp"

namespace piictl::stream {

/// Values of one target on their way through a ValueOperation, some hundreds at once, and their results.
/// Laid out as arrays, so that it can be handed to pii::Tokenizer::tokenize_batch as it is.
class ValueBatch {
 public:
  // For the operation:

  /// Index of the column or path that the values come from; 0 for lines.
  std::size_t target() const noexcept { return target_; }
  std::size_t size() const noexcept { return inputs_.size(); }
  std::span<const std::string_view> inputs() const noexcept { return inputs_; }
  /// What names the row of value i, where the format was told of it; else empty.
  std::string_view record(std::size_t i) const noexcept { return i < records_.size() ? records_[i] : std::string_view(); }

  /// Results of one size, instead of set(): result i is the `size` bytes that the caller writes at the i-th
  /// pointer.
  std::span<char* const> make_fixed_results(std::size_t size);
  /// ok at first. What is not ok after apply() fails the row, for reason_for(code) unless fail() gave a
  /// reason.
  std::span<pii::ErrorCode> codes() noexcept { return codes_; }

  /// `size` bytes to write a result into and hand to set(). Valid until the next call of another member.
  std::span<char> room(std::size_t size) { return arena_.room(size); }
  /// The result of value i: UTF-8. Copied unless it lies in the room given last. Without a result it is
  /// empty.
  void set(std::size_t i, std::string_view text);
  /// Several texts as the result of value i, each copied.
  void set_list(std::size_t i, std::span<const std::string_view> texts);
  /// Fails the row of value i. The reason is copied and must not hold the value.
  void fail(std::size_t i, pii::ErrorCode code, std::string_view reason);

  /// Counts value i in the run's Counts::notes: in slot `seen` whatever comes of its row, in slot `made` if the row is
  /// written. Slots are small numbers of the operation's choosing.
  void note(std::size_t i, std::uint32_t seen, std::uint32_t made);

  // For the formats:

  explicit ValueBatch(std::size_t target) noexcept : target_(target) {}
  /// Adds a value and returns its index. The text is not copied.
  std::uint32_t add(std::string_view input) {
    inputs_.push_back(input);
    return static_cast<std::uint32_t>(inputs_.size() - 1);
  }
  /// The text is not copied.
  void set_record(std::size_t i, std::string_view record) {
    if (records_.size() <= i) records_.resize(i + 1);
    records_[i] = record;
  }
  /// Readies codes() for as many values as were added.
  void prepare() { codes_.assign(inputs_.size(), pii::ErrorCode::ok); }
  bool is_list(std::size_t i) const noexcept { return kind(i) == Kind::list; }
  /// The result, when it is not a list.
  std::string_view text(std::size_t i) const noexcept {
    if (!fixed_.empty()) return {fixed_[i], fixed_size_};
    return kind(i) == Kind::text ? results_[i].text : std::string_view();
  }
  std::span<const std::string_view> list(std::size_t i) const noexcept {
    return std::span(parts_).subspan(results_[i].first_part, results_[i].part_count);
  }
  pii::ErrorCode code(std::size_t i) const noexcept { return codes_[i]; }
  std::string_view reason(std::size_t i) const noexcept;
  static constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;
  struct Note {
    std::uint32_t seen = kNoSlot;
    std::uint32_t made = kNoSlot;
  };
  Note noted(std::size_t i) const noexcept { return i < notes_.size() ? notes_[i] : Note(); }
  /// Forgets values and results and keeps the memory.
  void clear() noexcept;

 private:
  enum class Kind : std::uint8_t { none, text, list, reason };
  struct ValueResult {
    std::string_view text;
    std::uint32_t first_part = 0;
    std::uint32_t part_count = 0;
    Kind kind = Kind::none;
  };

  Kind kind(std::size_t i) const noexcept { return i < results_.size() ? results_[i].kind : Kind::none; }
  ValueResult& result(std::size_t i);

  std::size_t target_;
  std::vector<std::string_view> inputs_;
  std::vector<std::string_view> records_;  // empty unless there are any
  std::vector<pii::ErrorCode> codes_;
  std::size_t fixed_size_ = 0;
  std::vector<char*> fixed_;
  std::vector<ValueResult> results_;  // empty until one is set
  std::vector<Note> notes_;           // the same
  std::vector<std::string_view> parts_;
  Arena arena_;
};

/// A short reason for people, e.g. "not valid UTF-8".
std::string_view reason_for(pii::ErrorCode code) noexcept;

}  // namespace piictl::stream
