#pragma once

#include <cstddef>
#include <string_view>

#include "pii/normalize.hpp"

namespace pii {

/// The only writer of a NormalizedValue. A rule either shows a piece of its input or fills a buffer.
class ValueNormalizer {
 public:
  static constexpr std::size_t kInlineSize = NormalizedValue::kInlineSize;

  /// Wipes what `out` held.
  explicit ValueNormalizer(NormalizedValue& out) noexcept : out_(out) { clear(); }

  void clear() noexcept {
    if (out_.buffer_used_ != 0) wipe(out_.inline_, out_.buffer_used_);
    if (!out_.spill_.empty()) out_.spill_ = SecretString();
    out_.buffer_used_ = 0;
    out_.view_ = {};
  }

  void show(std::string_view piece) noexcept { out_.view_ = piece; }

  /// Room for `size` bytes, on the heap only when it exceeds kInlineSize. Call once, then show_buffer().
  char* buffer(std::size_t size) {
    if (size <= kInlineSize) {
      out_.buffer_used_ = size;
      return out_.inline_;
    }
    out_.spill_ = SecretString(size);
    return out_.spill_.expose_mutable().data();
  }
  void show_buffer(const char* data, std::size_t size) noexcept { out_.view_ = {data, size}; }

 private:
  NormalizedValue& out_;
};

}  // namespace pii
