#include "kit/failing_new.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> live{0};

struct Plan {
  bool armed = false;
  bool for_good = false;
  bool failed = false;
  std::size_t left = 0;

  bool fails() noexcept {
    if (!armed) return false;
    if (left > 0) {
      --left;
      return false;
    }
    failed = true;
    armed = for_good;
    return true;
  }
};
constinit thread_local Plan plan;

void* given(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  live.fetch_add(malloc_usable_size(memory), std::memory_order_relaxed);
  return memory;
}

void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  live.fetch_sub(malloc_usable_size(memory), std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

namespace pii::kit {

void fail_allocations(std::size_t after, bool for_good) { plan = {true, for_good, false, after}; }
bool stop_failing() {
  const bool failed = plan.failed;
  plan = {};
  return failed;
}
std::size_t live_bytes() { return live.load(); }

}  // namespace pii::kit

void* operator new(std::size_t size) {
  if (plan.fails()) throw std::bad_alloc();
  return given(std::malloc(size != 0 ? size : 1));
}
void* operator new(std::size_t size, std::align_val_t align) {
  if (plan.fails()) throw std::bad_alloc();
  const auto step = static_cast<std::size_t>(align);
  return given(std::aligned_alloc(step, (size + step - 1) / step * step));
}
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { give_back(memory); }
