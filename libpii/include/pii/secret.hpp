#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "pii/export.hpp"

namespace pii {

/// Overwrites memory in a way the compiler cannot remove.
PII_EXPORT void wipe(void* data, std::size_t size) noexcept;

/// Bytes that must not leak: keys and what holds keys. Move-only, unprintable, in memory with guard pages that is
/// locked and left out of core dumps where the system allows it (libsodium), wiped on destruction and on
/// move-assignment. Making one costs about 25 us: for keys, not for values. Throws std::bad_alloc only.
class PII_EXPORT SecretBytes {
 public:
  SecretBytes() noexcept = default;
  /// `size` zero bytes.
  explicit SecretBytes(std::size_t size);
  /// A copy of `bytes`; the caller wipes the original.
  static SecretBytes copy_of(std::span<const std::byte> bytes);
  /// `size` bytes from the system's generator.
  static SecretBytes random(std::size_t size);

  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes();

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// The only way to the bytes; valid while this object lives and is not moved from.
  std::span<const std::byte> expose() const noexcept { return {data_, size_}; }
  std::span<std::byte> expose_mutable() noexcept { return {data_, size_}; }
  /// Makes the memory unwritable until destruction.
  void make_read_only() noexcept;
  /// Forgets all but the first `size` bytes, which stay where they are.
  void shrink(std::size_t size) noexcept;

  /// Constant time in the content; lengths are not secret.
  bool operator==(const SecretBytes& other) const noexcept;

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Text that was revealed: move-only heap memory, wiped on destruction and on move-assignment, unprintable.
class PII_EXPORT SecretString {
 public:
  SecretString() noexcept = default;
  /// `size` bytes for the caller to fill through expose_mutable().
  explicit SecretString(std::size_t size);
  static SecretString copy_of(std::string_view text);

  SecretString(const SecretString&) = delete;
  SecretString& operator=(const SecretString&) = delete;
  SecretString(SecretString&& other) noexcept
      : data_(std::move(other.data_)), capacity_(std::exchange(other.capacity_, 0)),
        offset_(std::exchange(other.offset_, 0)), size_(std::exchange(other.size_, 0)) {}
  SecretString& operator=(SecretString&& other) noexcept;
  ~SecretString();

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::string_view expose() const noexcept { return {data_.get() + offset_, size_}; }
  std::span<char> expose_mutable() noexcept { return {data_.get() + offset_, size_}; }
  /// Narrows what expose() shows to [offset, offset + size) of it. The rest is wiped with the whole.
  void narrow(std::size_t offset, std::size_t size) noexcept;

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
};

// A secret is never printed, formatted or logged: these exist to make the attempt fail to compile.
template <class Char, class Traits>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>&, const SecretBytes&) = delete;
template <class Char, class Traits>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>&, const SecretString&) = delete;

}  // namespace pii
