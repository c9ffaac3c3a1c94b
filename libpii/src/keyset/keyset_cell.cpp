#include "pii/keyset_cell.hpp"

#include <pthread.h>

#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "base/fork_lock.hpp"
#include "keyset/key_table.hpp"

namespace pii {
namespace {

// What a thread has read of a cell. It owns nothing and is touched by its thread only.
struct Seen {
  std::uint64_t cell;
  std::uint64_t version;
  const Keyset* keyset;
};

// The cells that a thread has read last, at the place that the cell's id says. Ids begin at 1, so zeros match
// no cell.
constexpr std::size_t kSeen = 8;
constinit thread_local std::array<Seen, kSeen> seen{};

Seen& seen_of(std::uint64_t cell) noexcept { return seen[cell % kSeen]; }

// Keeps alive what a thread has seen. The thread's own, but a cell that is destroyed takes its keyset away, so that all of it
// happens with base::fork_lock held.
class ThreadCopies {
 public:
  /// Returns what it held of `cell` before, to be freed without the lock.
  std::shared_ptr<const Keyset> exchange(std::uint64_t cell, std::shared_ptr<const Keyset> keyset) {
    for (Copy& copy : copies_) {
      if (copy.cell == cell) return std::exchange(copy.keyset, std::move(keyset));
    }
    add(cell, std::move(keyset));
    return nullptr;
  }
  void add(std::uint64_t cell, std::shared_ptr<const Keyset> keyset) { copies_.push_back({cell, std::move(keyset)}); }

  /// Moves all that it holds of `cell` to `out`.
  void surrender(std::uint64_t cell, std::vector<std::shared_ptr<const Keyset>>& out) {
    std::erase_if(copies_, [&](Copy& copy) {
      if (copy.cell != cell) return false;
      out.push_back(std::move(copy.keyset));
      return true;
    });
  }
  void clear() noexcept { copies_.clear(); }

 private:
  struct Copy {
    std::uint64_t cell;
    std::shared_ptr<const Keyset> keyset;
  };

  std::vector<Copy> copies_;
};

constinit thread_local ThreadCopies* copies_of_own = nullptr;  // once there are some

// Every thread that has read a cell. Never destroyed: threads and static objects may end after it would be.
class Registry {
 public:
  static Registry& instance() {
    static Registry& registry = *new Registry;
    return registry;
  }

  void enter(ThreadCopies* thread) {
    const std::lock_guard lock(base::fork_lock);
    threads_.push_back(thread);
  }

  void leave(ThreadCopies* thread) {
    const std::lock_guard lock(base::fork_lock);
    std::erase(threads_, thread);
  }

  void forget_cell(std::uint64_t cell) {
    std::vector<std::shared_ptr<const Keyset>> freed;  // destroyed after the lock is gone
    const std::lock_guard lock(base::fork_lock);
    late_.surrender(cell, freed);
    for (ThreadCopies* thread : threads_) thread->surrender(cell, freed);
  }

  // Their memory is still as it was: the stacks are for threads that begin later.
  void forget_lost_threads() {
    const std::lock_guard lock(base::fork_lock);
    std::erase_if(threads_, [](ThreadCopies* thread) {
      if (thread == copies_of_own) return false;
      thread->clear();
      return true;
    });
  }

  /// For threads whose own copies are gone already: kept until the cell is destroyed.
  ThreadCopies& late() noexcept { return late_; }

 private:
  std::vector<ThreadCopies*> threads_;
  ThreadCopies late_;
};

constinit thread_local bool thread_ended = false;

// Enters the registry with a thread's first read and leaves it when the thread ends.
class ThreadEntry {
 public:
  ThreadEntry() {
    Registry::instance().enter(&copies_);
    copies_of_own = &copies_;
  }
  ~ThreadEntry() {
    Registry::instance().leave(&copies_);
    copies_of_own = nullptr;
    seen = {};
    thread_ended = true;
  }
  ThreadEntry(const ThreadEntry&) = delete;
  ThreadEntry& operator=(const ThreadEntry&) = delete;

  ThreadCopies& copies() noexcept { return copies_; }

 private:
  ThreadCopies copies_;
};

ThreadCopies& copies_of_this_thread() {
  thread_local ThreadEntry entry;
  return entry.copies();
}

// Made before there are threads, so that no child finds it half made.
[[gnu::constructor(900)]] void watch_forks() {
  Registry::instance();
  ::pthread_atfork(nullptr, nullptr, [] { Registry::instance().forget_lost_threads(); });
}

std::uint64_t next_cell_id() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

KeysetCell::KeysetCell() : id_(next_cell_id()) {}

KeysetCell::~KeysetCell() { Registry::instance().forget_cell(id_); }

const Keyset* KeysetCell::read() const {
  const Seen& known = seen_of(id_);
  if (known.cell == id_ && known.version == version_.load(std::memory_order_acquire)) [[likely]] {
    return known.keyset;
  }
  return read_slow();
}

const Keyset* KeysetCell::read_slow() const {
  // A static object's destructor reads after this thread's copies are gone.
  ThreadCopies* const own = thread_ended ? nullptr : &copies_of_this_thread();
  std::shared_ptr<const Keyset> before;  // freed after the lock is gone
  const std::lock_guard lock(base::fork_lock);
  const Keyset* const raw = current_.get();
  if (own != nullptr) {
    before = own->exchange(id_, current_);
  } else {
    Registry::instance().late().add(id_, current_);
  }
  seen_of(id_) = {id_, version_.load(std::memory_order_relaxed), raw};
  return raw;
}

std::shared_ptr<const Keyset> KeysetCell::share() const {
  const std::lock_guard lock(base::fork_lock);
  return current_;
}

void KeysetCell::replace(std::shared_ptr<const Keyset> next) {
  {
    const std::lock_guard lock(base::fork_lock);
    const bool same_usage = current_ != nullptr && next != nullptr && current_->usage() == next->usage();
    if (same_usage && current_ != next) next->impl().go_on_from(current_->impl());
    current_.swap(next);
    version_.fetch_add(1, std::memory_order_release);
  }
  // What was in force goes here, after the lock.
}

}  // namespace pii
