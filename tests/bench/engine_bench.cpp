// The whole path of tokenize, protect and reveal, beside what the processor could do at best (floor) and what
// a program that calls OpenSSL by the book gets (peer). engine_goals.py runs it and compares.

#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_Transform: the floor is two bare compressions
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pii/pii.hpp"

namespace pii {
namespace {

constexpr std::string_view kEmail = "ada.lovelace@example.c";  // 22 bytes
static_assert(kEmail.size() == 22);

constexpr std::string_view kTokenDocument =
    R"({"schema_version":1,"primary_kid":"tk1","keys":{"tk1":{"alg":"HMAC-SHA-256",)"
    R"("created_at":"2025-01-01T00:00:00Z","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}})";
constexpr std::string_view kRevealDocument =
    R"({"schema_version":1,"primary_kid":"rk1","keys":{"rk1":{"alg":"AES-256-GCM",)"
    R"("created_at":"2025-01-01T00:00:00Z","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}})";

class BenchProvider final : public KeysetProvider {
 public:
  BenchProvider() {
    put(KeysetUsage::token, kTokenDocument);
    put(KeysetUsage::reveal, kRevealDocument);
  }
  Result<void> load(KeysetUsage) override { return Error(ErrorCode::internal, "both are loaded"); }
  ProviderHealth health() const override { return {}; }

 private:
  void put(KeysetUsage usage, std::string_view text) {
    const SecretBytes document = SecretBytes::copy_of(std::as_bytes(std::span(text)));
    cell_for_update(usage).replace(*parse_keyset(document));
  }
};

const std::shared_ptr<BenchProvider>& provider() {
  static const auto made = std::make_shared<BenchProvider>();
  return made;
}

const FullPii& pii() {
  static const FullPii made(provider(), Environment::make("prod").value());
  return made;
}

const FieldType& email() {
  static const FieldType made = FieldType::make("email").value();
  return made;
}

void require(bool good) {
  if (!good) std::abort();
}

void floor_two_sha256_transforms(benchmark::State& state) {
  SHA256_CTX context;
  SHA256_Init(&context);
  std::array<unsigned char, 64> block{};
  for (auto _ : state) {
    SHA256_Transform(&context, block.data());
    SHA256_Transform(&context, block.data());
    benchmark::DoNotOptimize(context);
  }
}
BENCHMARK(floor_two_sha256_transforms);

void peer_evp_mac_new_context(benchmark::State& state) {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
                                   OSSL_PARAM_construct_end()};
  const std::array<unsigned char, 32> key{};
  std::array<unsigned char, 32> out{};
  for (auto _ : state) {
    EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
    std::size_t size = 0;
    require(EVP_MAC_init(context, key.data(), key.size(), parameters) == 1);
    EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(kEmail.data()), kEmail.size());
    EVP_MAC_final(context, out.data(), &size, out.size());
    EVP_MAC_CTX_free(context);
    benchmark::DoNotOptimize(out);
  }
  EVP_MAC_free(mac);
}
BENCHMARK(peer_evp_mac_new_context);

void tokenize_into(benchmark::State& state) {
  const Tokenizer& tokenizer = pii().tokenizer();
  std::array<char, kTokenV1Size> text;
  for (auto _ : state) {
    require(tokenizer.tokenize_into(email(), kEmail, text.data()) == ErrorCode::ok);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(tokenize_into);

void tokenize(benchmark::State& state) {
  const Tokenizer& tokenizer = pii().tokenizer();
  for (auto _ : state) {
    auto token = tokenizer.tokenize(email(), kEmail);
    require(token.has_value());
    benchmark::DoNotOptimize(token);
  }
}
BENCHMARK(tokenize);

// Time per token.
void tokenize_batch(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const Tokenizer& tokenizer = pii().tokenizer();
  std::vector<std::string> values;
  for (std::size_t i = 0; i < size; ++i) {
    values.push_back("ada." + std::to_string(10'000'000 + i) + "@example.c");
    require(values.back().size() == kEmail.size());
  }
  const std::vector<std::string_view> views(values.begin(), values.end());
  std::vector<char> texts(size * kTokenV1Size);
  std::vector<char*> out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(texts.data() + i * kTokenV1Size);
  std::vector<ErrorCode> codes(size);
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(size))) {
    require(*tokenizer.tokenize_batch(email(), views, out, codes) == 0);
    benchmark::DoNotOptimize(texts.data());
  }
}
BENCHMARK(tokenize_batch)->Arg(4)->Arg(16)->Arg(32)->Arg(1024);

