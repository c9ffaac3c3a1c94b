#include "crypto/sha256.hpp"

#include <algorithm>
#include <cstring>

#include "crypto/big_endian.hpp"
#include "crypto/sha256_constants.hpp"
#include "crypto/sha256_kernels.hpp"
#include "pii/secret.hpp"

namespace pii::crypto {

Sha256::Sha256() noexcept : Sha256(sha256_dispatch().compress.run) {}

Sha256::Sha256(CompressFunction compress) noexcept : compress_(compress), block_{} {
  std::memcpy(state_.data(), kSha256Initial, sizeof(kSha256Initial));
}

Sha256::Sha256(std::span<const std::uint32_t, 8> state, std::uint64_t hashed) noexcept
    : compress_(sha256_dispatch().compress.run), block_{}, size_(hashed) {
  std::copy(state.begin(), state.end(), state_.begin());
}

Sha256::~Sha256() {
  wipe(state_.data(), sizeof(state_));
  wipe(block_.data(), sizeof(block_));
}

void Sha256::update(std::span<const std::byte> data) noexcept {
  if (data.empty()) return;
  const std::size_t held = size_ % block_.size();
  size_ += data.size();
  if (held != 0) {
    const std::size_t taken = std::min(data.size(), block_.size() - held);
    std::memcpy(block_.data() + held, data.data(), taken);
    if (held + taken < block_.size()) return;
    compress_(state_.data(), block_.data(), 1);
    data = data.subspan(taken);
  }
  const std::size_t blocks = data.size() / block_.size();
  if (blocks != 0) compress_(state_.data(), data.data(), blocks);
  data = data.subspan(blocks * block_.size());
  if (!data.empty()) std::memcpy(block_.data(), data.data(), data.size());
}

Sha256Digest Sha256::finish() noexcept {
  const std::uint64_t bits = size_ * 8;
  std::size_t held = size_ % block_.size();
  block_[held++] = std::byte{0x80};
  if (held > block_.size() - 8) {
    std::fill(block_.begin() + static_cast<std::ptrdiff_t>(held), block_.end(), std::byte{0});
    compress_(state_.data(), block_.data(), 1);
    held = 0;
  }
  std::fill(block_.begin() + static_cast<std::ptrdiff_t>(held), block_.end() - 8, std::byte{0});
  store_be64(block_.data() + block_.size() - 8, bits);
  compress_(state_.data(), block_.data(), 1);
  Sha256Digest digest;
  for (std::size_t i = 0; i < state_.size(); ++i) store_be32(digest.data() + 4 * i, state_[i]);
  return digest;
}

Sha256Digest sha256(std::span<const std::byte> data) noexcept {
  Sha256 hash;
  hash.update(data);
  return hash.finish();
}

}  // namespace pii::crypto
