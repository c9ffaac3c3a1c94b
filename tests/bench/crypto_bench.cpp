// The primitives beside their floor and their peers. Run with --benchmark_enable_random_interleaving=true and
// compare within the run: `each` is the time of one MAC, message or text.
#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_Transform is the floor that docs/performance.md names

#include <benchmark/benchmark.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <sys/random.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "base/base64url_implementations.hpp"
#include "crypto/aes_gcm_implementations.hpp"
#include "crypto/random.hpp"
#include "crypto/sha256_kernels.hpp"

namespace pii::crypto {
namespace {

constexpr std::string_view kEmail = "alice.smith@example.co";  // 22 bytes
constexpr std::array<std::byte, 32> kKey = {std::byte{1}, std::byte{2}, std::byte{3}};
constexpr std::array<std::byte, kGcmNonceSize> kNonce = {std::byte{7}};
constexpr std::string_view kAad = "prod|email";

const unsigned char* raw(const void* data) { return static_cast<const unsigned char*>(data); }
unsigned char* raw(std::byte* data) { return reinterpret_cast<unsigned char*>(data); }

void report_each(benchmark::State& state, std::size_t count) {
  state.counters["each"] =
      benchmark::Counter(static_cast<double>(count),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// --- HMAC-SHA-256 of 22 bytes

void floor_two_transforms(benchmark::State& state) {
  SHA256_CTX context;
  SHA256_Init(&context);
  const std::array<unsigned char, 64> block = {1};
  for (auto _ : state) {
    SHA256_Transform(&context, block.data());
    SHA256_Transform(&context, block.data());
    benchmark::DoNotOptimize(context.h[0]);
  }
  report_each(state, 1);
}
BENCHMARK(floor_two_transforms);

class EvpMac {
 public:
  EvpMac() : mac_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)) {
    char digest[] = "SHA256";
    parameters_[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
    parameters_[1] = OSSL_PARAM_construct_end();
    keyed_ = EVP_MAC_CTX_new(mac_);
    EVP_MAC_init(keyed_, raw(kKey.data()), kKey.size(), parameters_);
  }
  ~EvpMac() {
    EVP_MAC_CTX_free(keyed_);
    EVP_MAC_free(mac_);
  }
  EvpMac(const EvpMac&) = delete;
  EvpMac& operator=(const EvpMac&) = delete;

  void with_new_context(unsigned char* out) {
    EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac_);
    char digest[] = "SHA256";
    parameters_[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
    EVP_MAC_init(context, raw(kKey.data()), kKey.size(), parameters_);
    finish(context, out);
    EVP_MAC_CTX_free(context);
  }
  void with_kept_context(unsigned char* out) {
    EVP_MAC_init(keyed_, nullptr, 0, nullptr);
    finish(keyed_, out);
  }

 private:
  static void finish(EVP_MAC_CTX* context, unsigned char* out) {
    EVP_MAC_update(context, raw(kEmail.data()), kEmail.size());
    std::size_t size = 0;
    EVP_MAC_final(context, out, &size, kMacSize);
  }

  EVP_MAC* mac_;
  EVP_MAC_CTX* keyed_;
  OSSL_PARAM parameters_[2];
};

void peer_evp_mac_new_context(benchmark::State& state) {
  EvpMac mac;
  unsigned char out[kMacSize];
  for (auto _ : state) {
    mac.with_new_context(out);
    benchmark::DoNotOptimize(out[0]);
  }
  report_each(state, 1);
}
BENCHMARK(peer_evp_mac_new_context);

void peer_evp_mac_kept_context(benchmark::State& state) {
  EvpMac mac;
  unsigned char out[kMacSize];
  for (auto _ : state) {
    mac.with_kept_context(out);
    benchmark::DoNotOptimize(out[0]);
  }
  report_each(state, 1);
}
BENCHMARK(peer_evp_mac_kept_context);

void peer_sodium_hmac_saved_state(benchmark::State& state) {
  crypto_auth_hmacsha256_state saved;
  crypto_auth_hmacsha256_init(&saved, raw(kKey.data()), kKey.size());
  unsigned char out[kMacSize];
  for (auto _ : state) {
    crypto_auth_hmacsha256_state copy = saved;
    crypto_auth_hmacsha256_update(&copy, raw(kEmail.data()), kEmail.size());
    crypto_auth_hmacsha256_final(&copy, out);
    benchmark::DoNotOptimize(out[0]);
  }
  report_each(state, 1);
}
BENCHMARK(peer_sodium_hmac_saved_state);

HmacState prepared() {
  HmacState state;
  hmac_prepare(kKey, state);
  return state;
}

void hmac_single(benchmark::State& state) {
  const HmacState key = prepared();
  std::byte mac[kMacSize];
  for (auto _ : state) {
    hmac_sha256(key, kEmail, mac);
    benchmark::DoNotOptimize(mac[0]);
  }
  report_each(state, 1);
}
BENCHMARK(hmac_single);

// Lengths of real values vary, and so do the branches of a single call.
void hmac_single_varied(benchmark::State& state) {
  const HmacState key = prepared();
  const std::string text(64, 'x');
  std::byte mac[kMacSize];
  std::size_t i = 0;
  for (auto _ : state) {
    hmac_sha256(key, std::string_view(text).substr(0, 5 + i * 2654435761U % 4096 * 45 / 4096), mac);
    benchmark::DoNotOptimize(mac[0]);
    ++i;
  }
  report_each(state, 1);
}
BENCHMARK(hmac_single_varied);

// Messages of 22 bytes or of 5 to 100.
void hmac_batch(benchmark::State& state, bool mixed) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const HmacState key = prepared();
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < count; ++i) {
    messages.push_back(mixed ? std::string(5 + i * 37 % 96, 'x') : std::string(kEmail));
  }
  std::vector<std::byte> macs(count * kMacSize);
  std::vector<HmacJob> jobs;
  for (std::size_t i = 0; i < count; ++i)
    jobs.push_back({messages[i], macs.data() + i * kMacSize});
  for (auto _ : state) {
    hmac_sha256_batch(key, jobs);
    benchmark::DoNotOptimize(macs[0]);
  }
  report_each(state, count);
}
BENCHMARK_CAPTURE(hmac_batch, short, false)
    ->Arg(1)
    ->Arg(2)
    ->Arg(4)
    ->Arg(8)
    ->Arg(12)
    ->Arg(16)
    ->Arg(256)
    ->Arg(1024);
BENCHMARK_CAPTURE(hmac_batch, mixed_lengths, true)->Arg(1024);

void hmac_kernel(benchmark::State& state, const HmacKernel& kernel) {
  const HmacState key = prepared();
  std::vector<std::byte> macs(kernel.lanes * kMacSize);
  std::vector<HmacJob> jobs;
  for (std::size_t i = 0; i < kernel.lanes; ++i) jobs.push_back({kEmail, macs.data() + i * kMacSize});
  std::vector<const HmacJob*> lanes;
  for (const HmacJob& job : jobs) lanes.push_back(&job);
  for (auto _ : state) {
    kernel.run(key, lanes.data(), 1);
    benchmark::DoNotOptimize(macs[0]);
  }
  report_each(state, kernel.lanes);
}

void hmac_preparing(benchmark::State& state) {
  HmacState key;
  for (auto _ : state) {
    hmac_prepare(kKey, key);
    benchmark::DoNotOptimize(key);
  }
}
BENCHMARK(hmac_preparing);

// What the first use in a process costs.
void sha256_choosing(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(choose_sha256(compress_kernels(), hmac_kernels()));
}
BENCHMARK(sha256_choosing);

// --- AES-256-GCM

EVP_CIPHER_CTX* keyed_context() {
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_CipherInit_ex2(context, cipher, raw(kKey.data()), nullptr, 1, nullptr);
  EVP_CIPHER_free(cipher);
  return context;
}

void floor_evp_seal(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const std::vector<unsigned char> message(size);
  std::vector<unsigned char> out(size + kGcmTagSize);
  EVP_CIPHER_CTX* context = keyed_context();
  int written = 0;
  for (auto _ : state) {
    EVP_EncryptInit_ex2(context, nullptr, nullptr, raw(kNonce.data()), nullptr);
    EVP_EncryptUpdate(context, nullptr, &written, raw(kAad.data()), static_cast<int>(kAad.size()));
    EVP_EncryptUpdate(context, out.data(), &written, message.data(), static_cast<int>(size));
    EVP_EncryptFinal_ex(context, out.data() + size, &written);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kGcmTagSize, out.data() + size);
    benchmark::DoNotOptimize(out.data());
  }
  EVP_CIPHER_CTX_free(context);
  report_each(state, 1);
}
BENCHMARK(floor_evp_seal)->Arg(22)->Arg(4096)->Arg(65536);

