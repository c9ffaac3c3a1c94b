// After keysets are dropped, no byte of a key, of its text in the document, or of what is derived from it is
// left anywhere in the process. What to look for is computed in a child process and kept masked, so that the
// search finds only what the library left behind.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cinttypes>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "kit/aes_key_schedule.hpp"
#include "kit/temporary_folder.hpp"
#include "pii/format_preserver.hpp"
#include "pii/pii.hpp"
#include "pii/providers/file_provider.hpp"

namespace pii::providers {
namespace {

constexpr std::uint8_t kMask = 0xA5;
constexpr std::size_t kNeedleSize = 16;  // half a key: a spilled vector register is found too

struct Needle {
  std::array<char, 24> name;
  std::array<std::uint8_t, kNeedleSize> masked;
};

// Writes a keyset file and tells what to look for. Runs in a child process: none of this touches the scanned
// memory.
class NeedleMaker {
 public:
  explicit NeedleMaker(int pipe) : pipe_(pipe) {}

  void make(const std::string& path, const char* algorithm, std::string_view context) {
    std::array<std::uint8_t, 32> key;
    randombytes_buf(key.data(), key.size());
    std::array<char, 64> text;
    sodium_bin2base64(text.data(), text.size(), key.data(), key.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    kit::write_file(path, std::string(R"({"schema_version":1,"primary_kid":"k","keys":{"k":{"alg":")") +
                              algorithm + R"(","created_at":"2025-01-01T00:00:00Z","key_b64":")" +
                              text.data() + "\"}}}");
    send("key", key);
    send("key_b64", std::string_view(text.data(), 32));
    if (context.empty()) return send_round_keys("key", key);
    send_midstates("key", key);
    std::array<std::uint8_t, 32> derived;
    crypto_auth_hmacsha256(derived.data(), reinterpret_cast<const unsigned char*>(context.data()),
                           context.size(), key.data());
    send("derived", derived);
    send_midstates("derived", derived);
  }

  // A keyset of schema 2 that writes version 2; what is derived for environment "test" and field type "email".
  void make_v2(const std::string& path, const char* algorithm) {
    using namespace std::string_literals;
    const bool format = algorithm == "PII-FF1-2"s;
    const bool token = format || algorithm == "PII-TOK-2"s;
    std::array<std::uint8_t, 32> key;
    randombytes_buf(key.data(), key.size());
    std::array<char, 64> text;
    sodium_bin2base64(text.data(), text.size(), key.data(), key.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    kit::write_file(path, R"({"schema_version":2,"primary_kid":null,"keys":{},"v2":{"primary_kid":)"s +
                              (format ? "null" : "\"k\"") + R"(,"keys":{"k":{"alg":")" + algorithm + R"(","status":"active","key_b64":")" + text.data() +
                              (format ? R"(","params":{"alphabet":"abcdefghijklmnopqrstuvwxyz"})" : "\"") + R"(}}},"keyset":{"policy":{"write_version":2,"accept_versions":[2]}}})");
    send("key", key);
    send("key_b64", std::string_view(text.data(), 32));
    const std::array<std::uint8_t, 32> no_salt{};
    std::array<std::uint8_t, 32> prk;
    crypto_auth_hmacsha256(prk.data(), key.data(), key.size(), no_salt.data());
    send("prk", prk);
    send_midstates("prk", prk);
    for (const char purpose : format ? "\x06"s : token ? "\x01"s : "\x02\x03"s) {
      const std::string normalizer = token ? "\0\0\0\x07" "email.1"s : "\0\0\0\x04none"s;
      const std::string info = "libpii/v2\0"s + purpose + "\0\0\0\x04test"s + "\0\0\0\0"s + "\0\0\0\x05" "email"s +
                               normalizer + "\0\0\0\x01k\x01"s;
      std::array<std::uint8_t, 32> derived;
      crypto_auth_hmacsha256(derived.data(), reinterpret_cast<const unsigned char*>(info.data()), info.size(), prk.data());
      const bool cipher = purpose == 2 || purpose == 6;
      const std::string name = cipher ? "encrypt" : "derived";
      send(name, derived);
      cipher ? send_round_keys(name, derived) : send_midstates(name, derived);
    }
  }

