#include "crypto/hkdf.hpp"

#include <algorithm>
#include <cstring>

#include "crypto/hmac.hpp"
#include "crypto/sha256.hpp"
#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// T(i) = HMAC(PRK, T(i - 1) | info | i), written over T(i - 1).
void next_block(const HmacState& prk, std::span<const std::byte> previous, std::string_view info,
                std::uint8_t number, Sha256Digest& block) noexcept {
  Sha256 inner(prk.inner, 64);
  inner.update(previous);
  inner.update(bytes_of(info));
  inner.update(std::as_bytes(std::span(&number, 1)));
  Sha256Digest digest = inner.finish();
  Sha256 outer(prk.outer, 64);
  outer.update(digest);
  block = outer.finish();
  wipe(digest.data(), digest.size());
}

}  // namespace

void hkdf_sha256(std::span<const std::byte> ikm, std::span<const std::byte> salt, std::string_view info,
                 std::span<std::byte> out) noexcept {
  HmacState state;
  Sha256Digest block;
  hmac_prepare(salt, state);
  hmac_sha256(state, {reinterpret_cast<const char*>(ikm.data()), ikm.size()}, block.data());
  hmac_prepare(block, state);

  std::span<const std::byte> previous;
  for (std::uint8_t number = 1; !out.empty(); ++number) {
    next_block(state, previous, info, number, block);
    previous = block;
    const std::size_t taken = std::min(out.size(), block.size());
    std::memcpy(out.data(), block.data(), taken);
    out = out.subspan(taken);
  }
  wipe(&state, sizeof(state));
  wipe(block.data(), block.size());
}

}  // namespace pii::crypto