// A state in ordinary memory will do for a key that is no secret.
struct PreparedKey {
  explicit PreparedKey(AesGcmImplementation implementation)
      : memory(AesGcm256::state_size() / sizeof(std::max_align_t) + 1) {
    aes_gcm_prepare_with(implementation, kKey, state());
  }
  ~PreparedKey() { AesGcm256::destroy(state()); }
  PreparedKey(const PreparedKey&) = delete;
  PreparedKey& operator=(const PreparedKey&) = delete;
  std::byte* state() { return reinterpret_cast<std::byte*>(memory.data()); }

  std::vector<std::max_align_t> memory;
};

std::vector<std::byte> sealed_zeros(std::size_t size) {
  PreparedKey key(AesGcmImplementation::openssl);
  std::vector<std::byte> sealed(size + kGcmTagSize);
  AesGcm256::seal(key.state(), kNonce, std::as_bytes(std::span(kAad)), std::span(sealed).first(size),
                  sealed.data());
  return sealed;
}

void floor_evp_open(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  std::vector<std::byte> sealed = sealed_zeros(size);
  std::vector<unsigned char> out(size);
  EVP_CIPHER_CTX* context = keyed_context();
  int written = 0;
  for (auto _ : state) {
    EVP_DecryptInit_ex2(context, nullptr, nullptr, raw(kNonce.data()), nullptr);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kGcmTagSize, sealed.data() + size);
    EVP_DecryptUpdate(context, nullptr, &written, raw(kAad.data()), static_cast<int>(kAad.size()));
    EVP_DecryptUpdate(context, out.data(), &written, raw(sealed.data()), static_cast<int>(size));
    if (EVP_DecryptFinal_ex(context, out.data() + size, &written) != 1) state.SkipWithError("not authentic");
    benchmark::DoNotOptimize(out.data());
  }
  EVP_CIPHER_CTX_free(context);
  report_each(state, 1);
}
BENCHMARK(floor_evp_open)->Arg(22)->Arg(4096)->Arg(65536);

