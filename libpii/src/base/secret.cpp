#include "pii/secret.hpp"

#include <sodium.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "base/once.hpp"

namespace pii {
namespace {

constinit base::Once<const bool*> sodium;

// sodium_malloc needs sodium_init; it is idempotent and thread-safe, and this makes it cost one load.
void ensure_sodium() {
  static constexpr bool kReady = true;
  if (sodium.get([] { return sodium_init() >= 0 ? &kReady : nullptr; }) == nullptr) std::abort();
}

std::byte* allocate_guarded(std::size_t size) {
  if (size == 0) return nullptr;
  ensure_sodium();
  auto* data = static_cast<std::byte*>(sodium_malloc(size));
  if (data == nullptr) throw std::bad_alloc();
  std::memset(data, 0, size);
  return data;
}

}  // namespace

// sodium_memzero goes through three more calls, which every normalized value would pay. The empty assembly says that the
// bytes are read, so the stores stay.
void wipe(void* data, std::size_t size) noexcept {
  if (size == 0) return;
  std::memset(data, 0, size);
  __asm__ __volatile__("" : : "r"(data) : "memory");
}

SecretBytes::SecretBytes(std::size_t size) : data_(allocate_guarded(size)), size_(size) {}

SecretBytes SecretBytes::copy_of(std::span<const std::byte> bytes) {
  SecretBytes secret(bytes.size());
  if (!bytes.empty()) std::memcpy(secret.data_, bytes.data(), bytes.size());
  return secret;
}

SecretBytes SecretBytes::random(std::size_t size) {
  SecretBytes secret(size);
  if (size != 0) randombytes_buf(secret.data_, size);
  return secret;
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    sodium_free(data_);  // wipes; null is fine
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

void SecretBytes::make_read_only() noexcept {
  if (data_ != nullptr) sodium_mprotect_readonly(data_);
}

void SecretBytes::shrink(std::size_t size) noexcept {
  if (size >= size_) return;
  sodium_memzero(data_ + size, size_ - size);
  size_ = size;
}

bool SecretBytes::operator==(const SecretBytes& other) const noexcept {
  if (size_ != other.size_) return false;
  return size_ == 0 || sodium_memcmp(data_, other.data_, size_) == 0;
}

SecretString::SecretString(std::size_t size)
    : data_(size == 0 ? nullptr : new char[size]), capacity_(size), size_(size) {}

SecretString SecretString::copy_of(std::string_view text) {
  SecretString secret(text.size());
  if (!text.empty()) std::memcpy(secret.data_.get(), text.data(), text.size());
  return secret;
}

SecretString& SecretString::operator=(SecretString&& other) noexcept {
  if (this != &other) {
    if (data_ != nullptr) wipe(data_.get(), capacity_);
    data_ = std::move(other.data_);
    capacity_ = std::exchange(other.capacity_, 0);
    offset_ = std::exchange(other.offset_, 0);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecretString::~SecretString() {
  if (data_ != nullptr) wipe(data_.get(), capacity_);
}

void SecretString::narrow(std::size_t offset, std::size_t size) noexcept {
  if (offset > size_) offset = size_;
  if (size > size_ - offset) size = size_ - offset;
  offset_ += offset;
  size_ = size;
}

}  // namespace pii