 private:
  void send_midstates(const std::string& name, const std::array<std::uint8_t, 32>& key) {
    for (const std::uint8_t pad : {std::uint8_t{0x36}, std::uint8_t{0x5c}}) {
      std::array<std::uint8_t, 64> block;
      block.fill(pad);
      for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
      send(name + (pad == 0x36 ? " ipad" : " opad"), std::span(block).first<32>());
      crypto_hash_sha256_state state;
      crypto_hash_sha256_init(&state);
      crypto_hash_sha256_update(&state, block.data(), block.size());
      send(name + (pad == 0x36 ? " inner" : " outer"), std::span(state.state));
      // The order of the words in the registers of the SHA instructions.
      const auto& [a, b, c, d, e, f, g, h] = state.state;
      send(name + (pad == 0x36 ? " inner sha" : " outer sha"), std::array{f, e, b, a, h, g, d, c});
    }
  }

  // Of AES-256; the first two are the key. Ciphers hold them one by one in registers.
  void send_round_keys(const std::string& name, const std::array<std::uint8_t, 32>& key) {
    const auto schedule = kit::aes256_key_schedule(key);
    send(name + " round", std::span(schedule).subspan<2 * kNeedleSize>());
  }

  template <class Bytes>
  void send(const std::string& name, const Bytes& bytes) {
    const auto all = std::as_bytes(std::span(bytes));
    for (std::size_t half = 0; half < all.size() / kNeedleSize; ++half) {
      Needle needle{};
      name.copy(needle.name.data(), needle.name.size() - 1);
      for (std::size_t i = 0; i < kNeedleSize; ++i) {
        needle.masked[i] =
            static_cast<std::uint8_t>(std::to_integer<int>(all[half * kNeedleSize + i]) ^ kMask);
      }
      if (::write(pipe_, &needle, sizeof needle) != static_cast<ssize_t>(sizeof needle)) ::_exit(3);
    }
  }

  int pipe_;
};

// `context` of version 1; "v2" makes a keyset of that version.
std::vector<Needle> make_keyset_file(const std::string& path, const char* algorithm,
                                     std::string_view context) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    if (context == "v2") {
      NeedleMaker(ends[1]).make_v2(path, algorithm);
    } else {
      NeedleMaker(ends[1]).make(path, algorithm, context);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::vector<Needle> needles;
  for (Needle needle; ::read(ends[0], &needle, sizeof needle) == static_cast<ssize_t>(sizeof needle);) {
    needles.push_back(needle);
  }
  ::close(ends[0]);
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(needles.empty());
  return needles;
}

// Reads the process's own memory through a window that it leaves out of the search.
class MemoryScanner {
 public:
  MemoryScanner()
      : memory_(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC)),
        window_(static_cast<std::uint8_t*>(
            ::mmap(nullptr, kWindow, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    if (memory_ < 0 || window_ == MAP_FAILED) std::abort();
  }
  ~MemoryScanner() {
    ::munmap(window_, kWindow);
    ::close(memory_);
  }
  MemoryScanner(const MemoryScanner&) = delete;
  MemoryScanner& operator=(const MemoryScanner&) = delete;

  /// How often each needle occurs in memory that the process has written: every readable mapping
  /// save code and constants.
  std::map<std::string, int> find(const std::vector<Needle>& needles) {
    std::map<std::string, int> found;
    scanned_ = 0;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      std::uintptr_t begin = 0;
      std::uintptr_t end = 0;
      std::array<char, 5> mode{};
      std::uint64_t inode = 0;
      if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s %*x %*s %" SCNu64, &begin, &end,
                      mode.data(), &inode) != 4) {
        continue;
      }
      if (mode[0] != 'r') continue;                // guard pages and reserved address space
      if (inode != 0 && mode[1] != 'w') continue;  // code and constants
      if (begin == reinterpret_cast<std::uintptr_t>(window_)) continue;
      scan(begin, end, needles, found);
    }
    return found;
  }

  std::size_t scanned() const { return scanned_; }

 private:
  static constexpr std::size_t kWindow = 1 << 20;