void gcm_seal(benchmark::State& state, AesGcmImplementation implementation) {
  const auto size = static_cast<std::size_t>(state.range(0));
  PreparedKey key(implementation);
  const std::vector<std::byte> message(size);
  std::vector<std::byte> out(size + kGcmTagSize);
  for (auto _ : state) {
    AesGcm256::seal(key.state(), kNonce, std::as_bytes(std::span(kAad)), message, out.data());
    benchmark::DoNotOptimize(out.data());
  }
  report_each(state, 1);
}

void gcm_open(benchmark::State& state, AesGcmImplementation implementation) {
  const auto size = static_cast<std::size_t>(state.range(0));
  PreparedKey key(implementation);
  const std::vector<std::byte> sealed = sealed_zeros(size);
  std::vector<std::byte> out(size + 1);
  for (auto _ : state) {
    if (!AesGcm256::open(key.state(), kNonce, std::as_bytes(std::span(kAad)), sealed, out.data())) {
      state.SkipWithError("not authentic");
    }
    benchmark::DoNotOptimize(out.data());
  }
  report_each(state, 1);
}

// --- 12 random bytes

void peer_rand_bytes(benchmark::State& state) {
  unsigned char nonce[kGcmNonceSize];
  for (auto _ : state) {
    RAND_bytes(nonce, sizeof(nonce));
    benchmark::DoNotOptimize(nonce[0]);
  }
}
BENCHMARK(peer_rand_bytes);

