#include "pii/keyset_cell.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "unit/keyset/allocation_counter.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

std::shared_ptr<const Keyset> make_keyset(const std::string& kid = "k1") {
  auto parsed = kit::parse(kit::document_text(kit::entry(kid, kit::kKeyA), kid));
  EXPECT_TRUE(parsed);
  return *std::move(parsed);
}

// Threads that stay alive until the end of the scope, each running what it is told while the others wait.
class IdleThreads {
 public:
  template <class Work>
  IdleThreads(int count, const Work& work) : ready_(count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, &work] {
        work();
        ready_.count_down();
        end_.wait(false);
      });
    }
    ready_.wait();
  }
  ~IdleThreads() { end(); }
  void end() {
    end_ = true;
    end_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::latch ready_;
  std::atomic<bool> end_{false};
  std::vector<std::thread> threads_;
};

TEST(KeysetCell, IsEmptyAtFirst) {
  const KeysetCell cell;
  EXPECT_EQ(cell.read(), nullptr);
  EXPECT_EQ(cell.read(), nullptr);
  EXPECT_EQ(cell.share(), nullptr);
}

TEST(KeysetCell, ReadsWhatIsInForce) {
  KeysetCell cell;
  const auto first = make_keyset();
  const auto second = make_keyset();
  EXPECT_EQ(cell.read(), nullptr);
  cell.replace(first);
  EXPECT_EQ(cell.read(), first.get());
  EXPECT_EQ(cell.read(), first.get());
  cell.replace(second);
  EXPECT_EQ(cell.read(), second.get());
  EXPECT_EQ(cell.share(), second);
  cell.replace(nullptr);
  EXPECT_EQ(cell.read(), nullptr);
}

TEST(KeysetCell, KeepsWhatAThreadReadUntilItReadsAgain) {
  KeysetCell cell;
  cell.replace(make_keyset("first"));
  const std::weak_ptr<const Keyset> first = cell.share();
  const Keyset* read = cell.read();
  cell.replace(make_keyset("second"));
  EXPECT_FALSE(first.expired());
  EXPECT_EQ(read->primary_kid(), "first");
  EXPECT_EQ(cell.read()->primary_kid(), "second");
  EXPECT_TRUE(first.expired());
}

TEST(KeysetCell, ManyCellsOfOneThreadStayApart) {
  constexpr std::size_t kCells = 40;  // more than a thread keeps at hand
  std::array<KeysetCell, kCells> cells;
  std::array<std::shared_ptr<const Keyset>, kCells> keysets;
  for (std::size_t i = 0; i < kCells; ++i) cells[i].replace(keysets[i] = make_keyset());
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < kCells; ++i) EXPECT_EQ(cells[i].read(), keysets[i].get());
  }
  for (std::size_t i = 0; i < kCells; ++i)
    EXPECT_EQ(keysets[i].use_count(), 3) << "ours, the cell's, this thread's";
}

TEST(KeysetCell, LeavesNothingBehindInIdleThreads) {
  std::weak_ptr<const Keyset> replaced;
  std::weak_ptr<const Keyset> last;
  auto cell = std::make_unique<KeysetCell>();
  cell->replace(make_keyset());
  replaced = cell->share();
  const IdleThreads readers(4, [&] { EXPECT_NE(cell->read(), nullptr); });
  cell->replace(make_keyset());
  last = cell->share();
  const IdleThreads more_readers(4, [&] { EXPECT_NE(cell->read(), nullptr); });
  EXPECT_NE(cell->read(), nullptr);
  EXPECT_FALSE(replaced.expired()) << "four threads have not read again";
  EXPECT_EQ(last.use_count(), 6) << "four threads, this one and the cell";
  cell.reset();
  EXPECT_TRUE(replaced.expired());
  EXPECT_TRUE(last.expired());
}

TEST(KeysetCell, LeavesOtherCellsOfAThreadAlone) {
  KeysetCell kept;
  kept.replace(make_keyset());
  auto dropped = std::make_unique<KeysetCell>();
  dropped->replace(make_keyset());
  const std::weak_ptr<const Keyset> gone = dropped->share();
  std::atomic<bool> go_on{false};
  std::atomic<int> read{0};
  std::latch first_read(1);
  std::thread reader([&] {
    dropped->read();
    kept.read();
    first_read.count_down();
    while (!go_on) {
      if (kept.read() != nullptr) ++read;
    }
  });
  first_read.wait();
  dropped.reset();  // while the thread reads the other cell
  EXPECT_TRUE(gone.expired());
  const int before = read;
  while (read < before + 1000) std::this_thread::yield();
  go_on = true;
  reader.join();
}