  void scan(std::uintptr_t begin, std::uintptr_t end, const std::vector<Needle>& needles,
            std::map<std::string, int>& found) {
    while (begin < end) {
      const std::size_t wanted = std::min<std::size_t>(kWindow, end - begin);
      const ssize_t got = ::pread(memory_, window_, wanted, static_cast<off_t>(begin));
      if (got <= 0) return;
      scanned_ += static_cast<std::size_t>(got);
      search({window_, static_cast<std::size_t>(got)}, needles, found);
      std::memset(window_, 0, static_cast<std::size_t>(got));
      if (begin + static_cast<std::size_t>(got) >= end) return;
      begin += static_cast<std::size_t>(got) - (kNeedleSize - 1);
    }
  }

  static void search(std::span<const std::uint8_t> bytes, const std::vector<Needle>& needles,
                     std::map<std::string, int>& found) {
    // By the first two bytes: of one some needle's is 0, and most of the memory is.
    std::vector<char> begins(65536);
    for (const Needle& needle : needles) begins[static_cast<std::size_t>(needle.masked[0] << 8 | needle.masked[1])] = 1;
    constexpr std::size_t kPage = 4096;
    for (std::size_t at = 0; at + kNeedleSize <= bytes.size(); ++at) {
      if (at % kPage == 0 && at + kPage <= bytes.size() && bytes[at] == 0 &&
          std::memcmp(&bytes[at], &bytes[at + 1], kPage - 1) == 0) {
        at += kPage - kNeedleSize;  // a needle may begin at the end of a page of zeros
      }
      if (!begins[static_cast<std::size_t>((bytes[at] ^ kMask) << 8 | (bytes[at + 1] ^ kMask))]) continue;
      for (const Needle& needle : needles) {
        std::size_t same = 0;
        while (same < kNeedleSize && (bytes[at + same] ^ kMask) == needle.masked[same]) ++same;
        if (same == kNeedleSize) ++found[needle.name.data()];
      }
    }
  }

  int memory_;
  std::uint8_t* window_;
  std::size_t scanned_ = 0;
};

void print(const char* when, const std::map<std::string, int>& found) {
  std::printf("  %s:%s\n", when, found.empty() ? " nothing" : "");
  for (const auto& [name, count] : found) std::printf("    %s: %d\n", name.c_str(), count);
}

// Which OpenSSL encrypts, with instructions of its own choice.
const std::string kLarge(5000, 'x');

// In four threads, which end.
template <class Work>
void in_threads(Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
}

class MemoryScan : public testing::Test {
 protected:
  void SetUp() override {
#ifdef PII_SANITIZED
    GTEST_SKIP()
        << "a sanitizer's shadow memory is too large to scan, and its quarantine is not the library's";
#endif
    ASSERT_GE(sodium_init(), 0);
  }

  // Every operation, in threads that end.
  static void use(const FullPii& pii) {
    in_threads([&] {
      const FieldType email = FieldType::make("email").value();
      std::vector<std::string_view> values(100, "ada@example.com");
      std::vector<std::array<char, kTokenV1Size>> texts(values.size());
      std::vector<char*> out;
      for (auto& text : texts) out.push_back(text.data());
      std::vector<ErrorCode> codes(values.size());
      for (int i = 0; i < 50; ++i) {
        const auto token = pii.tokenizer().tokenize(email, "ada@example.com");
        ASSERT_TRUE(token);
        EXPECT_TRUE(pii.tokenizer().matches(email, "ada@example.com", *token).value());
        EXPECT_TRUE(pii.tokenizer().tokenize_batch(email, values, out, codes));
        const auto sealed = pii.protector().protect(email, "ada@example.com");
        ASSERT_TRUE(sealed);
        EXPECT_TRUE(pii.protector().reveal(email, *sealed));
        const auto large = pii.protector().protect(email, kLarge);
        ASSERT_TRUE(large);
        EXPECT_TRUE(pii.protector().reveal(email, *large));
        EXPECT_FALSE(pii.protector().reveal(email, "penc:v1:k:" + std::string(60, 'A')));
      }
    });
  }

