#include "stream/buffer.hpp"

#include <algorithm>
#include <utility>

#include "pii/secret.hpp"

namespace piictl::stream {

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::move(other.data_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  if (this != &other) {
    release();
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

Buffer::~Buffer() { release(); }

void Buffer::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  std::unique_ptr<char[]> larger(new char[capacity]);
  if (size_ != 0) std::memcpy(larger.get(), data_.get(), size_);
  const std::size_t size = size_;
  release();
  data_ = std::move(larger);
  size_ = size;
  capacity_ = capacity;
}

void Buffer::grow(std::size_t more) { reserve(std::max(size_ + more, capacity_ * 2)); }

void Buffer::shrink(std::size_t capacity) noexcept {
  if (capacity_ > capacity) release();
}

void Buffer::release() noexcept {
  if (data_ != nullptr) pii::wipe(data_.get(), capacity_);
  data_.reset();
  size_ = 0;
  capacity_ = 0;
}

}  // namespace piictl::stream
