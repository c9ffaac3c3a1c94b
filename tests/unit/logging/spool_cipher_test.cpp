// A spool whose lines lie on disk as ciphertexts.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <future>
#include <semaphore>
#include <thread>

#include "kit/static_provider.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/v2_keysets.hpp"
#include "ship/spool.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/ship_kit.hpp"

namespace {

using namespace pii::ship;
using namespace std::chrono_literals;
using pii::kit::Bench;
using pii::kit::StaticProvider;
using pii::kit::TemporaryFolder;
using pii::kit::accounted;
using pii::kit::status;

std::shared_ptr<const pii::Protector> cipher_of(std::shared_ptr<pii::KeysetProvider> provider) {
  return std::make_shared<pii::Protector>(std::move(provider), pii::kit::test_environment());
}
std::shared_ptr<const pii::Protector> cipher() {
  return cipher_of(std::make_shared<StaticProvider>(nullptr, pii::kit::keyset(pii::kit::kRevealDocument)));
}
// The same key id with another key.
std::shared_ptr<const pii::Protector> other_cipher() {
  std::string document(pii::kit::kRevealDocument);
  document.replace(document.find("AAECAw"), 6, "BBBBBB");
  return cipher_of(std::make_shared<StaticProvider>(nullptr, pii::kit::keyset(document)));
}

Options spooled(const std::string& folder, std::shared_ptr<const pii::Protector> with) {
  Options options;
  options.queue.on_full = Overflow::spool;
  options.spool.folder = folder;
  options.spool.segment_bytes = 2000;
  options.spool.cipher = std::move(with);
  return options;
}

std::string bytes_of(const std::string& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) all += pii::kit::read_file(entry.path().string());
  return all;
}

void leave_behind(const std::string& folder, int count, std::shared_ptr<const pii::Protector> with) {
  Bench bench(spooled(folder, std::move(with)));
  bench.script->otherwise = status(503);
  bench.write(count);
  bench.run(1min);
  EXPECT_EQ(bench.counts().spooled, static_cast<std::uint64_t>(count));
  EXPECT_EQ(bench.counts().spool_failures, 0u);
}

TEST(SpoolCipher, NothingOfALineIsReadableAndAllOfThemArrive) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 20, cipher());
  const std::string bytes = bytes_of(folder / "spool");
  EXPECT_EQ(bytes.find("\"m"), std::string::npos);
  EXPECT_EQ(bytes.find("message"), std::string::npos);
  EXPECT_NE(bytes.find("penc:"), std::string::npos);
  Bench bench(spooled(folder / "spool", cipher()));
  EXPECT_EQ(bench.counts().recovered, 20u);
  bench.run();
  EXPECT_EQ(bench.counts().sent, 20u);
  EXPECT_TRUE(accounted(bench.counts()));
  std::string all;
  for (const std::string& body : bench.script->bodies) all += body;
  for (int i = 0; i < 20; ++i) EXPECT_NE(all.find("\"m" + std::to_string(i) + "\""), std::string::npos);
}

TEST(SpoolCipher, WhatLiesThereInTheClearIsSentToo) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 3, nullptr);
  Bench bench(spooled(folder / "spool", cipher()));
  bench.write(2);
  bench.run();
  EXPECT_EQ(bench.counts().sent, 5u);
  EXPECT_TRUE(accounted(bench.counts()));
}

TEST(SpoolCipher, WithoutACipherCiphertextsStayWhereTheyAre) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 4, cipher());
  {
    Bench bench(spooled(folder / "spool", nullptr));
    bench.run(1min);
    EXPECT_EQ(bench.counts().spooled, 4u);
    EXPECT_EQ(bench.counts().sent, 0u);
    EXPECT_NE(bench.counts().last_error.find("no cipher is set"), std::string::npos);
    EXPECT_TRUE(accounted(bench.counts()));
  }
  Bench bench(spooled(folder / "spool", cipher()));
  bench.run();
  EXPECT_EQ(bench.counts().sent, 4u);
}

TEST(SpoolCipher, WhatNoKeyOpensIsCountedAsCorrupt) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 4, other_cipher());
  Bench bench(spooled(folder / "spool", cipher()));
  bench.write(2);
  bench.run();
  EXPECT_EQ(bench.counts().sent, 2u);
  EXPECT_EQ(bench.counts().dropped_corrupt, 4u);
  EXPECT_TRUE(accounted(bench.counts()));
}