  kit::TemporaryFolder folder_;
  const std::string token_ = folder_ / "token.json";
  const std::string reveal_ = folder_ / "reveal.json";
  MemoryScanner scanner_;
};

constexpr std::string_view kContext = "test|email";
// Of AES-256, but for those that are the key.
constexpr int kRoundKeys = 13;

TEST_F(MemoryScan, FindsNothingAfterTheProviderIsGone) {
  const auto token = make_keyset_file(token_, "HMAC-SHA-256", kContext);
  const auto reveal = make_keyset_file(reveal_, "AES-256-GCM", "");
  EXPECT_TRUE(scanner_.find(token).empty()) << "the search must not find itself";
  {
    // The thread looks once more 50 ms after the start, for the files are fresh, and then sleeps for the rest
    // of the test.
    const FullPii pii(FileProvider::make({token_, reveal_, std::chrono::hours(1), nullptr}),
                      Environment::make("test").value());
    use(pii);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    auto found = scanner_.find(token);
    print("token keyset in force", found);
    EXPECT_GE(found["key"], 2) << "the search must see guarded memory";
    EXPECT_GE(found["derived inner"], 2);
    EXPECT_GE(found["derived outer"], 2);
    for (const char* name :
         {"key ipad", "key opad", "key inner", "key outer", "derived", "derived ipad", "derived opad"}) {
      EXPECT_EQ(found[name], 0) << name << " is not needed any more";
    }
    found = scanner_.find(reveal);
    print("reveal keyset in force", found);
    EXPECT_GE(found["key"], 2);
    EXPECT_EQ(found["key round"], kRoundKeys);
  }
  const auto token_left = scanner_.find(token);
  const auto reveal_left = scanner_.find(reveal);
  print("token keyset dropped", token_left);
  print("reveal keyset dropped", reveal_left);
  EXPECT_TRUE(token_left.empty());
  EXPECT_TRUE(reveal_left.empty());
  EXPECT_GT(scanner_.scanned(), 100'000u);
}

TEST_F(MemoryScan, FindsNothingOfVersion2) {
  const auto token = make_keyset_file(token_, "PII-TOK-2", "v2");
  const auto reveal = make_keyset_file(reveal_, "PII-AEAD-2", "v2");
  {
    const FullPii pii(FileProvider::make({token_, reveal_, std::chrono::hours(1), nullptr}),
                      Environment::make("test").value());
    in_threads([&] {
      const FieldType email = FieldType::make("email").value();
      const std::vector<std::string_view> values(100, "ada@example.com");
      std::vector<Token> tokens(values.size());
      std::vector<ErrorCode> codes(values.size());
      for (int i = 0; i < 50; ++i) {
        const auto token_of_it = pii.tokenizer().tokenize(email, "ada@example.com");
        ASSERT_TRUE(token_of_it);
        EXPECT_TRUE(pii.tokenizer().matches(email, "ada@example.com", *token_of_it).value());
        EXPECT_EQ(pii.tokenizer().tokenize_batch(email, values, tokens, codes).value(), 0U);
        const auto sealed = pii.protector().protect(email, "ada@example.com", {{}, "row 1", {}, {}});
        ASSERT_TRUE(sealed);
        EXPECT_TRUE(pii.protector().reveal(email, *sealed, Base64Mode::strict, {{}, "row 1", {}, {}}));
        EXPECT_FALSE(pii.protector().reveal(email, *sealed));
        const auto large = pii.protector().protect(email, kLarge);
        ASSERT_TRUE(large);
        EXPECT_TRUE(pii.protector().reveal(email, *large));
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    auto found = scanner_.find(token);
    print("version 2 token keyset in force", found);
    EXPECT_GE(found["key"], 2);
    EXPECT_GE(found["derived inner"], 2);
    for (const char* name : {"prk", "prk inner", "prk outer", "derived", "derived ipad", "derived opad"}) {
      EXPECT_EQ(found[name], 0) << name << " is not needed any more";
    }
    found = scanner_.find(reveal);
    print("version 2 reveal keyset in force", found);
    EXPECT_GE(found["key"], 2);
    EXPECT_GE(found["encrypt"], 2) << "the round keys begin with it";
    EXPECT_EQ(found["encrypt round"], kRoundKeys);
    for (const char* name : {"prk", "prk inner", "prk outer", "derived", "derived ipad", "derived opad"}) {
      EXPECT_EQ(found[name], 0) << name << " is not needed any more";
    }
  }
  const auto token_left = scanner_.find(token);
  const auto reveal_left = scanner_.find(reveal);
  print("version 2 token keyset dropped", token_left);
  print("version 2 reveal keyset dropped", reveal_left);
  EXPECT_TRUE(token_left.empty());
  EXPECT_TRUE(reveal_left.empty());
}

TEST_F(MemoryScan, FindsNothingOfFormatPreservingTokens) {
  const auto token = make_keyset_file(token_, "PII-FF1-2", "v2");
  {
    const FormatPreserver preserver(FileProvider::make({token_, "", std::chrono::hours(1), nullptr}),
                                    Environment::make("test").value());
    in_threads([&] {
      const FieldType email = FieldType::make("email").value();
      for (int i = 0; i < 50; ++i) {
        const auto made = preserver.tokenize(email, "adalovelace");
        ASSERT_TRUE(made) << made.error().message();
        EXPECT_TRUE(preserver.reveal(email, *made));
        EXPECT_FALSE(preserver.reveal(email, *made + "!"));
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    auto found = scanner_.find(token);
    print("format-preserving keyset in force", found);
    EXPECT_GE(found["key"], 2);
    EXPECT_EQ(found["encrypt"], 2);
    EXPECT_EQ(found["encrypt round"], kRoundKeys) << "once each, in the arena";
    for (const char* name : {"prk", "prk inner", "prk outer"}) EXPECT_EQ(found[name], 0) << name << " is not needed any more";
  }
  const auto left = scanner_.find(token);
  print("format-preserving keyset dropped", left);
  EXPECT_TRUE(left.empty());
}

TEST_F(MemoryScan, FindsNothingOfAReplacedKeyset) {
  const auto token = make_keyset_file(token_, "HMAC-SHA-256", kContext);
  const auto reveal = make_keyset_file(reveal_, "AES-256-GCM", "");
  const auto provider = FileProvider::make({token_, reveal_, std::chrono::milliseconds(0), nullptr});
  const FullPii pii(provider, Environment::make("test").value());
  use(pii);
  const auto next_token = make_keyset_file(token_, "HMAC-SHA-256", kContext);
  const auto next_reveal = make_keyset_file(reveal_, "AES-256-GCM", "");
  provider->check_now();
  use(pii);
  EXPECT_TRUE(scanner_.find(token).empty());
  EXPECT_TRUE(scanner_.find(reveal).empty());
  EXPECT_FALSE(scanner_.find(next_token).empty());
  EXPECT_FALSE(scanner_.find(next_reveal).empty());
}

TEST_F(MemoryScan, FindsNothingOfARefusedFile) {
  const auto token = make_keyset_file(token_, "no such algorithm", kContext);
  {
    const auto provider = FileProvider::make({token_, "", std::chrono::milliseconds(0), nullptr});
    EXPECT_FALSE(provider->load(KeysetUsage::token));
  }
  EXPECT_TRUE(scanner_.find(token).empty());
}

// The test can fail: a copy that somebody keeps is found, on the heap and on the stack.
TEST_F(MemoryScan, FindsACopyThatWasKept) {
  const auto token = make_keyset_file(token_, "HMAC-SHA-256", kContext);
  std::string kept;
  {
    std::ifstream file(token_);
    std::getline(file, kept);
  }
  auto found = scanner_.find(token);
  EXPECT_GE(found["key_b64"], 2);
  const std::size_t at = kept.find("key_b64") + 10;
  std::array<unsigned char, 32> key;
  std::size_t size = 0;
  ASSERT_EQ(sodium_base642bin(key.data(), key.size(), kept.data() + at, 43, nullptr, &size, nullptr,
                              sodium_base64_VARIANT_URLSAFE_NO_PADDING),
            0);
  found = scanner_.find(token);
  EXPECT_GE(found["key"], 2);
  wipe(key.data(), key.size());
  wipe(kept.data(), kept.size());
}

}  // namespace
}  // namespace pii::providers
