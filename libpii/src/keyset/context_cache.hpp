#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "crypto/hmac.hpp"
#include "pii/secret.hpp"

namespace pii {

/// A name by its size and the words at both of its ends: all of it up to 16 bytes, so that the names of every
/// day are hashed and compared without a loop.
struct NameEnds {
  explicit NameEnds(std::string_view name) noexcept;
  bool operator==(const NameEnds&) const noexcept = default;
  static constexpr std::size_t kWhole = 16;

  std::size_t size;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

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
            std::uint64_t field_hash) noexcept
        : key_index(key), environment(env), field(field_type), environment_ends(env), field_ends(field_type) {
      const std::uint64_t mixed =
          environment_ends.first ^ environment_ends.last * 0xD6E8FEB86659FD93 ^ field_hash ^ key;
      hash = mixed * 0x9E3779B97F4A7C15;
    }
    std::size_t text_size() const noexcept { return environment.size() + 1 + field.size(); }
    /// Writes "environment|field", text_size() characters.
    std::string_view write_text(char* out) const noexcept;

    std::size_t key_index;
    std::string_view environment;
    std::string_view field;
    NameEnds environment_ends;
    NameEnds field_ends;
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
  struct Entry {
    Entry(const Context& context, std::string_view kept_text) noexcept
        : hash(context.hash),
          key_index(context.key_index),
          environment(context.environment_ends),
          field(context.field_ends),
          text(kept_text) {}
    bool is(const Context& context) const noexcept;

    std::uint64_t hash;
    std::size_t key_index;
    NameEnds environment;
    NameEnds field;
    std::string_view text;  // environment|field, in the same arena
    crypto::HmacState state{};
  };
  static constexpr std::size_t kSlots = 2 * kCapacity;

  // The high bits are the well mixed ones.
  static std::size_t slot_of(const Context& context) noexcept { return (context.hash >> 32) % kSlots; }
  static const crypto::HmacState& derive_aside(std::span<const std::byte> key, const Context& context,
                                               crypto::HmacState& scratch) noexcept;

  std::array<std::atomic<const Entry*>, kSlots> slots_{};
  std::atomic<bool> full_{false};
  SecretBytes arena_;
  std::size_t entries_ = 0;
  std::size_t text_used_ = 0;
};

inline NameEnds::NameEnds(std::string_view name) noexcept : size(name.size()) {
  // Read into a word of its own: a word that is half written is slow to read.
  const auto read = [&name]<class Word>(Word word, std::size_t at) noexcept -> std::uint64_t {
    std::memcpy(&word, name.data() + at, sizeof word);
    return word;
  };
  if (size >= 8) {
    first = read(std::uint64_t{}, 0);
    last = read(std::uint64_t{}, size - 8);
  } else if (size >= 4) {
    first = read(std::uint32_t{}, 0);
    last = read(std::uint32_t{}, size - 4);
  } else {
    for (const char c : name) first = first << 8 | static_cast<unsigned char>(c);
  }
}

inline bool ContextCache::Entry::is(const Context& context) const noexcept {
  if (hash != context.hash || key_index != context.key_index || environment != context.environment_ends ||
      field != context.field_ends) {
    return false;
  }
  return (environment.size <= NameEnds::kWhole && field.size <= NameEnds::kWhole) ||
         (text.starts_with(context.environment) && text.ends_with(context.field));
}

inline const crypto::HmacState* ContextCache::find(const Context& context) const noexcept {
  for (std::size_t slot = slot_of(context);; slot = (slot + 1) % kSlots) {
    const Entry* entry = slots_[slot].load(std::memory_order_acquire);
    if (entry == nullptr) return nullptr;
    if (entry->is(context)) return &entry->state;
  }
}

}  // namespace pii