void peer_getrandom(benchmark::State& state) {
  unsigned char nonce[kGcmNonceSize];
  for (auto _ : state) {
    if (getrandom(nonce, sizeof(nonce), 0) != sizeof(nonce)) state.SkipWithError("no randomness");
    benchmark::DoNotOptimize(nonce[0]);
  }
}
BENCHMARK(peer_getrandom);

void random_nonce(benchmark::State& state) {
  std::array<std::byte, kGcmNonceSize> nonce;
  for (auto _ : state) {
    random_bytes(nonce);
    benchmark::DoNotOptimize(nonce[0]);
  }
}
BENCHMARK(random_nonce);

// --- base64url of a MAC, and back from a 22-byte string's ciphertext

void peer_sodium_base64_encode(benchmark::State& state) {
  char text[44];
  for (auto _ : state) {
    sodium_bin2base64(text, sizeof(text), raw(kKey.data()), kKey.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    benchmark::DoNotOptimize(text[0]);
  }
}
BENCHMARK(peer_sodium_base64_encode);

void peer_evp_base64_encode(benchmark::State& state) {
  unsigned char text[45];
  for (auto _ : state) {
    EVP_EncodeBlock(text, raw(kKey.data()), static_cast<int>(kKey.size()));
    benchmark::DoNotOptimize(text[0]);
  }
}
BENCHMARK(peer_evp_base64_encode);

void base64_encode_32(benchmark::State& state, const base::Base64Implementation& implementation) {
  char text[43];
  std::array<std::byte, 32> mac = kKey;
  for (auto _ : state) {
    benchmark::DoNotOptimize(mac);
    implementation.encode(mac.data(), mac.size(), text);
    benchmark::DoNotOptimize(text[0]);
  }
}

void base64_decode_67(benchmark::State& state, const base::Base64Implementation& implementation) {
  std::string text(67, 'Q');
  text.back() = 'A';
  std::byte out[64];
  for (auto _ : state) {
    const auto size = base::base64url_decode_with(implementation, text, out);
    if (!size) state.SkipWithError("refused");
    benchmark::DoNotOptimize(out[0]);
  }
}

// What this processor can run is known only here.
const bool registered = [] {
  for (const HmacKernel& kernel : hmac_kernels()) {
    benchmark::RegisterBenchmark((std::string("hmac_kernel/") + kernel.name).c_str(), hmac_kernel, kernel);
  }
  for (const AesGcmImplementation implementation : aes_gcm_implementations()) {
    for (const std::int64_t size : {22, 1024, 2047, 2048, 4096, 65536}) {
      const std::string name = name_of(implementation);
      benchmark::RegisterBenchmark(("gcm_seal/" + name).c_str(), gcm_seal, implementation)->Arg(size);
      benchmark::RegisterBenchmark(("gcm_open/" + name).c_str(), gcm_open, implementation)->Arg(size);
    }
  }
  for (const base::Base64Implementation& implementation : base::base64_implementations()) {
    const std::string name = implementation.name;
    benchmark::RegisterBenchmark(("base64_encode_32/" + name).c_str(), base64_encode_32, implementation);
    benchmark::RegisterBenchmark(("base64_decode_67/" + name).c_str(), base64_decode_67, implementation);
  }
  return true;
}();

}  // namespace
}  // namespace pii::crypto
