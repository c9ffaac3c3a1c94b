#include "keyset/context_cache.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "pii/names.hpp"

namespace pii {

struct ContextCache::Entry {
  std::uint64_t hash;
  std::size_t key_index;
  std::size_t environment_size;
  std::string_view text;  // environment|field, in the same arena
  crypto::HmacState state;

  bool is(const Context& context) const noexcept {
    return hash == context.hash && key_index == context.key_index &&
           environment_size == context.environment.size() && text.size() == context.text_size() &&
           text.starts_with(context.environment) && text.ends_with(context.field);
  }
};

namespace {

// At most 16 bytes of an environment's name: enough to spread the few that a process uses, cheap enough for
// every call.
std::uint64_t sample(std::string_view name) noexcept {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (name.size() >= 8) {
    std::memcpy(&first, name.data(), 8);
    std::memcpy(&last, name.data() + name.size() - 8, 8);
  } else {
    for (const char c : name) first = first << 8 | static_cast<unsigned char>(c);
  }
  return first ^ (last * 0x9E3779B97F4A7C15) ^ name.size();
}

// The high bits are the well mixed ones.
std::size_t slot_of(std::uint64_t hash, std::size_t slots) noexcept { return (hash >> 32) % slots; }

void derive_state(std::span<const std::byte> key, std::string_view context, crypto::HmacState& out) noexcept {
  crypto::HmacState master;
  std::byte derived[crypto::kMacSize];
  crypto::hmac_prepare(key, master);
  crypto::hmac_sha256(master, context, derived);
  crypto::hmac_prepare(derived, out);
  wipe(&master, sizeof master);
  wipe(derived, sizeof derived);
}

}  // namespace

ContextCache::Context::Context(std::size_t key, std::string_view env, std::string_view field_type,
                               std::uint64_t field_hash) noexcept
    : key_index(key),
      environment(env),
      field(field_type),
      hash((field_hash ^ sample(env) ^ key * 0xD6E8FEB86659FD93) * 0x9E3779B97F4A7C15) {}

std::size_t ContextCache::Context::text_size() const noexcept {
  return environment.size() + 1 + field.size();
}

std::string_view ContextCache::Context::write_text(char* out) const noexcept {
  char* end = std::copy(environment.begin(), environment.end(), out);
  *end++ = '|';
  std::copy(field.begin(), field.end(), end);
  return {out, text_size()};
}

ContextCache::ContextCache() : arena_(kCapacity * sizeof(Entry) + kTextCapacity) {
  static_assert((kCapacity * sizeof(Entry) + kTextCapacity) % alignof(Entry) == 0,
                "guarded memory ends at a page, so its size decides the alignment of its beginning");
}

const crypto::HmacState* ContextCache::find(const Context& context) const noexcept {
  for (std::size_t slot = slot_of(context.hash, kSlots);; slot = (slot + 1) % kSlots) {
    const Entry* entry = slots_[slot].load(std::memory_order_acquire);
    if (entry == nullptr) return nullptr;
    if (entry->is(context)) return &entry->state;
  }
}

const crypto::HmacState& ContextCache::derive(std::span<const std::byte> key, const Context& context,
                                              crypto::HmacState& scratch) {
  if (full_.load(std::memory_order_relaxed)) return derive_aside(key, context, scratch);
  const std::lock_guard lock(mutex_);
  if (const crypto::HmacState* state = find(context)) return *state;
  if (entries_ == kCapacity || kTextCapacity - text_used_ < context.text_size()) {
    full_.store(true, std::memory_order_relaxed);
    return derive_aside(key, context, scratch);
  }

  std::byte* place = arena_.expose_mutable().data();
  char* text = reinterpret_cast<char*>(place + kCapacity * sizeof(Entry)) + text_used_;
  auto* entry = new (place + entries_ * sizeof(Entry)) Entry{};
  entry->hash = context.hash;
  entry->key_index = context.key_index;
  entry->environment_size = context.environment.size();
  entry->text = context.write_text(text);
  derive_state(key, entry->text, entry->state);
  ++entries_;
  text_used_ += context.text_size();

  std::size_t slot = slot_of(context.hash, kSlots);
  while (slots_[slot].load(std::memory_order_relaxed) != nullptr) slot = (slot + 1) % kSlots;
  slots_[slot].store(entry, std::memory_order_release);
  return entry->state;
}

const crypto::HmacState& ContextCache::derive_aside(std::span<const std::byte> key, const Context& context,
                                                    crypto::HmacState& scratch) noexcept {
  char text[2 * kMaxNameSize + 1];
  if (context.text_size() > sizeof text) std::abort();  // Environment and FieldType are never that long
  derive_state(key, context.write_text(text), scratch);
  return scratch;
}

}  // namespace pii
