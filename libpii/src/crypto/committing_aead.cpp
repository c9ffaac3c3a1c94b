#include "crypto/committing_aead.hpp"

#include <sodium.h>

#include <cstring>
#include <new>

#include "crypto/sha256.hpp"
#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

static_assert(CommittingAead::kStateSize % 16 == 0, "guarded memory of this size begins at a multiple of 16");

const HmacState& commitment_key(const std::byte* state) noexcept {
  return *std::launder(reinterpret_cast<const HmacState*>(state + XaesGcm256::kStateSize));
}

// HMAC(K_com, nonce | aad)
void commit(const HmacState& key, std::span<const std::byte, kXaesNonceSize> nonce,
            std::span<const std::byte> aad, std::byte* out) noexcept {
  constexpr std::size_t kJoined = 256;
  if (aad.size() <= kJoined - kXaesNonceSize) {
    char joined[kJoined];
    std::memcpy(joined, nonce.data(), kXaesNonceSize);
    if (!aad.empty()) std::memcpy(joined + kXaesNonceSize, aad.data(), aad.size());
    hmac_sha256(key, {joined, kXaesNonceSize + aad.size()}, out);
    return;
  }
  Sha256 inner(key.inner, 64);
  inner.update(nonce);
  inner.update(aad);
  const Sha256Digest digest = inner.finish();
  Sha256 outer(key.outer, 64);
  outer.update(digest);
  const Sha256Digest mac = outer.finish();
  std::memcpy(out, mac.data(), mac.size());
}

}  // namespace

bool CommittingAead::prepare(std::span<const std::byte, kAes256KeySize> encryption,
                             std::span<const std::byte, kAes256KeySize> commitment,
                             std::byte* state) noexcept {
  auto* key = new (state + XaesGcm256::kStateSize) HmacState;
  hmac_prepare(commitment, *key);
  return XaesGcm256::prepare(encryption, state);
}

void CommittingAead::destroy(std::byte* state) noexcept {
  XaesGcm256::destroy(state);
  wipe(state, kStateSize);
}

bool CommittingAead::seal(const std::byte* state, std::span<const std::byte, kXaesNonceSize> nonce,
                          std::span<const std::byte> aad, std::span<const std::byte> message,
                          std::byte* out) noexcept {
  if (!XaesGcm256::seal(state, nonce, aad, message, out + kXaesNonceSize + kMacSize)) return false;
  commit(commitment_key(state), nonce, aad, out + kXaesNonceSize);
  std::memcpy(out, nonce.data(), kXaesNonceSize);
  return true;
}

bool CommittingAead::open(const std::byte* state, std::span<const std::byte> aad,
                          std::span<const std::byte> sealed, std::byte* out) noexcept {
  if (sealed.size() < kOverhead) return false;
  const auto nonce = sealed.first<kXaesNonceSize>();
  std::byte expected[kMacSize];
  commit(commitment_key(state), nonce, aad, expected);
  if (sodium_memcmp(expected, sealed.data() + kXaesNonceSize, kMacSize) != 0) return false;
  return XaesGcm256::open(state, nonce, aad, sealed.subspan(kXaesNonceSize + kMacSize), out);
}

}  // namespace pii::crypto
