#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace piictl::stream {

/// Growing bytes without initialization, wiped before they are freed: they hold personal data.
class Buffer {
 public:
  Buffer() noexcept = default;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer();

  char* data() noexcept { return data_.get(); }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  std::string_view view() const noexcept { return {data_.get(), size_}; }

  /// Makes room for at least `capacity` bytes and keeps the content.
  void reserve(std::size_t capacity);
  /// Takes in what was written behind the content, or cuts the content.
  void set_size(std::size_t size) noexcept { size_ = size; }
  void append(std::string_view text) {
    if (capacity_ - size_ < text.size()) grow(text.size());
    if (!text.empty()) std::memcpy(data_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void append(char c) {
    if (capacity_ == size_) grow(1);
    data_[size_++] = c;
  }
  void clear() noexcept { size_ = 0; }
  /// Gives memory and content back when it is more than `capacity` bytes.
  void shrink(std::size_t capacity) noexcept;

 private:
  void grow(std::size_t more);
  void release() noexcept;

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace piictl::stream
