#include "crypto/random.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <sys/random.h>

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

// The kernel's zeros in a forked child make both words 0. They are volatile because fork() may also be called
// by a signal handler in the middle of take().
struct RandomPool::Page {
  volatile std::uint32_t left;
  // Set before the bytes are fetched, so that it is 0 when they were wiped at any time since.
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
    std::uint32_t left = page_->left;
    if (left < out.size() || page_->filled == 0) {
      page_->filled = 1;
      system_random(page_->bytes);
      left = sizeof(page_->bytes);
    }
    left -= static_cast<std::uint32_t>(out.size());
    page_->left = left;
    std::memcpy(out.data(), page_->bytes + left, out.size());
    // The page stays reachable, so no compiler may drop this; wipe() is dearer.
    std::memset(page_->bytes + left, 0, out.size());
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