// Though nothing of them is ever sent.
TEST(SpoolCipher, WhatNoKeyOpensIsCountedOnce) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 4, other_cipher());
  {
    QueueShipper::Parts parts;
    parts.options = spooled(folder / "spool", cipher());
    parts.options.batch.max_records = 2;
    parts.options.batch.max_age = 10s;
    parts.protocol = json_lines_protocol();
    parts.transport = [] { return std::make_unique<pii::kit::ScriptedTransport>(std::make_shared<pii::kit::Script>()); };
    QueueShipper shipper(std::move(parts));
    EXPECT_TRUE(shipper.flush(30s)) << "there is nothing to wait for";
    EXPECT_EQ(shipper.shipping().recovered, 4u);
    EXPECT_EQ(shipper.shipping().dropped_corrupt, 4u);
    EXPECT_TRUE(accounted(shipper.shipping()));
  }
  Bench bench(spooled(folder / "spool", cipher()));
  bench.run();
  EXPECT_EQ(bench.counts().recovered, 0u);
  EXPECT_EQ(bench.counts().dropped_corrupt, 0u);
}

TEST(SpoolCipher, WhileThereIsNoKeyTheDiskIsSeldomRead) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 3, cipher());
  const auto provider = std::make_shared<StaticProvider>();
  Bench bench(spooled(folder / "spool", cipher_of(provider)));
  bench.clock.advance(1min);
  for (int i = 0; i < 50; ++i) bench.shipper->pump();
  EXPECT_EQ(provider->loads, 1);
  EXPECT_FALSE(bench.shipper->flush(0ms));
  for (int i = 0; i < 50; ++i) bench.shipper->pump();
  EXPECT_EQ(provider->loads, 2) << "who flushes has it looked at again";
  bench.clock.advance(1min);
  bench.shipper->pump();
  EXPECT_EQ(provider->loads, 3);
}

TEST(SpoolCipher, WhileThereIsNoKeyLinesAreInMemoryAndTheDiskWaits) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 3, cipher());
  const auto provider = std::make_shared<StaticProvider>();
  Bench bench(spooled(folder / "spool", cipher_of(provider)));
  bench.write(2);
  EXPECT_EQ(bench.counts().spool_failures, 2u);
  EXPECT_EQ(bench.counts().queued, 2u);
  bench.run(1min);
  EXPECT_EQ(bench.counts().sent, 2u);
  EXPECT_EQ(bench.counts().spooled, 3u);
  EXPECT_TRUE(accounted(bench.counts()));
  provider->replace(pii::KeysetUsage::reveal, pii::kit::keyset(pii::kit::kRevealDocument));
  bench.run();
  EXPECT_EQ(bench.counts().sent, 5u);
  EXPECT_TRUE(accounted(bench.counts()));
}

// Keys that somebody has to be asked for, who takes his time.
class SlowProvider final : public pii::KeysetProvider {
 public:
  pii::Result<void> load(pii::KeysetUsage) override {
    asked.release();
    go_on.acquire();
    go_on.release();
    return pii::Error(pii::ErrorCode::provider_unavailable, "not yet");
  }
  pii::ProviderHealth health() const override { return {}; }
  std::counting_semaphore<> asked{0}, go_on{0};
};

TEST(SpoolCipher, WhileALineWaitsForItsKeyTheShipperDoesNot) {
  const TemporaryFolder folder;
  const auto provider = std::make_shared<SlowProvider>();
  Bench bench(spooled(folder / "spool", cipher_of(provider)));
  std::thread writer([&] { bench.write(); });
  provider->asked.acquire();
  auto counts = std::async(std::launch::async, [&] { return bench.counts(); });
  const bool answered = counts.wait_for(5s) == std::future_status::ready;
  provider->go_on.release();
  writer.join();
  EXPECT_TRUE(answered) << "the shipper's lock was held";
  EXPECT_EQ(bench.counts().queued, 1u) << "in memory, as there was no key";
  EXPECT_EQ(bench.counts().spool_failures, 1u);
}

// What is read from the disk needs its key as well.
TEST(SpoolCipher, WhileARecordWaitsForItsKeyTheShipperDoesNot) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 3, cipher());
  const auto provider = std::make_shared<SlowProvider>();
  Bench bench(spooled(folder / "spool", cipher_of(provider)));
  bench.clock.advance(1min);
  std::thread worker([&] { bench.shipper->pump(); });
  provider->asked.acquire();
  auto counts = std::async(std::launch::async, [&] { return bench.counts(); });
  const bool answered = counts.wait_for(5s) == std::future_status::ready;
  const bool waits = answered && !bench.shipper->flush(0ms);
  provider->go_on.release();
  worker.join();
  ASSERT_TRUE(answered) << "the shipper's lock was held";
  const Counts then = counts.get();
  EXPECT_EQ(then.spooled, 3u) << "they are nowhere else yet";
  EXPECT_TRUE(accounted(then));
  EXPECT_TRUE(waits) << "what is being opened was not sent";
  EXPECT_EQ(bench.counts().spooled, 3u);
  EXPECT_TRUE(accounted(bench.counts()));
  EXPECT_NE(bench.counts().last_error, "");
}

