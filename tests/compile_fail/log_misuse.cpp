// As misuse.cpp, for the logger: its headers are read by its own cases alone.
#include <string>

#include "pii/logging/logger.hpp"
#include "pii/logging/sink.hpp"
#include "pii/secret.hpp"

namespace {

void uses(const pii::log::Logger& log, const pii::SecretBytes& secret) {
  static_cast<void>(secret);
  log.info("good_name", pii::log::kv("amount", 1));
#if defined(MISUSE_event_name_at_run_time)
  const std::string name = "made of a value";
  log.info(name.c_str());
#elif defined(MISUSE_empty_event_name)
  log.info("");
#elif defined(MISUSE_forge_masked_line)
  const pii::log::MaskedLine line("not masked", pii::log::Level::info, false);
#elif defined(MISUSE_kv_of_a_secret)
  log.info("keys", pii::log::kv("key", secret));
#endif
}

}  // namespace

int main() {
  static_cast<void>(uses);
  return 0;
}
