// The queue on disk: what it took survives the process; damage costs what is damaged and nothing else. Dead letters.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <set>

#include "kit/temporary_folder.hpp"
#include "pii/logging/dead_letters.hpp"
#include "ship/spool.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/ship_kit.hpp"

namespace {

using namespace pii::ship;
using namespace std::chrono_literals;
using pii::kit::Bench;
using pii::kit::TemporaryFolder;
using pii::kit::accounted;
using pii::kit::status;
namespace fs = std::filesystem;

std::string line_of(std::uint64_t n) { return "{\"n\":" + std::to_string(n) + "}\n"; }
SpoolPolicy policy_of(const std::string& folder, std::uint64_t segment = 16 << 20) { return {folder, 512 << 20, segment, 0ms}; }

void fill(const std::string& folder, std::uint64_t count, std::uint64_t segment = 16 << 20) {
  Spool spool(policy_of(folder, segment), Clock::system());
  ASSERT_TRUE(spool.usable()) << spool.last_error();
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t sequence = spool.next_sequence();
    ASSERT_TRUE(spool.push(sequence, Ulid::make({}), line_of(sequence), {}));
  }
}

std::vector<Record> take_all(Spool& spool) {
  std::vector<Record> all;
  for (;;) {
    std::vector<Record> some = spool.take(3, 1 << 20);
    if (some.empty()) return all;
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
}

std::vector<std::string> segments(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".seg") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(Crc32c, IsCastagnolis) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);     // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43u);
  EXPECT_EQ(crc32c("456789", crc32c("123")), crc32c("123456789"));
}

TEST(Spool, KeepsOrderAndIdsAcrossProcesses) {
  const TemporaryFolder folder;
  fill(folder / "spool", 10, 100);
  EXPECT_GT(segments(folder / "spool").size(), 3u);
  Spool spool(policy_of(folder / "spool", 100), Clock::system());
  EXPECT_EQ(spool.records(), 10u);
  const auto records = take_all(spool);
  ASSERT_EQ(records.size(), 10u);
  for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(records[i].line, line_of(i + 1));
  spool.settle();
  EXPECT_EQ(segments(folder / "spool").size(), 0u);
  spool.close();
  EXPECT_EQ(Spool(policy_of(folder / "spool"), Clock::system()).records(), 0u);
  for (const auto& entry : fs::directory_iterator(folder / "spool")) {
    EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none) << entry.path();
  }
}

TEST(Spool, WhatWasNotSettledComesAgain) {
  const TemporaryFolder folder;
  fill(folder / "spool", 10);
  {
    Spool spool(policy_of(folder / "spool"), Clock::system());
    spool.take(4, 1 << 20);
    spool.settle();
    spool.take(4, 1 << 20);
  }
  Spool spool(policy_of(folder / "spool"), Clock::system());
  EXPECT_EQ(spool.records(), 6u);
  EXPECT_EQ(take_all(spool).front().line, line_of(5));
}

TEST(Spool, MakesItsFolderAndTheOneAbove) {
  const TemporaryFolder folder;
  const Spool spool(policy_of(folder / "all/one"), Clock::system());
  EXPECT_TRUE(spool.usable()) << spool.last_error();
  for (const char* made : {"all", "all/one"}) {
    EXPECT_EQ(fs::status(folder / made).permissions(), fs::perms::owner_all) << made;
  }
}

TEST(Spool, OneProcessAtATime) {
  const TemporaryFolder folder;
  Spool first(policy_of(folder / "spool"), Clock::system());
  Spool second(policy_of(folder / "spool"), Clock::system());
  EXPECT_TRUE(first.usable());
  EXPECT_FALSE(second.usable());
  EXPECT_NE(second.last_error().find("another process"), std::string::npos);
}