// Without any key, time and again.
TEST(SpoolCipher, WhatCouldNotBeOpenedComesAgainInOrder) {
  const TemporaryFolder folder;
  leave_behind(folder / "spool", 25, cipher());
  const auto provider = std::make_shared<StaticProvider>();
  Bench bench(spooled(folder / "spool", cipher_of(provider)));
  for (int i = 0; i < 3; ++i) {
    bench.run(1min);
    EXPECT_EQ(bench.counts().spooled, 25u);
    EXPECT_TRUE(accounted(bench.counts()));
  }
  provider->replace(pii::KeysetUsage::reveal, pii::kit::keyset(pii::kit::kRevealDocument));
  bench.run();
  EXPECT_EQ(bench.counts().sent, 25u);
  EXPECT_EQ(bench.counts().dropped_corrupt, 0u);
  EXPECT_TRUE(accounted(bench.counts()));
  std::string all;
  for (const std::string& body : bench.script->bodies) all += body;
  std::size_t at = 0;
  for (int i = 0; i < 25; ++i) {
    at = all.find("\"m" + std::to_string(i) + "\"", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

// Clear, lost for ever, clear, not now, clear: what can be is sent, and what cannot comes again, in its order.
TEST(SpoolCipher, WhatCanBeOpenedDoesNotWaitForTheRest) {
  const TemporaryFolder folder;
  const auto accepts = [](std::string_view versions) {
    return pii::kit::v2_reveal_keyset(std::string(R"("write_version":)") + versions.back() + R"(,"accept_versions":[)" + std::string(versions) + "]");
  };
  const auto later = cipher_of(std::make_shared<StaticProvider>(nullptr, accepts("2")));
  int written = 0;
  const auto add = [&](int count, std::shared_ptr<const pii::Protector> with) {
    Bench bench(spooled(folder / "spool", std::move(with)));
    bench.written = written;
    bench.write(count);
    written += count;
    EXPECT_EQ(bench.counts().spool_failures, 0u);
  };
  add(12, nullptr);
  add(8, other_cipher());  // m12 to m19
  add(12, nullptr);
  add(10, later);  // m32 to m41
  add(8, nullptr);
  const auto provider = std::make_shared<StaticProvider>(nullptr, accepts("1"));
  Bench bench(spooled(folder / "spool", cipher_of(provider)));
  bench.written = written;
  EXPECT_EQ(bench.counts().recovered, 50u);
  for (int i = 0; i < 3; ++i) {
    bench.run(1min);
    EXPECT_EQ(bench.counts().sent, 24u);
    EXPECT_EQ(bench.counts().dropped_corrupt, 8u);
    EXPECT_EQ(bench.counts().spooled, 18u + 5u * static_cast<unsigned>(i));
    EXPECT_TRUE(accounted(bench.counts()));
    bench.write(5);
  }
  EXPECT_NE(bench.counts().last_error, "");
  provider->replace(pii::KeysetUsage::reveal, accepts("2,1"));
  bench.run();
  EXPECT_EQ(bench.counts().sent, 24u + 18u + 15u);
  EXPECT_EQ(bench.counts().dropped_corrupt, 8u);
  EXPECT_TRUE(accounted(bench.counts()));
  std::string all;
  for (const std::string& body : bench.script->bodies) all += body;
  std::vector<int> sent;
  for (std::size_t at = 0; (at = all.find("\"m", at)) != std::string::npos; ++at) {
    if (std::isdigit(static_cast<unsigned char>(all[at + 2])) != 0) sent.push_back(std::stoi(all.substr(at + 2)));
  }
  std::vector<int> in_order;
  for (int i = 0; i < 65; ++i) {
    if (i < 12 || i >= 20) in_order.push_back(i);
  }
  EXPECT_EQ(sent, in_order);
}

TEST(SpoolCipher, NoKeyIsAskedForALineThatIsNotKept) {
  const TemporaryFolder folder;
  const Spool other({.folder = folder / "taken"}, Clock::system());
  const auto provider = std::make_shared<SlowProvider>();
  provider->go_on.release();
  Bench unusable(spooled(folder / "taken", cipher_of(provider)));
  unusable.write();
  EXPECT_EQ(unusable.counts().queued, 1u);
  EXPECT_EQ(unusable.counts().spool_failures, 1u);
  Bench ended(spooled(folder / "ended", cipher_of(provider)));
  ended.shipper->end({});
  ended.write();
  EXPECT_EQ(ended.counts().dropped_ended, 1u);
  Bench forked(spooled(folder / "forked", cipher_of(provider)));
  forked.shipper->before_fork();
  const pid_t child = ::fork();
  if (child == 0) {  // its parent's worker is left as it is
    forked.shipper->after_fork(true);
    forked.write();
    ::_exit(forked.counts().queued == 1 && !provider->asked.try_acquire() ? 0 : 1);
  }
  forked.shipper->after_fork(false);
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(provider->asked.try_acquire());
}

}  // namespace
