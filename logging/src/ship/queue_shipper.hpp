#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ship/delivery.hpp"
#include "ship/spool.hpp"
#include "ship/store.hpp"

namespace pii::ship {

class DeadLetterWriter;

/// A store, a delivery, and the thread between them. Tests run it without the thread, by pump() and a clock of their own.
class QueueShipper final : public Shipper {
 public:
  struct Parts {
    Options options = {};
    std::string target = {};
    std::unique_ptr<const Protocol> protocol = {};
    TransportMaker transport = {};
    const Clock* clock = &Clock::system();
    Chance chance = {};  // null: the system's
    bool threaded = true;
  };
  explicit QueueShipper(Parts parts);
  ~QueueShipper() override;

  void write(const log::MaskedLine& line) noexcept override;
  bool flush(std::chrono::milliseconds deadline) noexcept override;
  void end(std::chrono::milliseconds left) noexcept override;
  void crashed(int dump) noexcept override;
  void before_fork() noexcept override;
  void after_fork(bool in_child) noexcept override;
  log::SinkCounts counts() const noexcept override;
  std::string target() const override { return parts_.target; }
  Counts shipping() const override;

  /// One step of the thread's work. When to come again; Steady::max(): when something happens.
  Steady pump();

 private:
  // What a fork loses: it is replaced, never destroyed, in the child.
  struct Worker {
    std::unique_ptr<std::thread> thread = {};
    std::condition_variable wake = {};     // the thread
    std::condition_variable settled = {};  // who flushes
    std::condition_variable room = {};     // who waits for room
    std::unique_ptr<Transport> transport = {};
    std::atomic<bool> stop{false};  // set with the lock held
  };

  bool accept(std::string_view line, const std::optional<Result<std::string>>& sealed, std::unique_lock<std::mutex>& lock);
  Result<std::string> seal(std::string_view line) const noexcept;
  std::vector<Record> opened(std::vector<Record> stored, std::unique_lock<std::mutex>& lock);
  bool push(Store& store, std::string_view line);
  bool wait_for_room(std::size_t size, std::unique_lock<std::mutex>& lock);
  void start_thread();
  void run();
  Steady step(std::unique_lock<std::mutex>& lock);
  bool load(Steady now, std::unique_lock<std::mutex>& lock);
  Steady due_of(const Store& store) const noexcept;
  template <class Do>
  void each_waiting(Do what) const {
    for (const Store* store : {static_cast<const Store*>(&queue_), static_cast<const Store*>(spool_.get())}) {
      if (store != nullptr && store->records() != 0) what(*store);
    }
  }
  void settle(Delivery::Outcome& outcome, const std::string& reason);
  std::uint64_t first_unsettled() const noexcept;
  void stop_thread() noexcept;
  void give_up_rest() noexcept;

  const Parts parts_;
  const Options& options_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  std::unique_ptr<Worker> worker_;
  const std::size_t due_records_;  // so many are sent at once: a batch, or what a small queue cannot wait for
  const std::size_t due_bytes_;
  Queue queue_;
  std::unique_ptr<Spool> spool_;  // the same object until the end
  std::unique_ptr<DeadLetterWriter> dead_letters_;
  Delivery delivery_;
  Store* from_ = nullptr;  // of what is being delivered
  std::size_t opening_ = 0;  // records of the spool that are on their way there
  std::uint64_t opening_first_ = 0;
  Steady look_again_ = {};    // at the spool, of which something could not be opened
  std::atomic<bool> seals_{false};  // lines, for the spool
  std::string body_;
  std::uint64_t next_sequence_ = 1;
  std::uint64_t flush_to_ = 0;  // sequences that someone waits for
  Steady stalled_until_ = {};
  bool ended_ = false;
  bool forked_ = false;
  Counts counts_;
};

}  // namespace pii::ship