TEST(Spool, CutAtEveryByteKeepsEveryWholeRecord) {
  const TemporaryFolder folder;
  fill(folder / "spool", 4);
  const std::string path = segments(folder / "spool").front();
  const std::string bytes = pii::kit::read_file(path);
  std::vector<std::size_t> ends = {kSegmentHead.size()};
  for (std::uint64_t i = 1; i <= 4; ++i) ends.push_back(ends.back() + kRecordHead + line_of(i).size());
  ASSERT_EQ(ends.back(), bytes.size());
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    pii::kit::write_file(path, bytes.substr(0, cut));
    Spool spool(policy_of(folder / "spool"), Clock::system());
    const auto whole = static_cast<std::size_t>(std::count_if(ends.begin() + 1, ends.end(), [&](std::size_t end) { return end <= cut; }));
    EXPECT_EQ(spool.records(), whole) << cut;
    EXPECT_EQ(take_all(spool).size(), whole) << cut;
    // And it is written on, beside what is there.
    EXPECT_TRUE(spool.push(spool.next_sequence(), Ulid{}, line_of(9), {})) << cut;
    EXPECT_EQ(take_all(spool).size(), 1u) << cut;
    spool.settle();
    spool.close();
    for (const std::string& segment : segments(folder / "spool")) fs::remove(segment);
    fs::remove(folder / "spool/ledger");
  }
}

TEST(Spool, AFlippedBitCostsOneRecordAtMost) {
  const TemporaryFolder folder;
  fill(folder / "spool", 4);
  const std::string path = segments(folder / "spool").front();
  const std::string bytes = pii::kit::read_file(path);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int bit : {0, 7}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      pii::kit::write_file(path, damaged);
      Spool spool(policy_of(folder / "spool"), Clock::system());
      const auto records = take_all(spool);
      EXPECT_GE(records.size(), 3u) << at << " bit " << bit;
      for (const Record& record : records) EXPECT_EQ(record.line, line_of(record.sequence)) << at;
    }
  }
}

TEST(Spool, ADamagedLedgerSendsAgain) {
  const TemporaryFolder folder;
  fill(folder / "spool", 5);
  {
    Spool spool(policy_of(folder / "spool"), Clock::system());
    spool.take(2, 1 << 20);
    spool.settle();
  }
  const std::string ledger = pii::kit::read_file(folder / "spool/ledger");
  std::uint64_t settled = 0;
  EXPECT_TRUE(read_ledger(ledger, settled));
  EXPECT_EQ(settled, 2u);
  for (std::size_t at = 0; at < ledger.size(); ++at) {
    std::string damaged = ledger;
    damaged[at] ^= 4;
    EXPECT_FALSE(read_ledger(damaged, settled)) << at;
    EXPECT_FALSE(read_ledger(ledger.substr(0, at), settled)) << at;
  }
  pii::kit::write_file(folder / "spool/ledger", "rubbish");
  EXPECT_EQ(Spool(policy_of(folder / "spool"), Clock::system()).records(), 5u);
}

// Against the obvious model: a deque. Random pushes, takes, settles, restarts, and batches of which an end is put back.
TEST(Spool, AgreesWithAQueueUnderRandomWork) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const TemporaryFolder folder;
    std::mt19937 random(seed);
    auto spool = std::make_unique<Spool>(policy_of(folder / "spool", 300), Clock::system());
    std::deque<std::uint64_t> waiting, taken;
    std::vector<Record> batch;  // the last one
    for (int step = 0; step < 300; ++step) {
      switch (random() % 10) {
        case 0: case 1: case 2: case 3: {
          const std::uint64_t sequence = spool->next_sequence();
          ASSERT_TRUE(spool->push(sequence, Ulid{}, line_of(sequence), {}));
          waiting.push_back(sequence);
          break;
        }
        case 4: case 5: {
          if (!taken.empty()) break;  // one batch at a time
          batch = spool->take(1 + random() % 12, 1 + random() % 200);
          for (const Record& record : batch) {
            ASSERT_EQ(record.sequence, waiting.front()) << seed << " " << step;
            ASSERT_EQ(record.line, line_of(record.sequence));
            taken.push_back(waiting.front());
            waiting.pop_front();
          }
          break;
        }
        case 6:
          spool->settle();
          taken.clear();
          batch.clear();
          break;
        case 7: case 8: {
          if (batch.empty()) break;  // of this one before
          const std::size_t rest = 1 + random() % taken.size();
          spool->put_back(std::span(batch).last(rest));
          batch.clear();
          waiting.insert(waiting.begin(), taken.end() - static_cast<std::ptrdiff_t>(rest), taken.end());
          taken.resize(taken.size() - rest);
          break;
        }
        default:
          spool.reset();
          spool = std::make_unique<Spool>(policy_of(folder / "spool", 300), Clock::system());
          waiting.insert(waiting.begin(), taken.begin(), taken.end());
          taken.clear();
          batch.clear();
      }
      ASSERT_EQ(spool->records(), waiting.size()) << seed << " " << step;
      ASSERT_EQ(spool->corrupt(), 0u);
    }
  }
}

