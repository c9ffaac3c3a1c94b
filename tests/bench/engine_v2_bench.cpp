// Version 2 from text to text, beside the bare primitives that it is made of, in one run: HMAC and committing AEAD with
// everything prepared, FF1 without the engine; and version 1 of the same. And what threads that share a key pay for counting.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/committing_aead.hpp"
#include "crypto/ff1.hpp"
#include "crypto/random.hpp"
#include "keyset/key_counters.hpp"
#include "pii/base64url.hpp"
#include "pii/format_preserver.hpp"
#include "pii/pii.hpp"

namespace pii {
namespace {

constexpr std::string_view kEmail = "ada.lovelace@example.c";  // 22 bytes
constexpr std::string_view kCard = "4111111111111111";

std::string key(std::string_view kid, std::string_view alg, std::string_view params) {
  return "\"" + std::string(kid) + R"(":{"alg":")" + std::string(alg) +
         R"(","status":"active","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","params":)" + std::string(params) + "}";
}

std::string document(std::string_view v1_alg, std::string_view primary, const std::string& v2_keys, int version) {
  return R"({"schema_version":2,"primary_kid":"old","keys":{"old":{"alg":")" + std::string(v1_alg) +
         R"(","status":"active","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}},"v2":{"primary_kid":")" +
         std::string(primary) + R"(","keys":{)" + v2_keys + R"(}},"keyset":{"policy":{"write_version":)" +
         std::to_string(version) + "}}}";
}

class BenchProvider final : public KeysetProvider {
 public:
  explicit BenchProvider(int version) {
    put(KeysetUsage::token, document("HMAC-SHA-256", "tok1",
                                     key("tok1", "PII-TOK-2", "{}") + "," + key("idx1", "PII-IDX-2", R"({"bits":20})") + "," +
                                         key("ff1", "PII-FF1-2", R"({"alphabet":"0123456789"})"),
                                     version));
    put(KeysetUsage::reveal, document("AES-256-GCM", "enc1", key("enc1", "PII-AEAD-2", "{}"), version));
  }
  Result<void> load(KeysetUsage) override { return Error(ErrorCode::internal, "both are loaded"); }
  ProviderHealth health() const override { return {}; }

 private:
  void put(KeysetUsage usage, const std::string& text) {
    const auto parsed = parse_keyset(SecretBytes::copy_of(std::as_bytes(std::span(text))));
    if (!parsed) std::abort();
    cell_for_update(usage).replace(*parsed);
  }
};

const std::shared_ptr<BenchProvider>& provider(int version) {
  static const std::shared_ptr<BenchProvider> made[] = {std::make_shared<BenchProvider>(1), std::make_shared<BenchProvider>(2)};
  return made[version - 1];
}
const FullPii& pii(int version) {
  static const FullPii made[] = {FullPii(provider(1), Environment::make("prod").value()),
                                 FullPii(provider(2), Environment::make("prod").value())};
  return made[version - 1];
}
const FieldType& email() {
  static const FieldType made = FieldType::make("email").value();
  return made;
}
void require(bool good) {
  if (!good) std::abort();
}
std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
std::array<std::byte, 32> some_key() {
  std::array<std::byte, 32> made;
  made.fill(std::byte{7});
  return made;
}

void floor_hmac(benchmark::State& state) {
  crypto::HmacState prepared;
  crypto::hmac_prepare(some_key(), prepared);
  std::array<std::byte, crypto::kMacSize> mac;
  for (auto _ : state) {
    crypto::hmac_sha256(prepared, kEmail, mac.data());
    benchmark::DoNotOptimize(mac);
  }
}
BENCHMARK(floor_hmac);

void token(benchmark::State& state) {
  const Tokenizer& tokenizer = pii(static_cast<int>(state.range(0))).tokenizer();
  for (auto _ : state) {
    auto made = tokenizer.tokenize(email(), kEmail);
    require(made.has_value());
    benchmark::DoNotOptimize(made);
  }
}
BENCHMARK(token)->Arg(1)->Arg(2);

void blind_index(benchmark::State& state) {
  for (auto _ : state) {
    auto made = pii(2).tokenizer().index(email(), kEmail);
    require(made.has_value());
    benchmark::DoNotOptimize(made);
  }
}
BENCHMARK(blind_index);

