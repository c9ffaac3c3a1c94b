#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "commands/doctor_checks.hpp"
#include "pii/selftest.hpp"

namespace piictl {
namespace {

using pii::ErrorCode;
using Status = Check::Status;

// About what two keysets and their derived keys need.
constexpr std::size_t kLockedMemory = std::size_t{256} << 10;

Check check_memory_locking() {
  void* memory = ::mmap(nullptr, kLockedMemory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return {"memory locking", Status::warn, "no memory to try it with", "free some memory"};
  const bool locked = ::mlock(memory, kLockedMemory) == 0;
  const int error_number = errno;
  (void)::munmap(memory, kLockedMemory);
  if (locked) return {"memory locking", Status::ok, "keys stay out of swap"};
  return {"memory locking", Status::warn,
          std::string("keys may be swapped out: ") + std::strerror(error_number),
          "raise ulimit -l to 256 or more (systemd: LimitMEMLOCK=)"};
}

Check check_core_dumps() {
  rlimit limit = {};
  const bool off =
      ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && ::prctl(PR_GET_DUMPABLE) == 0;
  if (off) return {"core dumps", Status::ok, "off for this process, and no debugger may attach"};
  return {"core dumps", Status::warn, "a crash could write keys to a file", "start with ulimit -c 0"};
}

Check check_randomness() {
  std::array<unsigned char, 16> bytes;
  if (::getrandom(bytes.data(), bytes.size(), GRND_NONBLOCK) == static_cast<ssize_t>(bytes.size())) {
    return {"randomness", Status::ok, "the system's generator is ready"};
  }
  return {"randomness", Status::fail, std::string("getrandom: ") + std::strerror(errno),
          "the machine has gathered no entropy yet; wait, or give it a source", ErrorCode::crypto_failure};
}

Check check_self_test() {
  const auto results = pii::run_self_test();
  const auto bad = std::ranges::find(results, false, &pii::SelfTestResult::passed);
  if (results.empty() || bad != results.end()) {
    return {"self-test", Status::fail, results.empty() ? "there are no tests" : bad->name + " failed",
            "do not use this build here; piictl selftest tells more", ErrorCode::self_test_failed};
  }
  return {"self-test", Status::ok, std::to_string(results.size()) + " known answers"};
}

Check check_implementations() {
  std::string text;
  for (const pii::Implementation& one : pii::implementations()) {
    text += (text.empty() ? "" : ", ") + one.primitive + " by " + one.name;
  }
  return {"processor", Status::ok, text};
}

}  // namespace

std::vector<Check> check_machine() {
  return {check_memory_locking(), check_core_dumps(), check_randomness(), check_self_test(),
          check_implementations()};
}

}  // namespace piictl
