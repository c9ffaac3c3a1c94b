#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace pii::mask {

/// Where the structure of a JSON text lies: every quote that opens or closes a string, and every `{ } [ ] , :` outside of
/// strings, in order. Keeps its memory between texts.
class JsonIndex {
 public:
  /// Indexes `text` (below 4 GiB). False when a string does not end or holds a raw control
  /// character, or a backslash stands outside of strings: no JSON.
  bool build(std::string_view text);

  const std::uint32_t* begin() const noexcept { return positions_.get(); }
  const std::uint32_t* end() const noexcept { return positions_.get() + count_; }

 private:
  std::unique_ptr<std::uint32_t[]> positions_;
  std::size_t capacity_ = 0;
  std::size_t count_ = 0;
};

/// The interchangeable inner loops. `out` holds text.size() + 64 positions.
struct IndexImplementation {
  const char* name;
  /// Returns the number of positions, or npos where the text is no JSON as build() says.
  std::size_t (*build)(std::string_view text, std::uint32_t* out) noexcept;
};
inline constexpr std::size_t kNoJson = static_cast<std::size_t>(-1);
/// Those that this processor can run; the portable one is the first, the last one is in force.
std::span<const IndexImplementation> index_implementations() noexcept;

}  // namespace pii::mask