TEST(KeysetCell, AThreadThatEndsLetsGo) {
  KeysetCell cell;
  cell.replace(make_keyset());
  const std::weak_ptr<const Keyset> replaced = cell.share();
  IdleThreads readers(3, [&] { EXPECT_NE(cell.read(), nullptr); });
  cell.replace(nullptr);
  EXPECT_EQ(replaced.use_count(), 3);
  readers.end();
  EXPECT_TRUE(replaced.expired());
}

TEST(KeysetCell, ANewCellIsNoOldOne) {
  // A cell at the address of one that is gone must not read that one's keyset.
  alignas(KeysetCell) std::byte place[sizeof(KeysetCell)];
  for (int i = 0; i < 20; ++i) {
    auto* cell = new (place) KeysetCell;
    EXPECT_EQ(cell->read(), nullptr);
    cell->replace(make_keyset());
    EXPECT_NE(cell->read(), nullptr);
    cell->~KeysetCell();
  }
}

// Runs when the thread's copies are gone, if it was made before them.
struct AtThreadEnd {
  std::function<void()> run;
  ~AtThreadEnd() {
    if (run) run();
  }
};

TEST(KeysetCell, CanBeReadWhileAThreadEnds) {
  auto cell = std::make_unique<KeysetCell>();
  cell->replace(make_keyset());
  const std::weak_ptr<const Keyset> keyset = cell->share();
  bool valid = false;
  std::thread([&] {
    thread_local AtThreadEnd at_end;
    at_end.run = [&] {
      const Keyset* read = cell->read();
      const bool right = read == cell->share().get() && read == cell->read();
      cell->replace(nullptr);
      valid = right && !keyset.expired() && read->primary_kid() == "k1" && cell->read() == nullptr;
    };
    EXPECT_NE(cell->read(), nullptr);
  }).join();
  EXPECT_TRUE(valid);
  cell.reset();
  EXPECT_TRUE(keyset.expired());
}

TEST(KeysetCell, ReadingAllocatesNothing) {
  KeysetCell cell;
  cell.replace(make_keyset());
  cell.read();
  const kit::AllocationCounter counter;
  for (int i = 0; i < 1000; ++i) cell.read();
  EXPECT_EQ(counter.count(), 0U);
}

TEST(KeysetCell, ReadersSeeWholeKeysetsInOrderWhileAWriterReplacesThem) {
  constexpr int kRounds = 300;
  KeysetCell cell;
  std::vector<std::weak_ptr<const Keyset>> all;
  std::atomic<int> newest{0};
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  cell.replace(make_keyset("0"));
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      int last = 0;
      while (!done) {
        const int at_least = newest;
        const Keyset* keyset = cell.read();
        const int seen = std::stoi(keyset->primary_kid());
        if (seen < at_least || seen < last || keyset->keys()[0].check_value != "d36b26") ++wrong;
        last = seen;
      }
    });
  }
  for (int i = 1; i <= kRounds; ++i) {
    auto next = make_keyset(std::to_string(i));
    all.push_back(next);
    cell.replace(std::move(next));
    newest = i;
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  for (int i = 0; i + 1 < kRounds; ++i) EXPECT_TRUE(all[static_cast<std::size_t>(i)].expired()) << i;
  EXPECT_EQ(all.back().use_count(), 1);
}

TEST(KeysetCell, CellsComeAndGoWhileThreadsReadOthers) {
  KeysetCell lasting;
  lasting.replace(make_keyset());
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (!done) {
        KeysetCell own;
        const auto shared = lasting.share();
        own.replace(shared);
        EXPECT_EQ(own.read(), shared.get());
        EXPECT_NE(lasting.read(), nullptr);
        std::thread([&] { EXPECT_NE(own.read(), nullptr); }).join();
      }
    });
  }
  for (int i = 0; i < 50; ++i) lasting.replace(make_keyset());
  done = true;
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace pii
