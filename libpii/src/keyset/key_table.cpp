#include "keyset/key_table.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "crypto/aes_gcm.hpp"
#include "crypto/hkdf.hpp"
#include "keyset/context_cache.hpp"
#include "keyset/hex.hpp"
#include "keyset/keyset_rules.hpp"

namespace pii {
namespace {

// Prepared AES states begin on a cache line of their own.
constexpr std::size_t kStateAlignment = 64;

}  // namespace

namespace keyset {

std::string check_value_of(std::span<const std::byte> key) {
  std::array<std::byte, 3> check;
  crypto::hkdf_sha256(key, {}, "kcv", check);
  return to_hex(check);
}

}  // namespace keyset

Keyset::Keyset(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Keyset::~Keyset() = default;

KeysetUsage Keyset::usage() const noexcept { return impl_->usage; }
const std::string& Keyset::primary_kid() const noexcept { return impl_->primary_kid; }
std::span<const KeyInfo> Keyset::keys() const noexcept { return impl_->keys; }
int Keyset::schema_version() const noexcept { return impl_->schema_version; }
const KeysetPolicy& Keyset::policy() const noexcept { return impl_->policy; }
const KeysetIdentity& Keyset::identity() const noexcept { return impl_->identity; }
std::vector<KeyUse> Keyset::key_use() const {
  std::vector<KeyUse> all;
  for (std::size_t i = 0; i < impl_->keys.size(); ++i) {
    const KeyCounters& counters = impl_->counters(i);
    all.push_back({impl_->keys[i].kid, counters.total(KeyCounters::seals), counters.total(KeyCounters::tokens),
                   counters.total(KeyCounters::failures)});
  }
  return all;
}
const std::string& Keyset::fingerprint() const noexcept { return impl_->fingerprint; }

KeyTable::KeyTable() = default;

KeyTable::~KeyTable() {
  for (std::size_t i = 0; i < aead_prepared_; ++i) {
    crypto::AesGcm256::destroy(aead_states_.expose_mutable().data() + i * aead_stride_);
  }
}

Result<void> KeyTable::adopt(SecretBytes key_bytes) {
  key_bytes_ = std::move(key_bytes);
  key_bytes_.make_read_only();
  key_offsets_.assign(1, 0);
  for (const KeyInfo& info : keys) key_offsets_.push_back(key_offsets_.back() + info.key_size);
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i].check_value = keyset::check_value_of(key(i));

  by_kid_.resize(keys.size());
  std::iota(by_kid_.begin(), by_kid_.end(), 0U);
  std::sort(by_kid_.begin(), by_kid_.end(),
            [this](std::uint32_t a, std::uint32_t b) { return keys[a].kid < keys[b].kid; });

  while (v1_count_ < keys.size() && keys[v1_count_].version == 1) ++v1_count_;
  for (std::size_t i = v1_count_; i < keys.size(); ++i) {
    const auto role = static_cast<std::size_t>(role_of(keys[i].type));
    if (keys[i].state == KeyStatus::active) primaries_v2_[role] = i;
  }

  counters_ = std::make_unique<KeyCounters[]>(keys.size());
  if (v1_count_ != keys.size()) sub_keys_ = std::make_unique<DerivedKeys>();
  if (usage == KeysetUsage::reveal) return prepare_aead();
  contexts_ = std::make_unique<ContextCache>();
  return {};
}

Result<void> KeyTable::prepare_aead() {
  aead_stride_ = (crypto::AesGcm256::state_size() + kStateAlignment - 1) / kStateAlignment * kStateAlignment;
  aead_states_ = SecretBytes(v1_count_ * aead_stride_);
  for (; aead_prepared_ < v1_count_; ++aead_prepared_) {
    const std::span<const std::byte, crypto::kAes256KeySize> bytes(key(aead_prepared_));
    std::byte* state = aead_states_.expose_mutable().data() + aead_prepared_ * aead_stride_;
    if (!crypto::AesGcm256::prepare(bytes, state)) {
      return Error(ErrorCode::crypto_failure,
                   "key " + keys[aead_prepared_].kid + ": AES-256-GCM could not be prepared");
    }
  }
  return {};
}

std::span<const std::byte> KeyTable::key(std::size_t index) const noexcept {
  return key_bytes_.expose().subspan(key_offsets_[index], keys[index].key_size);
}

std::size_t KeyTable::find(std::string_view kid, int version) const noexcept {
  if (version == 1 && primary_index != npos && kid == primary_kid) return primary_index;
  const auto found = std::lower_bound(
      by_kid_.begin(), by_kid_.end(), kid,
      [this](std::uint32_t index, std::string_view wanted) { return keys[index].kid < wanted; });
  if (found == by_kid_.end() || keys[*found].kid != kid || keys[*found].version != version) return npos;
  return *found;
}

const crypto::HmacState& KeyTable::token_state(std::size_t index, std::string_view environment,
                                                   std::string_view field, std::uint64_t field_hash,
                                                   crypto::HmacState& scratch) const {
  using Context = ContextCache::Context;
  const crypto::HmacState* state = contexts_->find(Context(index, environment, field, field_hash));
  if (state != nullptr) return *state;
  // Not the context above again: that one never leaves the registers.
  return contexts_->derive(key(index), Context(index, environment, field, field_hash), scratch);
}

Result<const std::byte*> KeyTable::sub_key(std::size_t index, SubKeyUse use, const Place& place,
                                           DerivedKeys::Scratch& scratch) const {
  if (const std::byte* state = sub_keys_->find(index, use, place)) return state;
  return sub_keys_->derive({index, keys[index].kid, key(index)}, use, place, scratch);
}

void KeyTable::go_on_from(const KeyTable& other) const noexcept {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::size_t before = other.find(keys[i].kid, keys[i].version);
    if (before != npos && other.keys[before].check_value == keys[i].check_value) {
      counters_[i].go_on_from(other.counters_[before]);
    }
  }
}

const std::byte* KeyTable::aead_state(std::size_t index) const noexcept {
  return aead_states_.expose().data() + index * aead_stride_;
}

}  // namespace pii
