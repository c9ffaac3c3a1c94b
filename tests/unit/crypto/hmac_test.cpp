#include "crypto/hmac.hpp"

#include <gtest/gtest.h>
#include <openssl/hmac.h>
#include <sys/mman.h>

#include <algorithm>
#include <random>
#include <string>

#include "crypto/sha256_kernels.hpp"
#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

std::string openssl_hex(std::span<const std::byte> key, std::span<const std::byte> message) {
  Bytes mac(kMacSize);
  // OpenSSL takes a null key to mean the one before.
  static const unsigned char kNone[1] = {};
  HMAC(EVP_sha256(), key.empty() ? kNone : raw(key), static_cast<int>(key.size()), raw(message),
       message.size(), reinterpret_cast<unsigned char*>(mac.data()), nullptr);
  return to_hex(mac);
}

HmacState prepared(std::span<const std::byte> key) {
  HmacState state;
  hmac_prepare(key, state);
  return state;
}

std::string name_of(const HmacKernel& kernel) {
  std::string name = kernel.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

// A kernel's lanes with what they are to compute.
struct Lanes {
  Lanes(std::mt19937& random, std::size_t count)
      : key(random_bytes_of(random, random() % 100)), state(prepared(key)), messages(count), macs(count, Bytes(kMacSize)) {}

  void fill(std::mt19937& random, std::size_t lane, std::size_t size) {
    messages[lane] = random_bytes_of(random, size);
    macs[lane].assign(kMacSize, std::byte{0xEE});
  }
  // Lanes that are left over repeat the first.
  void run(const HmacKernel& kernel, std::size_t blocks) {
    std::vector<HmacJob> jobs;
    for (std::size_t i = 0; i < macs.size(); ++i)
      jobs.push_back({text_of(messages[i]), macs[i].data()});
    std::vector<const HmacJob*> filled(kernel.lanes, &jobs[0]);
    for (std::size_t i = 0; i < jobs.size(); ++i) filled[i] = &jobs[i];
    kernel.run(state, filled.data(), blocks);
  }
  void expect_macs() const {
    for (std::size_t i = 0; i < macs.size(); ++i) {
      ASSERT_EQ(to_hex(macs[i]), openssl_hex(key, messages[i]))
          << messages[i].size() << " bytes in lane " << i;
    }
  }

  Bytes key;
  HmacState state;
  std::vector<Bytes> messages;
  std::vector<Bytes> macs;
};

class Hmac : public testing::TestWithParam<HmacKernel> {
 protected:
  // All lanes with one key and messages of as many blocks as the first.
  template <class Message>
  static void run_under(const HmacState& state, const std::vector<Message>& messages,
                        std::vector<Bytes>& macs) {
    std::vector<HmacJob> jobs;
    for (std::size_t i = 0; i < macs.size(); ++i)
      jobs.push_back({text_of(messages[i]), macs[i].data()});
    std::vector<const HmacJob*> lanes;
    for (const HmacJob& job : jobs) lanes.push_back(&job);
    GetParam().run(state, lanes.data(), padded_blocks(messages[0].size()));
  }
};

TEST_P(Hmac, AgreesWithOpenSslAtEveryLength) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size <= 300; ++size) {
    Lanes lanes(random, GetParam().lanes);
    for (std::size_t i = 0; i < GetParam().lanes; ++i) lanes.fill(random, i, size);
    lanes.run(GetParam(), padded_blocks(size));
    lanes.expect_macs();
  }
}

TEST_P(Hmac, AgreesWithOpenSslForEveryNumberOfLanesAndMixedLengths) {
  std::mt19937 random(2);
  for (int round = 0; round < 20; ++round) {
    for (std::size_t count = 1; count <= GetParam().lanes; ++count) {
      for (std::size_t blocks = 1; blocks <= 4; ++blocks) {
        Lanes lanes(random, count);
        const std::size_t shortest = blocks == 1 ? 0 : blocks * 64 - 72;
        for (std::size_t i = 0; i < count; ++i) {
          lanes.fill(random, i, shortest + random() % (blocks * 64 - 8 - shortest));
          ASSERT_EQ(padded_blocks(lanes.messages[i].size()), blocks);
        }
        lanes.run(GetParam(), blocks);
        lanes.expect_macs();
      }
    }
  }
}

TEST_P(Hmac, LanesOfOneKeyAgreeWithOpenSsl) {
  std::mt19937 random(3);
  const Bytes key = random_bytes_of(random, 32);
  const HmacState state = prepared(key);
  std::vector<Bytes> messages;
  std::vector<Bytes> macs(GetParam().lanes, Bytes(kMacSize));
  for (std::size_t i = 0; i < GetParam().lanes; ++i) messages.push_back(random_bytes_of(random, 22 + i));
  run_under(state, messages, macs);
  for (std::size_t i = 0; i < macs.size(); ++i) ASSERT_EQ(to_hex(macs[i]), openssl_hex(key, messages[i]));
}

