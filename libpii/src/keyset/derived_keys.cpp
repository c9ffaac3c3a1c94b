#include "keyset/derived_keys.hpp"

#include <cstring>
#include <mutex>
#include <new>
#include <string>

#include "base/fork_lock.hpp"
#include "crypto/aes_block.hpp"
#include "crypto/hkdf.hpp"
#include "formats/key_context.hpp"

namespace pii {

std::string_view normalizer_name(const Place& place) noexcept {
  const std::string_view id = normalizer_id(place.normalizer);
  return id.empty() ? "none" : id;
}

namespace {

using formats::Purpose;

constexpr std::size_t kSubKeySize = 32;

Error refuse_name(std::string_view what) {
  return Error(ErrorCode::invalid_name, std::string(what) + " is no version 2 name",
               "version 2 names match [a-z0-9][a-z0-9._-]{0,63}");
}

Result<void> check_names(const Place& place) {
  if (!is_valid_v2_name(place.environment)) return refuse_name("the environment");
  if (!place.tenant.empty() && !is_valid_v2_name(place.tenant)) return refuse_name("the tenant");
  if (!is_valid_v2_name(place.field)) return refuse_name("the field type");
  return {};
}

// HKDF of one purpose, wiped at the end.
class SubKey {
 public:
  SubKey(const DerivedKeys::Key& key, Purpose purpose, const Place& place) noexcept {
    char info[formats::kMaxContextSize];
    const std::size_t size = formats::write_context(
        purpose, {place.environment, place.tenant, place.field, normalizer_name(place), key.kid}, info);
    crypto::hkdf_sha256(key.bytes, {}, {info, size}, bytes_);
  }
  ~SubKey() { wipe(bytes_, sizeof bytes_); }
  SubKey(const SubKey&) = delete;
  SubKey& operator=(const SubKey&) = delete;

  std::span<const std::byte, kSubKeySize> bytes() const noexcept {
    return std::span<const std::byte, kSubKeySize>(bytes_);
  }

 private:
  std::byte bytes_[kSubKeySize];
};

bool prepare(const DerivedKeys::Key& key, SubKeyUse use, const Place& place, std::byte* state) noexcept {
  switch (use) {
    case SubKeyUse::token:
    case SubKeyUse::blind_index: {
      const Purpose purpose = use == SubKeyUse::token ? Purpose::token : Purpose::blind_index;
      crypto::hmac_prepare(SubKey(key, purpose, place).bytes(), *new (state) crypto::HmacState);
      return true;
    }
    case SubKeyUse::format:
      return crypto::aes_block_prepare(crypto::aes_block_in_force(),
                                       SubKey(key, Purpose::format_preserving, place).bytes(),
                                       *new (state) crypto::AesBlockKey);
    case SubKeyUse::encrypt_slim:
      return crypto::XaesGcm256::prepare(SubKey(key, Purpose::encrypt, place).bytes(), state);
    case SubKeyUse::encrypt:
    case SubKeyUse::data_key: {
      const Purpose purpose = use == SubKeyUse::encrypt ? Purpose::encrypt : Purpose::data_key;
      return crypto::CommittingAead::prepare(SubKey(key, purpose, place).bytes(),
                                             SubKey(key, Purpose::commit, place).bytes(), state);
    }
  }
  return false;
}

}  // namespace

struct DerivedKeys::Lookup {
  Lookup(std::size_t index, SubKeyUse wanted, const Place& at) noexcept
      : key_index(index), use(wanted), place(at), environment(at.environment), tenant(at.tenant), field(at.field) {
    const std::uint64_t small = static_cast<std::uint64_t>(use) << 8 | static_cast<std::uint64_t>(place.normalizer);
    const std::uint64_t mixed = environment.first ^ environment.last * 0xD6E8FEB86659FD93 ^ place.field_hash ^
                                (tenant.first + tenant.last * 0xA0761D6478BD642F) ^ (key_index << 16 | small);
    hash = mixed * 0x9E3779B97F4A7C15;
  }
  std::size_t slot() const noexcept { return (hash >> 32) % kSlots; }

  std::size_t key_index;
  SubKeyUse use;
  const Place& place;
  NameEnds environment;
  NameEnds tenant;
  NameEnds field;
  std::uint64_t hash;
};

struct DerivedKeys::Entry {
  explicit Entry(const Lookup& of) noexcept
      : hash(of.hash),
        key_index(of.key_index),
        use(of.use),
        normalizer(of.place.normalizer),
        environment(of.environment),
        tenant(of.tenant),
        field(of.field) {
    char* end = text;
    for (const std::string_view part : {of.place.environment, of.place.tenant, of.place.field}) {
      if (!part.empty()) std::memcpy(end, part.data(), part.size());
      end += part.size();
    }
  }

