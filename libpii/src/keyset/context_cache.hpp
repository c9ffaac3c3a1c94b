#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>

#include "crypto/hmac.hpp"
#include "pii/secret.hpp"

namespace pii {

/// The HMAC states of version 1 token contexts, each derived once: HMAC(K, environment "|" field) is the key
/// of the state. Bounded, in one guarded arena that is made in advance. Any thread; find() neither blocks nor
/// allocates.
class ContextCache {
 public:
  static constexpr std::size_t kCapacity = 256;
  static constexpr std::size_t kTextCapacity = 64 * kCapacity;  // bytes for "environment|field" of them all

  /// What a state belongs to; the views are the caller's.
  struct Context {
    Context(std::size_t key, std::string_view env, std::string_view field_type,
            std::uint64_t field_hash) noexcept;
    std::size_t text_size() const noexcept;
    /// Writes "environment|field", text_size() characters.
    std::string_view write_text(char* out) const noexcept;

    std::size_t key_index;
    std::string_view environment;
    std::string_view field;
    std::uint64_t hash;
  };

  ContextCache();
  ContextCache(const ContextCache&) = delete;
  ContextCache& operator=(const ContextCache&) = delete;

  /// The state, or null when it is not in the table.
  const crypto::HmacState* find(const Context& context) const noexcept;
  /// Derives the state and keeps it; when the table is full it is made in `scratch`, which the caller wipes.
  const crypto::HmacState& derive(std::span<const std::byte> key, const Context& context,
                                  crypto::HmacState& scratch);

 private:
  struct Entry;
  static constexpr std::size_t kSlots = 2 * kCapacity;

  static const crypto::HmacState& derive_aside(std::span<const std::byte> key, const Context& context,
                                               crypto::HmacState& scratch) noexcept;

  std::array<std::atomic<const Entry*>, kSlots> slots_{};
  std::atomic<bool> full_{false};
  std::mutex mutex_;  // held by those who add
  SecretBytes arena_;
  std::size_t entries_ = 0;
  std::size_t text_used_ = 0;
};

}  // namespace pii
