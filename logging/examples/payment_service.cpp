// Two services and a worker, as one program: the shop takes an order over HTTP, calls the payment service (a second hop), and puts a
// receipt into a queue, which a worker handles with retries. Compiled and run by a test, which is client and collector.
//   payment_service            serves on 127.0.0.1, prints the shop's port, and ends at the end of its standard input
// Where logs and spans go say PII_LOG_*, ES_*, OTEL_* (docs/logging.md).
#include <pii/logging/handler.hpp>
#include <pii/logging/log.hpp>
#include <pii/logging/request.hpp>
#include <pii/logging/span.hpp>

#include <condition_variable>
#include <iostream>
#include <limits>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <string>
#include <thread>

#include "tiny_http.hpp"

namespace log_ = pii::log;
namespace trace = pii::trace;
using log_::kv;

namespace {

/// The worker's queue: text, with what the job is told of who queued it, and the span that received it.
struct Item {
  std::string context;
  std::string received;
  std::string mail;
};

class Queue {
 public:
  void push(Item item) {
    const std::lock_guard lock(mutex_);
    items_.push(std::move(item));
    wake_.notify_one();
  }
  bool pop(Item& item) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return closed_ || !items_.empty(); });
    if (items_.empty()) return false;
    item = std::move(items_.front());
    items_.pop();
    return true;
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::queue<Item> items_;
  bool closed_ = false;
};

/// The second hop.
class Payments {
 public:
  explicit Payments(const trace::Tracer& tracer) : tracer_(tracer), server_([this](const tiny::Request& request) { return handle(request); }) {}
  int port() const { return server_.port(); }

 private:
  tiny::Response handle(const tiny::Request& request) {
    log_::RequestOptions options;
    options.tracer = &tracer_;
    options.logger = "payments.http";
    return log_::with_request_scope({.method = request.method, .target = request.target, .route = "/charge", .remote_ip = "127.0.0.1",
                                     .headers = request.headers, .body = request.body},
                                    options, [&](log_::RequestScope& scope) {
                                      const bool good = request.body.find("amount=5000") == std::string::npos;
                                      log_.info(good ? log_::EventName("payment_processed") : log_::EventName("payment_declined"),
                                                kv("note", "form " + request.body));
                                      scope.finish(good ? 200 : 402);
                                      return tiny::Response{good ? 200 : 402, {}, good ? "ok" : "declined"};
                                    });
  }

  const trace::Tracer& tracer_;
  const log_::Logger log_ = log_::get_logger("payments");
  tiny::Server server_;
};

/// The first hop.
class Shop {
 public:
  Shop(const trace::Tracer& tracer, Queue& queue, int payments)
      : tracer_(tracer), queue_(queue), payments_(payments), server_([this](const tiny::Request& request) { return handle(request); }) {}
  int port() const { return server_.port(); }

 private:
  tiny::Response handle(const tiny::Request& request) {
    log_::RequestOptions options;
    options.tracer = &tracer_;
    options.logger = "shop.http";
    options.api_log = true;
    return log_::with_request_scope({.method = request.method, .target = request.target, .route = "/orders", .remote_ip = "127.0.0.1",
                                     .headers = request.headers, .body = request.body},
                                    options, [&](log_::RequestScope& scope) {
                                      scope.authenticated(42);
                                      tiny::Response response = order(request);
                                      response.headers = scope.response_headers();
                                      // What this service sends on, for who wants to see it.
                                      trace::inject([&](std::string_view name, std::string_view value) {
                                        response.headers.emplace_back("x-sent-" + std::string(name), value);
                                      });
                                      scope.finish(response.status, response.body);
                                      return response;
                                    });
  }

  tiny::Response order(const tiny::Request& request) {
    log_.info("order_received", kv("customer_name", "Ada Lovelace"), log_::email("contact", "ada@example.com"));
    int status = 0;
    {
      trace::Span span(tracer_, "POST /charge", {.kind = trace::Kind::client});
      span.set("server.port", payments_).set("note", "for ada@example.com");
      log_::Headers headers;
      trace::inject([&](std::string_view name, std::string_view value) { headers.emplace_back(name, value); });
      status = tiny::post(payments_, "/charge", headers, request.body + "&card=4929123456789015");
      span.set("http.response.status_code", status);
      if (status >= 400) span.set_error("declined, card 4929123456789015");
    }
    if (status >= 400) return {402, {}, "declined"};
    const auto snapshot = log_::job::capture();
    queue_.push({snapshot ? snapshot->to_json() : "null", trace::receive(tracer_, "receipts"), "ada@example.com"});
    return {201, {}, "{\"accepted\":true}"};
  }

  const trace::Tracer& tracer_;
  Queue& queue_;
  const int payments_;
  const log_::Logger log_ = log_::get_logger("shop.orders");
  tiny::Server server_;
};

void work(const trace::Tracer& tracer, Queue& queue) {
  Item item;
  while (queue.pop(item)) {
    const auto snapshot = log_::job::parse(item.context);
    const log_::job::Scope job(snapshot ? *snapshot : std::nullopt, {.id = "job-1", .name = "send_receipt"});
    std::uint32_t attempt = 0;
    log_::with_retries({.max = 3}, "send_receipt", "OrderPaid", "{}", [&] {
      trace::ProcessScope process(tracer, item.received, "Receipt", attempt);
      if (attempt++ == 0) throw std::runtime_error("no mail server for " + item.mail);
      log_::get_logger("worker").info("receipt_sent", kv("note", "to " + item.mail));
      process.success(true);
    });
  }
}

}  // namespace

int main() {
  auto configuration = log_::configuration_from_environment();
  const auto tracer = trace::Tracer::from_environment();
  if (!configuration || !tracer) {
    std::cerr << (!configuration ? configuration.error() : tracer.error()).message() << '\n';
    return 2;
  }
  auto session = log_::init(*std::move(configuration));
  if (!session) {
    std::cerr << session.error().message() << '\n';
    return 2;
  }
  {
    Queue queue;
    std::thread worker([&] { work(*tracer, queue); });
    {
      const Payments payments(*tracer);
      const Shop shop(*tracer, queue, payments.port());
      std::cout << shop.port() << std::endl;
      std::cin.ignore(std::numeric_limits<std::streamsize>::max());
    }
    queue.close();
    worker.join();
  }
  return session->shutdown(std::chrono::seconds(5)) ? 0 : 1;
}
