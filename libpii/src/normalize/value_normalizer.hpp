#pragma once

#include <cstddef>
#include <string_view>

#include "pii/normalize.hpp"

namespace pii {

/// The only writer of a NormalizedValue: it either shows a piece of the input or fills a buffer of the
/// value's own.
class ValueNormalizer {
 public:
  static constexpr std::size_t kInlineSize = NormalizedValue::kInlineSize;

  /// Wipes what `out` held.
  explicit ValueNormalizer(NormalizedValue& out) noexcept : out_(out) { clear(); }

  void clear() noexcept {
    if (out_.owned_ != nullptr) out_.wipe_owned();
    out_.view_ = {};
  }
  void show(std::string_view piece) noexcept { out_.view_ = piece; }

  /// Room for `size` bytes, on the heap only when it exceeds kInlineSize. Once after clear().
  char* buffer(std::size_t size) {
    out_.owned_ = size <= kInlineSize ? out_.inline_ : new char[size];
    out_.owned_size_ = size;
    return out_.owned_;
  }
  void show_buffer(std::size_t size) noexcept { out_.view_ = {out_.owned_, size}; }

 private:
  NormalizedValue& out_;
};

}  // namespace pii
