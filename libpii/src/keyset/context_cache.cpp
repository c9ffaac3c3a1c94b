#include "keyset/context_cache.hpp"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <new>

#include "base/fork_lock.hpp"
#include "pii/names.hpp"

namespace pii {

namespace {

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

const crypto::HmacState& ContextCache::derive(std::span<const std::byte> key, const Context& context,
                                              crypto::HmacState& scratch) {
  if (full_.load(std::memory_order_relaxed)) return derive_aside(key, context, scratch);
  const std::lock_guard lock(base::fork_lock);
  if (const crypto::HmacState* state = find(context)) return *state;
  if (entries_ == kCapacity || kTextCapacity - text_used_ < context.text_size()) {
    full_.store(true, std::memory_order_relaxed);
    return derive_aside(key, context, scratch);
  }

  std::byte* place = arena_.expose_mutable().data();
  char* text = reinterpret_cast<char*>(place + kCapacity * sizeof(Entry)) + text_used_;
  auto* entry = new (place + entries_ * sizeof(Entry)) Entry(context, context.write_text(text));
  derive_state(key, entry->text, entry->state);
  ++entries_;
  text_used_ += context.text_size();

  std::size_t slot = slot_of(context);
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
