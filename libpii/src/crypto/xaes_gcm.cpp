#include "crypto/xaes_gcm.hpp"

#include <cstring>
#include <new>
#include <string_view>

#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

using Key = std::span<const std::byte, kAes256KeySize>;

// Trivial, because it lives in memory of the caller's.
struct State {
  AesBlockKey block_key;
  std::byte k1[kAesBlockSize];
  AesGcmImplementation gcm;
};
static_assert(sizeof(State) <= XaesGcm256::kStateSize && alignof(State) == 16);

const State& state_at(const std::byte* state) noexcept {
  return *std::launder(reinterpret_cast<const State*>(state));
}

// L doubled in GF(2^128), as CMAC does it (SP 800-38B, 6.1), without a branch on its bits.
void double_block(const std::byte* l, std::byte* k1) noexcept {
  const unsigned carry = std::to_integer<unsigned>(l[0]) >> 7;
  for (std::size_t i = 0; i < kAesBlockSize; ++i) {
    const unsigned next = i + 1 < kAesBlockSize ? std::to_integer<unsigned>(l[i + 1]) >> 7 : 0;
    k1[i] = static_cast<std::byte>(std::to_integer<unsigned>(l[i]) << 1 | next);
  }
  k1[kAesBlockSize - 1] ^= static_cast<std::byte>(0x87U & (0U - carry));
}

// The key of one nonce: the counter-mode KDF of SP 800-108 over CMAC, two blocks. Wiped at the end.
class MessageKey {
 public:
  MessageKey(const State& state, std::span<const std::byte, kXaesNonceSize> nonce) noexcept {
    constexpr std::size_t kPrefix = 4;
    for (std::size_t counter = 1; counter <= 2; ++counter) {
      std::byte* block = bytes_ + (counter - 1) * kAesBlockSize;
      const std::byte prefix[kPrefix] = {std::byte{0}, static_cast<std::byte>(counter), std::byte{'X'},
                                         std::byte{0}};
      std::memcpy(block, prefix, kPrefix);
      std::memcpy(block + kPrefix, nonce.data(), kAesBlockSize - kPrefix);
      for (std::size_t i = 0; i < kAesBlockSize; ++i) block[i] ^= state.k1[i];
    }
    made_ = aes_encrypt_two(state.block_key, std::span<const std::byte, sizeof(bytes_)>(bytes_), bytes_);
  }
  ~MessageKey() { wipe(bytes_, sizeof(bytes_)); }
  MessageKey(const MessageKey&) = delete;
  MessageKey& operator=(const MessageKey&) = delete;

  bool made() const noexcept { return made_; }
  Key bytes() const noexcept { return Key(bytes_); }

 private:
  std::byte bytes_[kAes256KeySize];
  bool made_;
};

std::span<const std::byte, kGcmNonceSize> rest_of(std::span<const std::byte, kXaesNonceSize> nonce) noexcept {
  return nonce.last<kGcmNonceSize>();
}

}  // namespace

bool xaes_prepare_with(XaesParts parts, Key key, std::byte* memory) noexcept {
  State* state = new (memory) State;
  state->gcm = parts.gcm;
  std::byte blocks[2 * kAesBlockSize] = {};
  const bool prepared = aes_block_prepare(parts.block, key, state->block_key) &&
                        aes_encrypt_two(state->block_key, blocks, blocks);
  double_block(blocks, state->k1);
  wipe(blocks, sizeof(blocks));
  return prepared;
}

bool XaesGcm256::prepare(Key key, std::byte* state) noexcept {
  return xaes_prepare_with({aes_block_in_force(), aes_gcm_in_force()}, key, state);
}

void XaesGcm256::destroy(std::byte* memory) noexcept {
  State& state = *std::launder(reinterpret_cast<State*>(memory));
  aes_block_destroy(state.block_key);
  wipe(&state, sizeof(state));
}

bool XaesGcm256::seal(const std::byte* memory, std::span<const std::byte, kXaesNonceSize> nonce,
                      std::span<const std::byte> aad, std::span<const std::byte> message,
                      std::byte* out) noexcept {
  const State& state = state_at(memory);
  const MessageKey key(state, nonce);
  return key.made() && aes_gcm_seal_once(state.gcm, key.bytes(), rest_of(nonce), aad, message, out);
}

bool XaesGcm256::open(const std::byte* memory, std::span<const std::byte, kXaesNonceSize> nonce,
                      std::span<const std::byte> aad, std::span<const std::byte> sealed,
                      std::byte* out) noexcept {
  const State& state = state_at(memory);
  const MessageKey key(state, nonce);
  return key.made() && aes_gcm_open_once(state.gcm, key.bytes(), rest_of(nonce), aad, sealed, out);
}

bool passes_known_answer(XaesParts parts) noexcept {
  // The second worked example of the specification; the first has no additional data.
  static constexpr std::string_view kNonce = "ABCDEFGHIJKLMNOPQRSTUVWX";
  static constexpr std::string_view kMessage = "XAES-256-GCM";
  static constexpr std::string_view kAad = "c2sp.org/XAES-256-GCM";
  static constexpr unsigned char kSealed[] = {0x98, 0x6e, 0xc1, 0x83, 0x25, 0x93, 0xdf, 0x54, 0x43, 0xa1,
                                              0x79, 0x43, 0x7f, 0xd0, 0x83, 0xbf, 0x3f, 0xdb, 0x41, 0xab,
                                              0xd7, 0x40, 0xa2, 0x1f, 0x71, 0xeb, 0x76, 0x9d};
  static_assert(sizeof(kSealed) == kMessage.size() + kGcmTagSize);
  const auto text = [](std::string_view view) { return std::as_bytes(std::span(view)); };
  std::byte key[kAes256KeySize];
  std::memset(key, 3, sizeof(key));
  alignas(State) std::byte state[sizeof(State)];
  const auto nonce = text(kNonce).first<kXaesNonceSize>();
  std::byte sealed[sizeof(kSealed)];
  std::byte opened[kMessage.size()];
  bool passed = xaes_prepare_with(parts, key, state) &&
                XaesGcm256::seal(state, nonce, text(kAad), text(kMessage), sealed) &&
                std::memcmp(sealed, kSealed, sizeof(kSealed)) == 0 &&
                XaesGcm256::open(state, nonce, text(kAad), sealed, opened) &&
                std::memcmp(opened, kMessage.data(), kMessage.size()) == 0;
  sealed[0] ^= std::byte{1};
  passed = passed && !XaesGcm256::open(state, nonce, text(kAad), sealed, opened);
  XaesGcm256::destroy(state);
  return passed;
}

}  // namespace pii::crypto
