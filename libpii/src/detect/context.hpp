#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "detect/finding.hpp"

namespace pii::detect {

/// The detectors that a word gives context to; `word` in any case. Empty for most.
DetectorSet context_of_word(std::string_view word) noexcept;
/// The same for two words in a row: "national id".
DetectorSet context_of_words(std::string_view first, std::string_view second) noexcept;

/// Where the context words of a text stand. A chunk is text without white space in which a span is one
/// letter; it counts when it has a letter.
class ContextIndex {
 public:
  /// Linear; allocates only to grow.
  void build(std::string_view text, const Spans& spans);
  /// What the words before `offset` give context to: those of its own chunk and of the five counted chunks
  /// before.
  DetectorSet before(std::size_t offset) const noexcept;
  /// Whether any word gives context to it.
  bool gives(Detector detector) const noexcept { return all_.contains(detector); }

 private:
  struct Hit {
    std::uint32_t end;
    std::uint32_t chunk;   // its place among the counted chunks
    std::int32_t earlier;  // the last hit of an earlier chunk, or -1
    DetectorSet context;   // of this word and those before it in the chunk
  };
  std::vector<Hit> hits_;
  std::vector<std::uint32_t> chunk_ends_;  // of the counted ones
  DetectorSet all_;                        // of all hits
  // Where the last question has led: questions go from left to right.
  mutable std::size_t near_hit_ = 0, near_chunk_ = 0;
};

}  // namespace pii::detect