Options spooled(const std::string& folder) {
  Options options;
  options.queue.on_full = Overflow::spool;
  options.spool.folder = folder;
  return options;
}

TEST(SpooledShipper, SendsAfterARestartWhatWasNotSent) {
  const TemporaryFolder folder;
  {
    Bench bench(spooled(folder / "spool"));
    bench.script->otherwise = status(503);
    bench.write(7);
    bench.run(10min);
    EXPECT_EQ(bench.counts().spooled, 7u) << "never given up";
    EXPECT_TRUE(accounted(bench.counts()));
  }
  Bench bench(spooled(folder / "spool"));
  EXPECT_EQ(bench.counts().recovered, 7u);
  EXPECT_TRUE(accounted(bench.counts()));
  bench.write(2);
  bench.run();
  EXPECT_EQ(bench.counts().sent, 9u);
  EXPECT_EQ(bench.counts().spooled, 0u);
  EXPECT_TRUE(accounted(bench.counts()));
}

TEST(SpooledShipper, WhatWasWrittenSurvivesKill9) {
  const TemporaryFolder folder;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Bench bench(spooled(folder / "spool"));
    for (std::uint64_t i = 0;; ++i) {
      bench.write();
      if (::write(ends[1], "x", 1) != 1) ::_exit(1);
    }
  }
  ::close(ends[1]);
  char byte;
  std::size_t confirmed = 0;
  while (confirmed < 2000 && ::read(ends[0], &byte, 1) == 1) ++confirmed;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  while (::read(ends[0], &byte, 1) == 1) ++confirmed;
  ::close(ends[0]);
  Bench bench(spooled(folder / "spool"));
  EXPECT_GE(bench.counts().recovered, confirmed);
  EXPECT_LE(bench.counts().recovered, confirmed + 1);
  bench.run();
  std::string all;
  for (const std::string& body : bench.script->bodies) all += body;
  EXPECT_EQ(pii::kit::line_count(all), bench.counts().recovered);
  for (std::size_t i = 0; i < confirmed; ++i) ASSERT_NE(all.find("\"m" + std::to_string(i) + "\""), std::string::npos) << i;
  EXPECT_TRUE(accounted(bench.counts()));
}

TEST(SpooledShipper, AFullSpoolDropsAndSaysSo) {
  const TemporaryFolder folder;
  Options options = spooled(folder / "spool");
  options.spool.max_bytes = 1000;
  Bench bench(options);
  bench.write(50);
  EXPECT_GT(bench.counts().dropped_full, 30u);
  EXPECT_EQ(bench.counts().spool_failures, 0u);
  EXPECT_TRUE(accounted(bench.counts()));
}

TEST(SpooledShipper, ADiskThatTakesNothingLeavesMemory) {
  const TemporaryFolder folder;
  pii::kit::write_file(folder / "file", "no folder");
  Bench bench(spooled(folder / "file/spool"));
  bench.write(3);
  EXPECT_EQ(bench.counts().spool_failures, 3u);
  EXPECT_EQ(bench.counts().queued, 3u);
  EXPECT_NE(bench.counts().last_error, "");
  bench.run();
  EXPECT_EQ(bench.counts().sent, 3u);
  EXPECT_TRUE(accounted(bench.counts()));
}

// A disk that is full in the middle of a record: what is there stays readable, and the rest goes to memory.
TEST(SpooledShipper, ADiskThatFillsUpHalfWay) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {2000, 2000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    Bench bench(spooled(folder / "spool"));
    bench.write(40);
    const Counts counts = bench.counts();
    bool good = counts.spool_failures > 0 && counts.spooled > 5 && counts.spooled + counts.queued == 40 && accounted(counts);
    bench.run();
    good = good && bench.counts().sent == 40 && accounted(bench.counts());
    ::_exit(good ? 0 : 1);
  }
  int result = 0;
  ::waitpid(child, &result, 0);
  EXPECT_EQ(result, 0);
}

