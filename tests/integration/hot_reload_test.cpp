// Eight readers tokenize while a writer replaces the keyset file every millisecond, in every way that people
// replace files. No call may fail, no token may come of a keyset that nobody wrote, and when the writer rests
// its last keyset is in force.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "kit/recording_observer.hpp"
#include "kit/static_provider.hpp"
#include "kit/temporary_folder.hpp"
#include "pii/keyset_document.hpp"
#include "pii/pii.hpp"
#include "pii/providers/file_provider.hpp"

namespace pii::providers {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kReaders = 8;
constexpr milliseconds kWriting{2500};
constexpr milliseconds kLongest{30000};
constexpr std::size_t kLeastSwaps = 3;
// The writer rests between bursts, so that keysets do come in force while the readers run.
constexpr milliseconds kBurst{150};
constexpr milliseconds kRest{150};

enum class Way { rename, in_place, truncate, symlink };

struct Case {
  Way way;
  bool with_digest;
};

std::string text_of(const SecretBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.expose().data()), bytes.expose().size()};
}

const FieldType& email() {
  static const FieldType type = FieldType::make("email").value();
  return type;
}

Environment environment() { return Environment::make("test").value(); }

class HotReload : public testing::TestWithParam<Case> {
 protected:
  static constexpr std::size_t kKeysets = 5;
  static constexpr std::size_t kValues = 8;

  HotReload() {
    for (std::size_t i = 0; i < kKeysets; ++i) {
      const NewKey key{"key" + std::to_string(i), "2025-01-01T00:00:00Z"};
      const auto document = make_keyset_document(KeysetUsage::token, key, GetParam().with_digest);
      documents_.push_back(text_of(document.value()));
      EXPECT_EQ(documents_[i].size(), documents_[0].size());
      const auto provider = std::make_shared<kit::StaticProvider>(kit::keyset(documents_[i]));
      const Tokenizer tokenizer(provider, environment());
      for (std::size_t v = 0; v < kValues; ++v) {
        legal_[v].insert(std::string(tokenizer.tokenize(email(), value(v)).value().view()));
      }
    }
    put_first();
  }

  static std::string value(std::size_t index) { return "ada" + std::to_string(index) + "@example.com"; }

  void put_first() {
    if (GetParam().way == Way::symlink) {
      swap_folder(documents_[0]);
      std::filesystem::create_symlink("..data/token.json", path_);
    } else {
      kit::write_file(path_, documents_[0]);
    }
  }

  // As Kubernetes publishes a secret: a new folder, and ..data moved over to it.
  void swap_folder(const std::string& document) {
    const std::string next = "..version" + std::to_string(version_);
    std::filesystem::create_directory(folder_ / next);
    kit::write_file((folder_ / next) + "/token.json", document);
    std::filesystem::create_directory_symlink(next, folder_ / "..data_tmp");
    std::filesystem::rename(folder_ / "..data_tmp", folder_ / "..data");
    if (version_ > 0) std::filesystem::remove_all(folder_ / ("..version" + std::to_string(version_ - 1)));
    ++version_;
  }

  // In two halves that part in the middle of the key: what lies between is a keyset that nobody wrote. Now
  // and then the writer stalls there for longer than two readings are apart, where a digest or the missing
  // end tells.
  void write_in_place(const std::string& document, bool truncate) {
    const std::size_t half = document.find("key_b64") + 30;
    const int file = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_GE(file, 0);
    if (truncate) {
      ASSERT_EQ(::ftruncate(file, 0), 0);
    }
    ASSERT_EQ(::pwrite(file, document.data(), half, 0), static_cast<ssize_t>(half));
    if ((truncate || GetParam().with_digest) && ++writes_ % 200 == 0)
      std::this_thread::sleep_for(milliseconds(120));
    const std::size_t rest = document.size() - half;
    ASSERT_EQ(::pwrite(file, document.data() + half, rest, static_cast<off_t>(half)),
              static_cast<ssize_t>(rest));
    const timespec times[2] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
    ASSERT_EQ(::futimens(file, times), 0);
    ::close(file);
  }

  void write(const std::string& document) {
    switch (GetParam().way) {
      case Way::rename:
        return kit::replace_file(path_, document);
      case Way::in_place:
        return write_in_place(document, false);
      case Way::truncate:
        return write_in_place(document, true);
      case Way::symlink:
        return swap_folder(document);
    }
  }

