// A request of a payment service, the job that it queues, and the worker that runs it. Compiled and run by a test.
//   order_service [FILE]     the log goes to FILE, else to standard output
#include <pii/logging/log.hpp>

#include <iostream>
#include <queue>
#include <stdexcept>
#include <string>
#include <thread>

namespace log_ = pii::log;
using log_::kv;

namespace {

const log_::Logger kLog = log_::get_logger("shop.orders");

void charge(const std::string& card, int amount) {
  if (amount > 1000) throw std::runtime_error("card " + card + " was declined");
  kLog.info("payment_processed", kv("amount", amount), kv("currency", "KWD"), kv("note", "paid with " + card));
}

// What a queue carries besides the job: text, masked when it is made.
std::string handle_request(const std::string& traceparent, const std::string& customer) {
  const auto inbound = pii::trace::parse(traceparent);
  const log_::ScopedContext request(
      log_::current_span(inbound ? pii::trace::new_child(*inbound) : pii::trace::new_root()),
      log_::client_ip("203.0.113.7"), log_::user_id(42), log_::extra(kv("merchant_id", "acme"), kv("customer_name", customer)));
  kLog.info("order_received", kv("http.request.method", "POST"), kv("url.path", "/orders"), log_::email("contact", "ada@example.com"));
  charge("4929 1234 5678 9015", 100);
  const auto snapshot = log_::job::capture();
  return snapshot ? snapshot->to_json() : "null";
}

void run_job(const std::string& carried) {
  const auto snapshot = log_::job::parse(carried);
  const log_::job::Scope job(snapshot ? *snapshot : std::nullopt, {.id = "job-1", .name = "send_receipt", .attempt = 1});
  const log_::Logger log = kLog.bind(kv("step", "receipt"));
  try {
    charge("4929 1234 5678 9015", 5000);
  } catch (const std::exception&) {
    log.exception("payment_failed", kv("order_id", "abc-123"));
  }
}

}  // namespace

int main(int argc, char** argv) {
  auto configuration = log_::configuration_from_environment();
  if (!configuration) {
    std::cerr << configuration.error().message() << '\n';
    return 2;
  }
  if (argc > 1) configuration->outputs = {log_::file(argv[1])};
  // A service with keys hands them over here, and values become tokens: configuration->keys = {provider, environment};
  auto session = log_::init(*std::move(configuration));
  if (!session) {
    std::cerr << session.error().message() << '\n';
    return 2;
  }
  const std::string job = handle_request("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "Ada Lovelace");
  std::thread worker([&] { run_job(job); });
  worker.join();
  kLog.info("done", kv("callers_traceparent", log_::build_traceparent()));
  return session->shutdown(std::chrono::seconds(2)) ? 0 : 1;
}