// Time per token, 1,024 at once, into Token objects.
void token_batch(benchmark::State& state) {
  constexpr std::size_t kSize = 1024;
  const Tokenizer& tokenizer = pii(static_cast<int>(state.range(0))).tokenizer();
  std::vector<std::string> values;
  for (std::size_t i = 0; i < kSize; ++i) values.push_back("ada." + std::to_string(10'000'000 + i) + "@example.c");
  const std::vector<std::string_view> views(values.begin(), values.end());
  std::vector<Token> out(kSize);
  std::vector<ErrorCode> codes(kSize);
  while (state.KeepRunningBatch(kSize)) {
    require(*tokenizer.tokenize_batch(email(), views, std::span<Token>(out), codes, Binding{}) == 0);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(token_batch)->Arg(1)->Arg(2);

class Aead {
 public:
  Aead() { require(crypto::CommittingAead::prepare(some_key(), some_key(), state_)); }
  ~Aead() { crypto::CommittingAead::destroy(state_); }
  Aead(const Aead&) = delete;
  Aead& operator=(const Aead&) = delete;
  const std::byte* state() const { return state_; }

 private:
  alignas(64) std::byte state_[crypto::CommittingAead::kStateSize];
};
constexpr std::string_view kBinding("\0\0\0\0\0\0\0\0", 8);

void floor_seal(benchmark::State& state) {
  const Aead aead;
  std::array<std::byte, crypto::kXaesNonceSize> nonce{};
  std::array<std::byte, kEmail.size() + crypto::CommittingAead::kOverhead> out;
  for (auto _ : state) {
    require(crypto::CommittingAead::seal(aead.state(), nonce, bytes(kBinding), bytes(kEmail), out.data()));
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(floor_seal);

void floor_open(benchmark::State& state) {
  const Aead aead;
  std::array<std::byte, crypto::kXaesNonceSize> nonce{};
  std::array<std::byte, kEmail.size() + crypto::CommittingAead::kOverhead> sealed;
  require(crypto::CommittingAead::seal(aead.state(), nonce, bytes(kBinding), bytes(kEmail), sealed.data()));
  std::array<std::byte, kEmail.size()> out;
  for (auto _ : state) {
    require(crypto::CommittingAead::open(aead.state(), bytes(kBinding), sealed, out.data()));
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(floor_open);

void protect(benchmark::State& state) {
  const Protector& protector = pii(static_cast<int>(state.range(0))).protector();
  std::vector<char> text(Protector::protected_capacity(kEmail.size()));
  for (auto _ : state) {
    require(protector.protect_into(email(), kEmail, text).has_value());
    benchmark::DoNotOptimize(text.data());
  }
}
BENCHMARK(protect)->Arg(1)->Arg(2);

void reveal(benchmark::State& state) {
  const Protector& protector = pii(static_cast<int>(state.range(0))).protector();
  const std::string sealed = protector.protect(email(), kEmail).value();
  std::vector<char> text(sealed.size());
  for (auto _ : state) {
    require(protector.reveal_into(email(), sealed, text).has_value());
    benchmark::DoNotOptimize(text.data());
  }
}
BENCHMARK(reveal)->Arg(1)->Arg(2);

void floor_ff1(benchmark::State& state) {
  crypto::AesBlockKey prepared;
  require(crypto::aes_block_prepare(crypto::aes_block_in_force(), some_key(), prepared));
  std::array<std::uint8_t, kCard.size()> numerals{};
  for (auto _ : state) {
    require(crypto::ff1_encrypt(crypto::ff1_aes256(prepared), 10, bytes("a tweak of a place, as it is"), numerals));
    benchmark::DoNotOptimize(numerals);
  }
  crypto::aes_block_destroy(prepared);
}
BENCHMARK(floor_ff1);

void format_token(benchmark::State& state) {
  const FormatPreserver preserver(provider(2), Environment::make("prod").value());
  const FieldType field = FieldType::make("card").value();
  for (auto _ : state) {
    auto made = preserver.tokenize(field, kCard);
    require(made.has_value());
    benchmark::DoNotOptimize(made);
  }
}
BENCHMARK(format_token);

// Processor time of a call when threads share the key, and of its counting alone; beside one line for all threads.
void shared_key(benchmark::State& state) {
  const Tokenizer& tokenizer = pii(1).tokenizer();
  std::array<char, kTokenV1Size> text;
  for (auto _ : state) {
    require(tokenizer.tokenize_into(email(), kEmail, text.data()) == ErrorCode::ok);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(shared_key)->Threads(1)->Threads(2)->Threads(8);

void counting(benchmark::State& state) {
  static KeyCounters counters;
  for (auto _ : state) benchmark::DoNotOptimize(counters.add(KeyCounters::tokens));
}
BENCHMARK(counting)->Threads(1)->Threads(2)->Threads(8);

void counting_on_one_line(benchmark::State& state) {
  static std::atomic<std::uint64_t> counter{0};
  for (auto _ : state) benchmark::DoNotOptimize(counter.fetch_add(1, std::memory_order_relaxed));
}
BENCHMARK(counting_on_one_line)->Threads(1)->Threads(2)->Threads(8);

}  // namespace
}  // namespace pii
