#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/finding.hpp"
#include "mask/edit.hpp"
#include "mask/name_search.hpp"

namespace pii::mask {

/// Values that stood under keys of persons' names in an event, to be found again in its other texts.
class Names {
 public:
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kLongest = 128;

  void clear() noexcept {
    if (names_.empty()) return;
    for (const Name& name : names_) first_[name.bucket] = 0;
    names_.clear();
    folded_.clear();
    marks_.count = 0;
    shortest_ = kLongest;
  }
  bool empty() const noexcept { return names_.empty(); }
  std::size_t size() const noexcept { return names_.size(); }
  /// Forgets those after the first `size`.
  void shrink(std::size_t size);

  /// Remembers a value (which must outlive the event) if it is a name to look for: two words or more, or one with a capital;
  /// five letters or more in all.
  void add(std::string_view name);
  /// Whether one of them stands in the line, as find() finds it, and begins in none of its edits.
  bool stand_outside(std::span<const Edit> edits, std::string_view line) const noexcept;
  /// Adds what is found of them in `text`, as whole words, letters of either case alike, where nothing was found before.
  void find(std::string_view text, detect::Spans& spans) const;
  /// The remembered value that `found` is.
  std::string_view original(std::string_view found) const noexcept;

 private:
  static constexpr std::size_t kBuckets = 256;
  static constexpr std::size_t kMostAlike = 8;

  struct Name {
    std::string_view text;
    std::uint32_t folded = 0;   // where it begins in folded_
    std::uint8_t next = 0;      // of its bucket, counted from 1; 0: none
    std::uint8_t shared = 0;    // bytes with which both begin, folded
    std::uint8_t bucket = 0;
  };
  struct Stretch {
    std::size_t begin = 0, end = 0;  // both 0: nothing
  };

  static std::uint8_t bucket_of(std::string_view text) noexcept;
  bool fold(std::string_view name);
  bool is_wanted(std::string_view name) const noexcept;
  const char* folded_of(const Name& name) const noexcept { return reinterpret_cast<const char*>(folded_.data() + name.folded); }
  Stretch next(std::string_view text, std::size_t from, const detect::Spans& spans) const noexcept;
  bool may_begin(std::string_view text, std::size_t at) const noexcept;
  std::size_t longest_at(std::string_view text, std::size_t begin, const detect::Spans& spans) const noexcept;
  std::size_t matched(std::string_view text, const Name& name, std::size_t from) const noexcept;
  std::size_t next_begin(std::string_view text, std::size_t from) const noexcept;

  std::vector<Name> names_;
  std::vector<std::uint64_t> folded_;  // all of them in lower case, zeros behind each
  NameMarks marks_{.count = 0};  // of the first of them
  std::size_t shortest_ = kLongest;
  std::array<std::uint8_t, kBuckets> first_{};  // the last of those that begin so, counted from 1
};

}  // namespace pii::mask