  bool is(const Lookup& of) const noexcept {
    if (hash != of.hash || key_index != of.key_index || use != of.use || normalizer != of.place.normalizer ||
        environment != of.environment || tenant != of.tenant || field != of.field) {
      return false;
    }
    if (environment.size <= NameEnds::kWhole && tenant.size <= NameEnds::kWhole && field.size <= NameEnds::kWhole) {
      return true;
    }
    const std::string_view names(text, environment.size + tenant.size + field.size);
    return names.starts_with(of.place.environment) && names.ends_with(of.place.field) &&
           names.substr(environment.size, tenant.size) == of.place.tenant;
  }

  std::uint64_t hash;
  std::size_t key_index;
  SubKeyUse use;
  Normalization normalizer;
  NameEnds environment;
  NameEnds tenant;
  NameEnds field;
  char text[3 * kMaxV2NameSize];
  alignas(16) std::byte state[kStateSize];
};

DerivedKeys::DerivedKeys() : arena_(kCapacity * sizeof(Entry)) {
  static_assert(sizeof(crypto::AesBlockKey) <= kStateSize);
  static_assert(sizeof(Entry) % alignof(Entry) == 0 && alignof(Entry) == 16,
                "guarded memory ends at a page, so its size decides the alignment of its beginning");
}

DerivedKeys::~DerivedKeys() {
  for (std::size_t i = 0; i < entries_; ++i) {
    auto* entry = std::launder(reinterpret_cast<Entry*>(arena_.expose_mutable().data() + i * sizeof(Entry)));
    destroy(entry->use, entry->state);
  }
}

const std::byte* DerivedKeys::find(std::size_t key_index, SubKeyUse use, const Place& place) const noexcept {
  const Lookup wanted(key_index, use, place);
  for (std::size_t slot = wanted.slot();; slot = (slot + 1) % kSlots) {
    const Entry* entry = slots_[slot].load(std::memory_order_acquire);
    if (entry == nullptr) return nullptr;
    if (entry->is(wanted)) return entry->state;
  }
}

Result<const std::byte*> DerivedKeys::derive(const Key& key, SubKeyUse use, const Place& place,
                                             Scratch& scratch) {
  const auto aside = [&]() -> Result<const std::byte*> {
    auto derived = derive_into(key, use, place, scratch.bytes);
    if (derived) return scratch.bytes;
    destroy(use, scratch.bytes);
    return std::move(derived).error();
  };
  if (full_.load(std::memory_order_relaxed)) return aside();
  if (auto valid = check_names(place); !valid) return valid.error();  // before they are copied
  const std::lock_guard lock(base::fork_lock);
  if (const std::byte* state = find(key.index, use, place)) return state;
  if (entries_ == kCapacity) {
    full_.store(true, std::memory_order_relaxed);
    return aside();
  }
  const Lookup wanted(key.index, use, place);
  auto* entry = new (arena_.expose_mutable().data() + entries_ * sizeof(Entry)) Entry(wanted);
  if (auto derived = derive_into(key, use, place, entry->state); !derived) {
    destroy(use, entry->state);
    return std::move(derived).error();
  }
  ++entries_;
  std::size_t slot = wanted.slot();
  while (slots_[slot].load(std::memory_order_relaxed) != nullptr) slot = (slot + 1) % kSlots;
  slots_[slot].store(entry, std::memory_order_release);
  return entry->state;
}

Result<void> DerivedKeys::derive_into(const Key& key, SubKeyUse use, const Place& place, std::byte* state) {
  if (auto valid = check_names(place); !valid) {
    std::memset(state, 0, kStateSize);  // so that destroy() finds nothing to free
    return valid;
  }
  if (prepare(key, use, place, state)) return {};
  return Error(ErrorCode::crypto_failure,
               "key " + std::string(key.kid) + ": its cipher could not be prepared");
}

void DerivedKeys::destroy(SubKeyUse use, std::byte* state) noexcept {
  switch (use) {
    case SubKeyUse::token:
    case SubKeyUse::blind_index:
      wipe(state, sizeof(crypto::HmacState));
      return;
    case SubKeyUse::format:
      crypto::aes_block_destroy(*std::launder(reinterpret_cast<crypto::AesBlockKey*>(state)));
      return;
    case SubKeyUse::encrypt_slim:
      crypto::XaesGcm256::destroy(state);
      return;
    case SubKeyUse::encrypt:
    case SubKeyUse::data_key:
      crypto::CommittingAead::destroy(state);
      return;
  }
}

}  // namespace pii