  // At least for kWriting, and until keysets came in force meanwhile, however busy the machine is.
  void write_bursts(const kit::RecordingObserver& observer) {
    const auto begin = Clock::now();
    while (Clock::now() - begin < kWriting ||
           (observer.count(ProviderEvent::Kind::loaded) < kLeastSwaps && Clock::now() - begin < kLongest)) {
      const auto burst_end = Clock::now() + kBurst;
      while (Clock::now() < burst_end) {
        write(documents_[++last_ % kKeysets]);
        std::this_thread::sleep_for(milliseconds(1));
      }
      std::this_thread::sleep_for(kRest);
    }
  }

  // Tokenizes until told to stop, one at a time and in batches.
  void read(const Tokenizer& tokenizer) {
    std::array<std::string, kValues> values;
    std::array<std::string_view, kValues> views;
    std::array<std::array<char, kTokenV1Size>, kValues> tokens;
    std::array<char*, kValues> out;
    std::array<ErrorCode, kValues> codes;
    for (std::size_t v = 0; v < kValues; ++v) {
      values[v] = value(v);
      views[v] = values[v];
      out[v] = tokens[v].data();
    }
    while (!done_) {
      for (std::size_t v = 0; v < kValues; ++v) {
        if (tokenizer.tokenize_into(email(), views[v], out[v]) != ErrorCode::ok) ++errors_;
      }
      check(tokens);
      const auto failed = tokenizer.tokenize_batch(email(), views, out, codes);
      if (!failed || *failed != 0) ++errors_;
      check(tokens);
    }
  }

  void check(const std::array<std::array<char, kTokenV1Size>, kValues>& tokens) {
    for (std::size_t v = 0; v < kValues; ++v) {
      if (legal_[v].count(std::string(tokens[v].data(), kTokenV1Size)) == 0) ++illegal_;
      ++count_;
    }
  }

  kit::TemporaryFolder folder_;
  const std::string path_ = folder_ / "token.json";
  std::vector<std::string> documents_;
  std::array<std::set<std::string>, kValues> legal_;
  std::size_t version_ = 0;
  std::size_t last_ = 0;
  std::size_t writes_ = 0;
  std::atomic<bool> done_{false};
  std::atomic<std::size_t> errors_{0};
  std::atomic<std::size_t> illegal_{0};
  std::atomic<std::size_t> count_{0};
};

TEST_P(HotReload, NoErrorNoTornKeyset) {
  const auto observer = std::make_shared<kit::RecordingObserver>();
  const auto provider = FileProvider::make({path_, "", milliseconds(5), observer});
  ASSERT_TRUE(provider->load(KeysetUsage::token));
  const Tokenizer tokenizer(provider, environment());

  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) readers.emplace_back([&] { read(tokenizer); });
  write_bursts(*observer);
  write(documents_[last_ % kKeysets]);
  const std::string expected = "key" + std::to_string(last_ % kKeysets);
  const auto deadline = Clock::now() + kLongest;
  while (provider->cell(KeysetUsage::token).share()->primary_kid() != expected && Clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  done_ = true;
  for (std::thread& reader : readers) reader.join();

  EXPECT_EQ(errors_, 0u);
  EXPECT_EQ(illegal_, 0u);
  EXPECT_GT(count_, 1000u);
  EXPECT_EQ(provider->cell(KeysetUsage::token).share()->primary_kid(), expected);
  const std::size_t swaps = observer->count(ProviderEvent::Kind::loaded);
  EXPECT_GE(swaps, kLeastSwaps) << "keysets should have come in force while the readers ran";
  EXPECT_EQ(observer->count(ProviderEvent::Kind::load_failed), 0u);
  std::printf("  %zu tokens, %zu writes, %zu keysets in force\n", count_.load(), last_, swaps);
}

std::string name_of(const testing::TestParamInfo<Case>& test) {
  const std::array names{"Rename", "InPlaceSameMtime", "TruncateAndRewrite", "SymlinkSwap"};
  return std::string(names[static_cast<std::size_t>(test.param.way)]) +
         (test.param.with_digest ? "WithDigest" : "");
}

INSTANTIATE_TEST_SUITE_P(Writers, HotReload,
                         testing::Values(Case{Way::rename, false}, Case{Way::in_place, true},
                                         Case{Way::in_place, false}, Case{Way::truncate, true},
                                         Case{Way::truncate, false}, Case{Way::symlink, false}),
                         name_of);

}  // namespace
}  // namespace pii::providers
