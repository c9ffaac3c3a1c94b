// Children of fork(2) of a process whose threads are busy with its keysets: no lock that a thread holds is there for ever, and
// threads that a child does not have leave nothing behind in it.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "kit/children.hpp"
#include "kit/effort.hpp"
#include "kit/static_provider.hpp"
#include "pii/tokenizer.hpp"

namespace pii {
namespace {

const Environment kEnvironment = *Environment::make("prod");

// A field type that no call had before: its key is derived.
FieldType new_field() {
  static std::atomic<int> last{0};
  return *FieldType::make("field_" + std::to_string(++last));
}

class Fork : public testing::Test {
 protected:
  void SetUp() override {
    if (kit::kSanitized) GTEST_SKIP() << kit::kNoForkOfThreads;
  }
};

// Does the work over and over, until the end of the scope.
template <class Work>
std::jthread keep_busy(Work work) {
  return std::jthread([work](const std::stop_token& stop) mutable {
    while (!stop.stop_requested()) work();
  });
}

TEST_F(Fork, WhileKeysAreDerived) {
  const auto provider = std::make_shared<kit::StaticProvider>(kit::keyset(kit::kTokenDocument));
  const Tokenizer tokenizer(provider, kEnvironment);
  const auto make_token = [&] { return tokenizer.tokenize(new_field(), "ada").has_value(); };
  const auto deriving = keep_busy([&] {
    provider->replace(KeysetUsage::token, kit::keyset(kit::kTokenDocument));
    for (int i = 0; i < 200; ++i) make_token();  // fewer than a keyset keeps
  });
  EXPECT_TRUE(kit::all_children_do(500, make_token));
}

TEST_F(Fork, WhileKeysetsAreReplacedAndReadByNewThreads) {
  KeysetCell cell;
  const auto one = kit::keyset(kit::kTokenDocument), two = kit::keyset(kit::kTokenDocument);
  cell.replace(one);
  const auto replacing = keep_busy([&] {
    cell.replace(two);
    cell.replace(one);
  });
  const auto reading = keep_busy([&] { std::thread([&] { cell.read(); }).join(); });
  EXPECT_TRUE(kit::all_children_do(500, [&] {
    std::thread([&] { cell.read(); }).join();
    cell.replace(two);
    return cell.read() == two.get();
  }));
}

// A thread of the parent has read; its stack, with what it kept, is taken by the child's own threads.
TEST_F(Fork, ThreadsThatAreNotThereAreForgotten) {
  auto cell = std::make_unique<KeysetCell>();
  cell->replace(kit::keyset(kit::kTokenDocument));
  const std::weak_ptr<const Keyset> replaced = cell->share();
  std::atomic<int> has_read{0};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.push_back(keep_busy([&, first = true]() mutable {
      if (std::exchange(first, false)) cell->read(), ++has_read;
      std::this_thread::yield();
    }));
  }
  while (has_read < 4) std::this_thread::yield();
  EXPECT_TRUE(kit::all_children_do(1, [&] {
    cell->replace(nullptr);
    if (!replaced.expired()) return false;
    for (int i = 0; i < 8; ++i) std::thread([&] { cell->read(); }).join();
    cell.reset();
    return true;
  }));
}

}  // namespace
}  // namespace pii
