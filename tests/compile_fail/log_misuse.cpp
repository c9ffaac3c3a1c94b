// As misuse.cpp, for the logger: its headers are read by its own cases alone.
#include <string>

#include "pii/logging/logger.hpp"
#include "pii/logging/sink.hpp"
#include "pii/secret.hpp"

namespace {

void uses(const pii::log::Logger& log, const pii::SecretBytes& secret) {
  static_cast<void>(secret);
  log.info("good_name", pii::log::kv("amount", 1));
  log.infof("good_name", "{} of {{}}", pii::log::kv("amount", 1), pii::log::local_only);
#if defined(MISUSE_event_name_at_run_time)
  const std::string name = "made of a value";
  log.info(name.c_str());
#elif defined(MISUSE_empty_event_name)
  log.info("");
#elif defined(MISUSE_forge_masked_line)
  const pii::log::MaskedLine line("not masked", pii::log::Level::info, false);
#elif defined(MISUSE_words_without_a_place)
  log.infof("name", "{} of {}", pii::log::kv("amount", 1));
#elif defined(MISUSE_words_with_a_format)
  log.infof("name", "{:d}", pii::log::kv("amount", 1));
#elif defined(MISUSE_words_of_a_bare_value)
  log.infof("name", "{}", 1);
#elif defined(MISUSE_kv_of_a_secret)
  log.info("keys", pii::log::kv("key", secret));
#endif
}

}  // namespace

int main() {
  static_cast<void>(uses);
  return 0;
}