TEST(SpooledShipper, NoDescriptorsLeft) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    Bench bench(spooled(folder / "spool"));
    const rlimit none = {3, 3};
    ::setrlimit(RLIMIT_NOFILE, &none);
    bench.write(5);
    const Counts counts = bench.counts();
    ::_exit(counts.queued == 5 && counts.spool_failures == 5 && accounted(counts) ? 0 : 1);
  }
  int result = 0;
  ::waitpid(child, &result, 0);
  EXPECT_EQ(result, 0);
}

// --- dead letters ---

TEST(DeadLetters, HoldWhatIsRefusedAndWhy) {
  const TemporaryFolder folder;
  Options options;
  options.name = "es";
  options.dead_letters.folder = folder / "dlq";
  Bench bench(options, bulk_protocol("x"));
  bench.script->answers = {{Failure::none, 200, R"({"errors":true,"items":[{"create":{"status":400,"error":{"type":"mapper_parsing_exception"}}},
    {"create":{"status":201}}]})", {}}};
  bench.write(2);
  bench.run();
  EXPECT_EQ(bench.counts().dead_lettered, 1u);
  EXPECT_EQ(bench.counts().sent, 1u);
  EXPECT_TRUE(accounted(bench.counts()));
  const DeadLetterFolder letters(folder / "dlq");
  const auto all = letters.read();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().source, "es");
  EXPECT_EQ(all->front().event_type, "log_record");
  EXPECT_EQ(all->front().error_message, "item status 400 mapper_parsing_exception");
  EXPECT_EQ(all->front().retry_count, 1u);
  EXPECT_EQ(all->front().reprocessed_at, "");
  EXPECT_NE(all->front().event_data.find("\"m0\""), std::string::npos);
  EXPECT_EQ(*letters.mark_reprocessed({all->front().id}), 1u);
  EXPECT_EQ(*letters.mark_reprocessed({all->front().id}), 0u) << "once";
  EXPECT_NE(letters.read()->front().reprocessed_at, "");
  // A writer goes on after its file was replaced.
  bench.script->otherwise = status(400);
  bench.write(1);
  bench.run();
  EXPECT_EQ(letters.read()->size(), 2u);
  EXPECT_EQ(*letters.purge([](const DeadLetter& letter) { return !letter.reprocessed_at.empty(); }), 1u);
  EXPECT_EQ(letters.read()->size(), 1u);
  for (const auto& entry : fs::directory_iterator(folder / "dlq")) {
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }
}

TEST(DeadLetters, AreBounded) {
  const TemporaryFolder folder;
  Options options;
  options.dead_letters = {folder / "dlq", 2000};
  Bench bench(options);
  bench.script->otherwise = status(400);
  bench.write(20);
  bench.run();
  EXPECT_GT(bench.counts().dead_lettered, 3u);
  EXPECT_GT(bench.counts().rejected, 3u);
  EXPECT_TRUE(accounted(bench.counts()));
}

TEST(DeadLetters, OfAnApplicationAreMasked) {
  const TemporaryFolder folder;
  pii::kit::LoggingSession logging;
  DeadLetters letters({folder / "dlq"});
  EXPECT_TRUE(letters.store("OrderPlaced", R"({"customer_name":"Ada Lovelace","mail":"ada@example.org","amount":5})",
                            "cannot mail ada@example.org", "req-1", 3));
  EXPECT_TRUE(letters.store("OrderPlaced", "no json, ada@example.org", "broken"));
  std::uint64_t damaged = 0;
  const auto all = DeadLetterFolder(folder / "dlq").read(&damaged);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(damaged, 0u);
  EXPECT_EQ(all->front().event_type, "OrderPlaced");
  EXPECT_EQ(all->front().correlation_id, "req-1");
  EXPECT_EQ(all->front().retry_count, 3u);
  for (const auto& entry : fs::directory_iterator(folder / "dlq")) {
    const std::string text = pii::kit::read_file(entry.path().string());
    EXPECT_EQ(text.find("ada@"), std::string::npos);
    EXPECT_EQ(text.find("Lovelace"), std::string::npos);
  }
}

}  // namespace
