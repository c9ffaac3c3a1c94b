#include "crypto/random.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "crypto/random_pool.hpp"
#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

constexpr std::size_t kPageSize = 4096;
// Requests above a quarter of a page would empty it too often to be worth the copy.
constexpr std::size_t kLargestBuffered = kPageSize / 4;

// Set when the thread's pool was destroyed: another thread-local object's destructor may still ask for bytes.
constinit thread_local bool pool_is_gone = false;

struct ThreadPool {
  RandomPool pool;
  ~ThreadPool() { pool_is_gone = true; }
};

}  // namespace

struct RandomPool::Page {
  std::uint32_t left;
  // Set before the bytes are fetched. The kernel's zeros in a forked child make it 0, and `left` too.
  // Volatile, because fork() may also be called by a signal handler in the middle of take().
  volatile std::uint32_t filled;
  std::byte bytes[kPageSize - 2 * sizeof(std::uint32_t)];
};

void system_random(std::span<std::byte> out) noexcept {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0) {
      out = out.subspan(static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      std::abort();
    }
  }
}

RandomPool::RandomPool() noexcept : RandomPool(madvise) {}

RandomPool::RandomPool(Advise advise) noexcept {
  static_assert(sizeof(Page) == kPageSize);
  void* page = mmap(nullptr, kPageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return;
  if (advise(page, kPageSize, MADV_WIPEONFORK) != 0) {
    munmap(page, kPageSize);
    return;
  }
  advise(page, kPageSize, MADV_DONTDUMP);
  page_ = static_cast<Page*>(page);
}

RandomPool::~RandomPool() {
  if (page_ == nullptr) return;
  wipe(page_, kPageSize);
  munmap(page_, kPageSize);
}

void RandomPool::take(std::span<std::byte> out) noexcept {
  if (page_ == nullptr || out.size() > kLargestBuffered) {
    system_random(out);
    return;
  }
  do {
    if (page_->left < out.size()) {
      page_->filled = 1;
      system_random(page_->bytes);
      page_->left = sizeof(page_->bytes);
    }
    page_->left -= static_cast<std::uint32_t>(out.size());
    std::byte* taken = page_->bytes + page_->left;
    std::memcpy(out.data(), taken, out.size());
    // The page stays reachable, so no compiler may drop this; wipe() is dearer.
    std::memset(taken, 0, out.size());
    std::atomic_signal_fence(std::memory_order_seq_cst);
  } while (page_->filled == 0);
}

void random_bytes(std::span<std::byte> out) noexcept {
  if (pool_is_gone) {
    system_random(out);
    return;
  }
  thread_local ThreadPool own;
  own.pool.take(out);
}

}  // namespace pii::crypto