class EvpGcm {
 public:
  explicit EvpGcm(bool encrypt) : context_(EVP_CIPHER_CTX_new()) {
    const std::array<unsigned char, 32> key{};
    require(EVP_CipherInit_ex(context_, EVP_aes_256_gcm(), nullptr, key.data(), nonce_.data(),
                              encrypt ? 1 : 0) == 1);
  }
  ~EvpGcm() { EVP_CIPHER_CTX_free(context_); }
  EvpGcm(const EvpGcm&) = delete;
  EvpGcm& operator=(const EvpGcm&) = delete;

  void seal() {
    int size = 0;
    require(EVP_EncryptInit_ex(context_, nullptr, nullptr, nullptr, nonce_.data()) == 1);
    EVP_EncryptUpdate(context_, nullptr, &size, aad_.data(), static_cast<int>(aad_.size()));
    EVP_EncryptUpdate(context_, sealed_.data(), &size, reinterpret_cast<const unsigned char*>(kEmail.data()),
                      22);
    require(EVP_EncryptFinal_ex(context_, sealed_.data() + 22, &size) == 1);
    EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, 16, tag_.data());
  }
  void open(EvpGcm& from) {
    int size = 0;
    require(EVP_DecryptInit_ex(context_, nullptr, nullptr, nullptr, nonce_.data()) == 1);
    EVP_DecryptUpdate(context_, nullptr, &size, aad_.data(), static_cast<int>(aad_.size()));
    EVP_DecryptUpdate(context_, sealed_.data(), &size, from.sealed_.data(), 22);
    EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, 16, from.tag_.data());
    require(EVP_DecryptFinal_ex(context_, sealed_.data() + 22, &size) == 1);
  }

 private:
  EVP_CIPHER_CTX* context_;
  std::array<unsigned char, 12> nonce_{};
  std::array<unsigned char, 10> aad_{};
  std::array<unsigned char, 64> sealed_{};
  std::array<unsigned char, 16> tag_{};
};

void floor_evp_encrypt_with_iv_only(benchmark::State& state) {
  EvpGcm cipher(true);
  for (auto _ : state) cipher.seal();
}
BENCHMARK(floor_evp_encrypt_with_iv_only);

void floor_evp_decrypt_with_iv_only(benchmark::State& state) {
  EvpGcm sealing(true);
  EvpGcm opening(false);
  sealing.seal();
  for (auto _ : state) opening.open(sealing);
}
BENCHMARK(floor_evp_decrypt_with_iv_only);

void protect_into(benchmark::State& state) {
  const Protector& protector = pii().protector();
  std::vector<char> text(Protector::protected_capacity(kEmail.size()));
  for (auto _ : state) {
    require(protector.protect_into(email(), kEmail, text).has_value());
    benchmark::DoNotOptimize(text.data());
  }
}
BENCHMARK(protect_into);

void reveal_into(benchmark::State& state) {
  const Protector& protector = pii().protector();
  const std::string sealed = protector.protect(email(), kEmail).value();
  std::vector<char> text(sealed.size());
  for (auto _ : state) {
    require(protector.reveal_into(email(), sealed, text).has_value());
    benchmark::DoNotOptimize(text.data());
  }
}
BENCHMARK(reveal_into);

void protect(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(pii().protector().protect(email(), kEmail));
}
BENCHMARK(protect);

void reveal(benchmark::State& state) {
  const std::string sealed = pii().protector().protect(email(), kEmail).value();
  for (auto _ : state) benchmark::DoNotOptimize(pii().protector().reveal(email(), sealed));
}
BENCHMARK(reveal);

// Processor time per read: threads that disturbed one another's cache would show.
void keyset_snapshot(benchmark::State& state) {
  const KeysetCell& cell = provider()->cell(KeysetUsage::token);
  for (auto _ : state) benchmark::DoNotOptimize(cell.read());
}
BENCHMARK(keyset_snapshot)->Threads(1)->Threads(2);

}  // namespace
}  // namespace pii
