#include "pii/keyset.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "crypto/aes_gcm.hpp"
#include "crypto/hkdf.hpp"
#include "keyset/context_cache.hpp"
#include "keyset/hex.hpp"
#include "keyset/keyset_impl.hpp"

namespace pii {
namespace {

// Prepared AES states begin on a cache line of their own.
constexpr std::size_t kStateAlignment = 64;

std::string check_value_of(std::span<const std::byte> key) {
  std::array<std::byte, 3> check;
  crypto::hkdf_sha256(key, {}, "kcv", check);
  return keyset::to_hex(check);
}

}  // namespace

std::string_view to_string(KeysetUsage usage) noexcept {
  return usage == KeysetUsage::token ? "token" : "reveal";
}

Keyset::Keyset(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Keyset::~Keyset() = default;

KeysetUsage Keyset::usage() const noexcept { return impl_->usage; }
const std::string& Keyset::primary_kid() const noexcept { return impl_->primary_kid; }
std::span<const KeyInfo> Keyset::keys() const noexcept { return impl_->keys; }
const std::string& Keyset::fingerprint() const noexcept { return impl_->fingerprint; }

Keyset::Impl::Impl() = default;

Keyset::Impl::~Impl() {
  for (std::size_t i = 0; i < aead_prepared_; ++i) {
    crypto::AesGcm256::destroy(aead_states_.expose_mutable().data() + i * aead_stride_);
  }
}

Result<void> Keyset::Impl::adopt(SecretBytes key_bytes) {
  key_bytes_ = std::move(key_bytes);
  key_bytes_.make_read_only();
  key_offsets_.assign(1, 0);
  for (const KeyInfo& info : keys) key_offsets_.push_back(key_offsets_.back() + info.key_size);
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i].check_value = check_value_of(key(i));

  by_kid_.resize(keys.size());
  std::iota(by_kid_.begin(), by_kid_.end(), 0U);
  std::sort(by_kid_.begin(), by_kid_.end(),
            [this](std::uint32_t a, std::uint32_t b) { return keys[a].kid < keys[b].kid; });

  if (usage == KeysetUsage::reveal) return prepare_aead();
  contexts_ = std::make_unique<ContextCache>();
  return {};
}

Result<void> Keyset::Impl::prepare_aead() {
  aead_stride_ = (crypto::AesGcm256::state_size() + kStateAlignment - 1) / kStateAlignment * kStateAlignment;
  aead_states_ = SecretBytes(keys.size() * aead_stride_);
  for (; aead_prepared_ < keys.size(); ++aead_prepared_) {
    const std::span<const std::byte, crypto::kAes256KeySize> bytes(key(aead_prepared_));
    std::byte* state = aead_states_.expose_mutable().data() + aead_prepared_ * aead_stride_;
    if (!crypto::AesGcm256::prepare(bytes, state)) {
      return Error(ErrorCode::crypto_failure,
                   "key " + keys[aead_prepared_].kid + ": AES-256-GCM could not be prepared");
    }
  }
  return {};
}

std::span<const std::byte> Keyset::Impl::key(std::size_t index) const noexcept {
  return key_bytes_.expose().subspan(key_offsets_[index], keys[index].key_size);
}

std::size_t Keyset::Impl::find(std::string_view kid) const noexcept {
  if (kid == primary_kid) return primary_index;
  const auto found = std::lower_bound(
      by_kid_.begin(), by_kid_.end(), kid,
      [this](std::uint32_t index, std::string_view wanted) { return keys[index].kid < wanted; });
  return found != by_kid_.end() && keys[*found].kid == kid ? *found : npos;
}

const crypto::HmacState& Keyset::Impl::token_state(std::size_t index, std::string_view environment,
                                                   std::string_view field, std::uint64_t field_hash,
                                                   crypto::HmacState& scratch) const {
  using Context = ContextCache::Context;
  if (const crypto::HmacState* state = contexts_->find(Context(index, environment, field, field_hash)))
    return *state;
  // Not the context above again: that one never leaves the registers.
  return contexts_->derive(key(index), Context(index, environment, field, field_hash), scratch);
}

const std::byte* Keyset::Impl::aead_state(std::size_t index) const noexcept {
  return aead_states_.expose().data() + index * aead_stride_;
}

}  // namespace pii
