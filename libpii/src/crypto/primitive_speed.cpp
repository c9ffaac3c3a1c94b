#include "pii/primitive_speed.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "crypto/aes_gcm.hpp"
#include "crypto/hmac.hpp"
#include "pii/secret.hpp"

namespace pii {
namespace {

constexpr std::string_view kMessage = "ada.lovelace@example.c";
constexpr std::string_view kAad = "bench|email";
constexpr std::size_t kBatch = 512;

template <class Operation>
double time_of(std::chrono::nanoseconds duration, std::size_t per_call, Operation operation) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Clock::duration elapsed{};
  std::size_t calls = 0;
  for (; elapsed < duration; elapsed = Clock::now() - start) {
    for (int i = 0; i < 64; ++i, ++calls) operation();
  }
  return std::chrono::duration<double, std::nano>(elapsed).count() / static_cast<double>(calls * per_call);
}

double time_hmac(std::chrono::nanoseconds duration) {
  crypto::HmacState state;
  crypto::hmac_prepare(std::as_bytes(std::span(kMessage)), state);
  std::array<std::byte, crypto::kMacSize> mac;
  return time_of(duration, 1, [&] { crypto::hmac_sha256(state, kMessage, mac.data()); });
}

double time_hmac_batch(std::chrono::nanoseconds duration) {
  crypto::HmacState state;
  crypto::hmac_prepare(std::as_bytes(std::span(kMessage)), state);
  std::array<std::array<std::byte, crypto::kMacSize>, kBatch> macs;
  std::array<crypto::HmacJob, kBatch> jobs;
  for (std::size_t i = 0; i < kBatch; ++i) jobs[i] = {kMessage, macs[i].data()};
  return time_of(duration, kBatch, [&] { crypto::hmac_sha256_batch(state, jobs); });
}

double time_cipher(Primitive primitive, std::chrono::nanoseconds duration) {
  constexpr std::size_t kAlignment = 16;
  SecretBytes memory(crypto::AesGcm256::state_size() + kAlignment);
  void* place = memory.expose_mutable().data();
  std::size_t room = memory.size();
  auto* state = static_cast<std::byte*>(std::align(kAlignment, crypto::AesGcm256::state_size(), place, room));
  const std::array<std::byte, crypto::kAes256KeySize> key{};
  const std::array<std::byte, crypto::kGcmNonceSize> nonce{};
  if (!crypto::AesGcm256::prepare(key, state)) return 0;
  const auto aad = std::as_bytes(std::span(kAad));
  std::array<std::byte, kMessage.size() + crypto::kGcmTagSize> sealed;
  std::array<std::byte, kMessage.size()> opened;
  crypto::AesGcm256::seal(state, nonce, aad, std::as_bytes(std::span(kMessage)), sealed.data());
  const double result = time_of(duration, 1, [&] {
    if (primitive == Primitive::seal) {
      crypto::AesGcm256::seal(state, nonce, aad, std::as_bytes(std::span(kMessage)), sealed.data());
    } else {
      crypto::AesGcm256::open(state, nonce, aad, sealed, opened.data());
    }
  });
  crypto::AesGcm256::destroy(state);
  return result;
}

}  // namespace

double time_primitive(Primitive primitive, std::chrono::nanoseconds duration) {
  switch (primitive) {
    case Primitive::hmac:
      return time_hmac(duration);
    case Primitive::hmac_batch:
      return time_hmac_batch(duration);
    case Primitive::seal:
    case Primitive::open:
      return time_cipher(primitive, duration);
  }
  return 0;
}

}  // namespace pii