// A message that ends where the memory ends, and one that begins where it begins.
TEST_P(Hmac, TouchesNothingOutsideTheMessage) {
  constexpr std::size_t kPage = 4096;
  auto* memory = static_cast<std::byte*>(
      mmap(nullptr, 3 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(mprotect(memory, kPage, PROT_NONE), 0);
  ASSERT_EQ(mprotect(memory + 2 * kPage, kPage, PROT_NONE), 0);
  std::mt19937 random(4);
  std::generate_n(memory + kPage, kPage, [&] { return static_cast<std::byte>(random()); });
  const Bytes key = random_bytes_of(random, 32);
  const HmacState state = prepared(key);
  for (std::size_t size = 0; size <= 200; ++size) {
    for (const std::byte* message : {memory + kPage, memory + 2 * kPage - size}) {
      std::vector<Bytes> macs(GetParam().lanes, Bytes(kMacSize));
      run_under(state, std::vector(GetParam().lanes, std::span(message, size)), macs);
      for (const Bytes& mac : macs) ASSERT_EQ(to_hex(mac), openssl_hex(key, {message, size})) << size;
    }
  }
  munmap(memory, 3 * kPage);
}

TEST_P(Hmac, PassesItsKnownAnswers) {
  EXPECT_TRUE(passes_known_answer(GetParam(), 1));
  EXPECT_TRUE(passes_known_answer(GetParam(), 2));
}

INSTANTIATE_TEST_SUITE_P(All, Hmac, testing::ValuesIn(hmac_kernels().begin(), hmac_kernels().end()),
                         [](const auto& given) { return name_of(given.param); });

struct Rfc4231Case {
  std::string key;
  std::string message;
  std::string mac;  // a prefix where the RFC truncates
};

std::vector<Rfc4231Case> rfc4231() {
  const auto repeat = [](const char* byte, std::size_t count) {
    std::string hex;
    while (count-- > 0) hex += byte;
    return hex;
  };
  return {
      {repeat("0b", 20), to_hex(bytes_of("Hi There")),
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {to_hex(bytes_of("Jefe")), to_hex(bytes_of("what do ya want for nothing?")),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {repeat("aa", 20), repeat("dd", 50),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"0102030405060708090a0b0c0d0e0f10111213141516171819", repeat("cd", 50),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {repeat("0c", 20), to_hex(bytes_of("Test With Truncation")), "a3b6167473100ee06e0c796c2955552b"},
      {repeat("aa", 131), to_hex(bytes_of("Test Using Larger Than Block-Size Key - Hash Key First")),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {repeat("aa", 131),
       to_hex(bytes_of(
           "This is a test using a larger than block-size key and a larger than block-size data. The key "
           "needs to be hashed before being used by the HMAC algorithm.")),
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
}

TEST(HmacInForce, KnowsRfc4231Singly) {
  for (const Rfc4231Case& known : rfc4231()) {
    const Bytes message = from_hex(known.message);
    Bytes mac(kMacSize);
    hmac_sha256(prepared(from_hex(known.key)), text_of(message), mac.data());
    EXPECT_EQ(to_hex(mac).substr(0, known.mac.size()), known.mac);
  }
}

TEST(HmacInForce, KnowsRfc4231InBatches) {
  for (const Rfc4231Case& known : rfc4231()) {
    const HmacState state = prepared(from_hex(known.key));
    const Bytes message = from_hex(known.message);
    std::vector<Bytes> macs(20, Bytes(kMacSize));
    std::vector<HmacJob> jobs;
    for (Bytes& mac : macs) jobs.push_back({text_of(message), mac.data()});
    hmac_sha256_batch(state, jobs);
    for (const Bytes& mac : macs) EXPECT_EQ(to_hex(mac).substr(0, known.mac.size()), known.mac);
  }
}

TEST(HmacInForce, TakesKeysOfEveryLength) {
  std::mt19937 random(5);
  for (std::size_t size = 0; size <= 200; ++size) {
    const Bytes key = random_bytes_of(random, size);
    for (const CompressKernel& kernel : compress_kernels()) {
      HmacState state;
      hmac_prepare_with(kernel.run, key, state);
      Bytes mac(kMacSize);
      hmac_sha256(state, "a message", mac.data());
      ASSERT_EQ(to_hex(mac), openssl_hex(key, bytes_of("a message"))) << size << " bytes, " << kernel.name;
    }
  }
}

TEST(HmacInForce, BatchesOfEverySizeAgreeWithOpenSsl) {
  std::mt19937 random(6);
  for (std::size_t count = 0; count <= 70; ++count) {
    // Messages of half a block or a block only, as they mostly are, and all lengths up to beyond what is queued.
    for (const std::size_t longest : {std::size_t{31}, std::size_t{55}, std::size_t{400}}) {
      Lanes lanes(random, count);
      std::vector<HmacJob> jobs;
      for (std::size_t i = 0; i < count; ++i) {
        lanes.fill(random, i, random() % (longest + 1));
        jobs.push_back({text_of(lanes.messages[i]), lanes.macs[i].data()});
      }
      hmac_sha256_batch(lanes.state, jobs);
      lanes.expect_macs();
    }
  }
}

TEST(HmacInForce, AMillionBytesAgreeWithOpenSsl) {
  std::mt19937 random(7);
  const Bytes key = random_bytes_of(random, 32);
  const Bytes message = random_bytes_of(random, 1000000);
  Bytes mac(kMacSize);
  hmac_sha256(prepared(key), text_of(message), mac.data());
  EXPECT_EQ(to_hex(mac), openssl_hex(key, message));
}

}  // namespace
}  // namespace pii::crypto
