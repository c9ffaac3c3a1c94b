#pragma once

#include <cstddef>
#include <string_view>

#include "pii/secret.hpp"

namespace pii::keyset {

/// Appends text to memory that was measured in advance; without memory it measures.
class TextWriter {
 public:
  explicit TextWriter(char* out) noexcept : out_(out) {}
  TextWriter& operator<<(std::string_view text) noexcept {
    if (out_ != nullptr) text.copy(out_ + size_, text.size());
    size_ += text.size();
    return *this;
  }
  std::size_t size() const noexcept { return size_; }

 private:
  char* out_;
  std::size_t size_ = 0;
};

/// What `write(TextWriter&)` writes, in secret memory that has the right size from the start.
template <class Write>
SecretBytes write_secret(const Write& write) {
  TextWriter measure(nullptr);
  write(measure);
  SecretBytes text(measure.size());
  TextWriter writer(reinterpret_cast<char*>(text.expose_mutable().data()));
  write(writer);
  return text;
}

}  // namespace pii::keyset
