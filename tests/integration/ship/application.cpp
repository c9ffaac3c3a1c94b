// A service of another team: it logs what it is told to by standard input, to the receivers that its environment names.
//   ship_application [gzip|plain RECORDS]   with arguments: Elasticsearch of the same variables, but with so many records a batch, and quick
//   log FIRST COUNT, large N TEXTS, conflict N, beyond N, flush MILLISECONDS, report, end MILLISECONDS; the last three answer one line
#include <pii/logging/log.hpp>
#include <pii/logging/receivers.hpp>

#include <cstdlib>
#include <iostream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "kit/masking.hpp"

namespace {

using namespace pii::log;
using pii::ship::Shipper;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

template <class T>
T must(pii::Result<T> result) {
  if (result) return *std::move(result);
  std::cerr << "error: " << result.error().message() << "\n";
  std::exit(1);
}

// As the environment has it, except for what no variable sets.
Configuration configured(int argc, char** argv) {
  Configuration configuration = must(configuration_from_environment());
  configuration.keys = {pii::kit::masking_provider(), pii::kit::test_environment(), false};
  if (argc < 3) return configuration;
  pii::ship::Elasticsearch target;
  target.url = variable("ES_URL");
  target.stream = variable("ES_DATA_STREAM");
  target.credentials = pii::ship::Credentials::basic(variable("ES_USER"), variable("ES_PASSWORD"));
  pii::ship::Options options;
  options.tls.ca_path = variable("PII_LOG_CACERT_PATH");
  options.dead_letters.folder = variable("PII_LOG_DEAD_LETTERS");
  options.gzip = std::string(argv[1]) == "gzip";
  options.batch.max_records = std::stoul(argv[2]);
  options.batch.max_age = std::chrono::milliseconds(10);
  options.retry.initial = std::chrono::milliseconds(20);
  options.retry.max = std::chrono::milliseconds(100);
  configuration.outputs.back().sink = must(elasticsearch(target, options));
  return configuration;
}

std::string many_words(int seed, std::size_t size) {
  std::string text;
  for (int i = seed; text.size() < size; ++i) text += "line " + std::to_string(i) + ": \"déjà vu\"\n";
  return text;
}

// Every eighth event is of one kind, and `n` names each.
void log_event(const Logger& log, int n) {
  const std::string seeds = "mail ada.lovelace@example.com, card 4929123456789015, call +96555512345";
  std::string text;
  switch (n % 8) {
    case 0:
      return log.info("order_taken", kv("n", n), kv("amount", n * 0.25), kv("gift", n % 16 == 0), kv("coupon", nullptr),
                      kv("http.response.status_code", 200));
    case 1:
      for (char c = 1; c < 0x7F; ++c) text += c;
      return log.info("escapes", kv("n", n), kv("text", "\"\\/\b\f\n\r\t" + text + "\x7F"),
                      kv("bulk", "\"}}\n{\"delete\":{\"_index\":\"*\",\"_id\":\"1\"}}\n{\"index\":{}}\n{}\n"));
    case 2:
      return log.warning("unicode", kv("n", n), kv("text", "naïve 東京 שלום مرحبا 👩‍👩‍👧‍👦 e\u0301 \u2028\u2029\uFEFF\uFFFD\uFFFF \U0010FFFF \U0001F600"),
                         kv("zero", std::string("a\0b", 3)), kv("ключ", "значение"), kv("labels", object(kv("größe", "XL"))));
    case 3:
      return log.info("broken_text", kv("n", n), kv("text", "\xFF\xFE \xC3( \xE2\x82 \xED\xA0\x80 \xF0\x9F\x98 \xC0\xAF"));
    case 4:
      return log.info("long_text", kv("n", n), kv("text", many_words(n, 20'000)));
    case 5:
      return log.info("numbers", kv("n", n), kv("least", std::numeric_limits<std::int64_t>::min()), kv("most", std::numeric_limits<std::int64_t>::max()),
                      kv("tiny", std::numeric_limits<double>::denorm_min()), kv("huge", std::numeric_limits<double>::max()), kv("third", 1.0 / 3),
                      kv("none", std::numeric_limits<double>::quiet_NaN()), kv("ids", array(1, 2, 3)), kv("empty", std::vector<std::string>()),
                      kv("deep", object(kv("a", object(kv("b", object(kv("c", array("x", "y")))))))));
    case 6:
      return log.info("customer_called", kv("n", n), kv("note", seeds), kv("customer_name", "Hedwig Lamarr"), email("contact", "ada.lovelace@example.com"),
                      secret("password", "Tr0ub4dor-and-3"), kv("form", "email=ada.lovelace%40example.com&password=Tr0ub4dor-and-3"));
    default:
      return log.error("order_failed", kv("n", n), err(std::runtime_error("cannot mail ada.lovelace@example.com")), kv("order.id", "o-" + std::to_string(n)));
  }
}

void report(const Shipper& shipper) {
  const pii::ship::Counts counts = shipper.shipping();
  std::string error;
  for (const char c : counts.last_error) error += c == '"' || c == '\\' ? '\'' : c;
  std::cout << "{\"accepted\":" << counts.accepted << ",\"sent\":" << counts.sent << ",\"queued\":" << counts.queued << ",\"spooled\":" << counts.spooled
            << ",\"dropped\":" << counts.dropped() << ",\"rejected\":" << counts.rejected << ",\"dead_lettered\":" << counts.dead_lettered
            << ",\"duplicates\":" << counts.duplicates << ",\"recovered\":" << counts.recovered << ",\"requests\":" << counts.requests
            << ",\"failed_requests\":" << counts.failed_requests << ",\"retried\":" << counts.retried << ",\"last_error\":\"" << error << "\"}"
            << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  Configuration configuration = configured(argc, argv);
  const auto shipper = std::dynamic_pointer_cast<Shipper>(configuration.outputs.back().sink);
  if (shipper == nullptr) {
    std::cerr << "error: the environment names no receiver\n";
    return 1;
  }
  Session session = must(init(std::move(configuration)));
  const Logger log = get_logger("shop.orders");
  int deadline = 0;
  for (std::string line; deadline == 0 && std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    int first = 0;
    int second = 0;
    words >> command >> first >> second;
    if (command == "log") {
      for (int n = first; n < first + second; ++n) log_event(log, n);
    } else if (command == "large") {
      log.info("large", kv("n", first), kv("texts", std::vector<std::string>(static_cast<std::size_t>(second), many_words(first, 25'000))));
    } else if (command == "conflict") {
      log.info("conflict", kv("n", first), kv("http.response.status_code", "many"));
    } else if (command == "beyond") {
      log.info("beyond", kv("n", first), kv("most", std::numeric_limits<std::uint64_t>::max()));
    } else if (command == "flush") {
      std::cout << (session.flush(std::chrono::milliseconds(first)) ? "true" : "false") << std::endl;
    } else if (command == "report") {
      report(*shipper);
    } else if (command == "end") {
      deadline = first;
    }
  }
  session.shutdown(std::chrono::milliseconds(deadline));
  report(*shipper);
  return 0;
}
