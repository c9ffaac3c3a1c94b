#include "ship/queue_shipper.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstring>

#include "output/in_handler.hpp"
#include "pii/logging/trace.hpp"
#include "ship/dead_letter_writer.hpp"
#include "ship/opening.hpp"

namespace pii::ship {

namespace {

constexpr Steady kNever = Steady::max();
constexpr std::chrono::minutes kLongestFinish(1);  // of the deadline of a session's end
constexpr std::chrono::seconds kKeyPause(1);  // at least, before the disk is read again for want of a key

std::uint64_t system_chance() {
  const trace::SpanId id = trace::new_span_id();
  std::uint64_t bits = 0;
  std::memcpy(&bits, id.bytes.data(), sizeof bits);
  return bits;
}

}  // namespace

QueueShipper::QueueShipper(Parts parts)
    : parts_(std::move(parts)), options_(parts_.options), clock_(*parts_.clock), worker_(std::make_unique<Worker>()),
      due_records_(std::min(options_.batch.max_records, options_.queue.max_records / 2 + 1)),
      due_bytes_(std::min(options_.batch.max_bytes, options_.queue.max_bytes / 2 + 1)), queue_(options_.queue),
      delivery_(options_.retry, options_.queue.on_full == Overflow::spool, parts_.chance ? parts_.chance : &system_chance) {
  if (!options_.dead_letters.folder.empty()) dead_letters_ = std::make_unique<DeadLetterWriter>(options_.dead_letters, clock_);
  if (options_.queue.on_full != Overflow::spool) return;
  spool_ = std::make_unique<Spool>(options_.spool, clock_);
  counts_.recovered = spool_->records();
  counts_.accepted = counts_.recovered + spool_->corrupt();
  next_sequence_ = spool_->next_sequence();
  seals_ = spool_->seals() && spool_->usable();
  if (!spool_->usable()) counts_.last_error = spool_->last_error();
  if (counts_.recovered != 0 && parts_.threaded) start_thread();
}

QueueShipper::~QueueShipper() { end({}); }

void QueueShipper::write(const log::MaskedLine& line) noexcept {
  if (line.local()) return;
  const bool fits = line.text().size() <= options_.batch.max_bytes;
  // Outside the lock: keys may take their time, and the others' lines need not wait for them.
  std::optional<Result<std::string>> sealed;
  if (fits && seals_.load(std::memory_order_relaxed)) sealed = seal(line.text());
  std::unique_lock lock(mutex_);
  ++counts_.accepted;
  try {
    if (ended_) {
      ++counts_.dropped_ended;
    } else if (!fits) {
      ++counts_.dropped_oversize;
    } else if (!accept(line.text(), sealed, lock)) {
      ++counts_.dropped_full;
    }
  } catch (...) {
    ++counts_.dropped_full;  // no memory
  }
}

Result<std::string> QueueShipper::seal(std::string_view line) const noexcept {
  try {
    return spool_->sealed(line);
  } catch (...) {
    return Error(ErrorCode::internal, {});  // no memory
  }
}

bool QueueShipper::push(Store& store, std::string_view line) {
  const Steady now = clock_.now();
  const bool first = store.records() == 0;
  if (!store.push(next_sequence_, Ulid::make(clock_.wall()), line, now)) return false;
  ++next_sequence_;
  if (parts_.threaded && worker_->thread == nullptr) start_thread();
  if (first || store.records() == due_records_ || store.bytes() >= due_bytes_) worker_->wake.notify_one();
  return true;
}

bool QueueShipper::accept(std::string_view line, const std::optional<Result<std::string>>& sealed, std::unique_lock<std::mutex>& lock) {
  if (spool_ != nullptr && !forked_) {
    const bool storable = sealed ? sealed->has_value() : !spool_->seals();
    if (storable && push(*spool_, sealed ? std::string_view(**sealed) : line)) return true;
    if (storable && spool_->full()) return false;
    if (sealed && !storable) spool_->refuse(sealed->error());
    ++counts_.spool_failures;
    counts_.last_error = spool_->last_error();
  }
  if (push(queue_, line)) return true;
  switch (options_.queue.on_full) {
    case Overflow::drop_old:
      counts_.dropped_full += queue_.make_room(line.size());
      return push(queue_, line);
    case Overflow::block: return wait_for_room(line.size(), lock) && !ended_ && push(queue_, line);
    default: return false;
  }
}

bool QueueShipper::wait_for_room(std::size_t size, std::unique_lock<std::mutex>& lock) {
  const Steady now = clock_.now();
  if (now < stalled_until_ || !parts_.threaded) return false;
  flush_to_ = std::max(flush_to_, next_sequence_ - 1);  // who waits here waits for the next request
  worker_->wake.notify_one();
  Worker& worker = *worker_;
  const bool room = worker.room.wait_for(lock, options_.queue.block_timeout, [&] { return ended_ || queue_.has_room(size); });
  if (!room) stalled_until_ = clock_.now() + std::chrono::seconds(1);
  return room;
}

void QueueShipper::start_thread() {
  worker_->thread = std::make_unique<std::thread>([this] { run(); });
  ::pthread_setname_np(worker_->thread->native_handle(), "pii-ship");
}

void QueueShipper::run() {
  std::unique_lock lock(mutex_);
  Worker& worker = *worker_;
  while (!worker.stop) {
    Steady next = {};
    try {
      next = step(lock);
    } catch (...) {
      next = clock_.now() + std::chrono::seconds(1);  // no memory: later
      if (!lock.owns_lock()) lock.lock();
    }
    if (worker.stop) break;
    const Steady now = clock_.now();
    if (next == kNever) {
      worker.wake.wait(lock);
    } else if (next > now) {
      worker.wake.wait_for(lock, next - now);
    }
  }
}

Steady QueueShipper::pump() {
  std::unique_lock lock(mutex_);
  return step(lock);
}

// Without the lock. What cannot be opened now is the spool's again.
std::vector<Record> QueueShipper::opened(std::vector<Record> stored, std::unique_lock<std::mutex>& lock) {
  if (std::none_of(stored.begin(), stored.end(), &Spool::is_sealed)) return stored;
  const Worker& worker = *worker_;
  opening_ = stored.size();
  opening_first_ = stored.front().sequence;
  lock.unlock();
  const Opening opening = open_lines(stored, *spool_, worker.stop);
  lock.lock();
  opening_ = 0;
  if (opening.opened < stored.size()) {
    spool_->put_back(std::span(stored).subspan(opening.opened));
    look_again_ = clock_.now() + std::max<Steady::duration>(options_.batch.max_age, kKeyPause);
  }
  counts_.dropped_corrupt += opening.lost;
  stored.resize(opening.opened);
  if (opening.opened == 0 && opening.lost > 0) spool_->settle();  // no answer will
  if (opening.why) {
    try {
      spool_->refuse(*opening.why);
      counts_.last_error = spool_->last_error();
    } catch (...) {
      // No memory for the words.
    }
  }
  return stored;
}

bool QueueShipper::load(Steady now, std::unique_lock<std::mutex>& lock) {
  for (Store* store : {static_cast<Store*>(&queue_), static_cast<Store*>(spool_.get())}) {
    if (store == nullptr || store->records() == 0 || now < due_of(*store)) continue;
    const std::size_t before = store->records();
    std::vector<Record> batch = store->take(options_.batch.max_records, options_.batch.max_bytes);
    counts_.dropped_corrupt += before - store->records() - batch.size();
    if (store == spool_.get() && !batch.empty()) batch = opened(std::move(batch), lock);
    if (batch.empty()) {
      worker_->settled.notify_all();
      continue;
    }
    from_ = store;
    delivery_.load(std::move(batch), now);
    return true;
  }
  return false;
}

Steady QueueShipper::due_of(const Store& store) const noexcept {
  const bool enough = store.records() >= due_records_ || store.bytes() >= due_bytes_ || store.first_sequence() <= flush_to_;
  const Steady due = enough ? Steady() : store.oldest() + options_.batch.max_age;
  return &store == spool_.get() ? std::max(due, look_again_) : due;
}

Steady QueueShipper::step(std::unique_lock<std::mutex>& lock) {
  const Steady now = clock_.now();
  Steady next = spool_ != nullptr && !forked_ ? spool_->sync_if_due(now) : kNever;
  if (delivery_.empty() && !load(now, lock)) {
    each_waiting([&](const Store& store) { next = std::min(next, due_of(store)); });
    return next;
  }
  if (worker_->stop) return kNever;
  if (now < delivery_.due()) return std::min(next, delivery_.due());

  Worker& worker = *worker_;
  if (worker.transport == nullptr) worker.transport = parts_.transport();
  Transport& transport = *worker.transport;
  const std::span<const Record> piece = delivery_.piece();
  ++counts_.requests;
  lock.unlock();
  body_.clear();
  parts_.protocol->encode(piece, body_);
  const Response response = transport.send(body_);
  const Judgement judgement = judge(*parts_.protocol, response, piece);
  lock.lock();
  if (response.failure == Failure::cancelled) return kNever;
  if (!judgement.reason.empty()) {
    ++counts_.failed_requests;
    counts_.last_error = judgement.reason;
  }
  auto outcome = delivery_.apply(judgement, response, clock_.now());
  settle(outcome, judgement.reason);
  return delivery_.empty() ? clock_.now() : delivery_.due();
}

void QueueShipper::settle(Delivery::Outcome& outcome, const std::string& reason) {
  counts_.sent += outcome.sent;
  counts_.rejected += outcome.unnamed;
  counts_.duplicates += outcome.duplicates;
  counts_.retried += outcome.retried;
  for (const Delivery::Refused& refused : outcome.refused) {
    if (dead_letters_ != nullptr && dead_letters_->store(refused.record, options_.name, reason, outcome.attempts)) {
      ++counts_.dead_lettered;
    } else {
      ++(refused.exhausted ? counts_.dropped_exhausted : counts_.rejected);
    }
  }
  if (delivery_.empty() && from_ != nullptr) {
    from_->settle();
    from_ = nullptr;
  }
  worker_->room.notify_all();
  worker_->settled.notify_all();
}

std::uint64_t QueueShipper::first_unsettled() const noexcept {
  std::uint64_t first = next_sequence_;
  if (!delivery_.empty()) first = std::min(first, delivery_.first_sequence());
  if (opening_ != 0) first = std::min(first, opening_first_);
  each_waiting([&](const Store& store) { first = std::min(first, store.first_sequence()); });
  return first;
}

bool QueueShipper::flush(std::chrono::milliseconds deadline) noexcept {
  std::unique_lock lock(mutex_);
  const std::uint64_t target = next_sequence_ - 1;
  const auto done = [&] { return first_unsettled() > target; };
  if (done() || ended_) return done();
  flush_to_ = std::max(flush_to_, target);
  look_again_ = {};
  delivery_.hurry(clock_.now());
  try {
    if (parts_.threaded && worker_->thread == nullptr && !ended_) start_thread();
  } catch (...) {
    return false;
  }
  worker_->wake.notify_one();
  return worker_->settled.wait_for(lock, deadline, done);
}

void QueueShipper::stop_thread() noexcept {
  std::unique_ptr<std::thread> thread;
  {
    const std::lock_guard lock(mutex_);
    worker_->stop = true;
    if (worker_->transport != nullptr) worker_->transport->cancel();
    thread = std::move(worker_->thread);
    worker_->wake.notify_all();
    worker_->room.notify_all();
  }
  if (thread != nullptr) thread->join();
}

// What is in memory and was not sent is lost; what is on disk is for the next process.
void QueueShipper::give_up_rest() noexcept {
  if (from_ != static_cast<Store*>(spool_.get())) {
    counts_.dropped_ended += delivery_.records();
    delivery_.clear();
    from_ = nullptr;
  }
  counts_.dropped_ended += queue_.records();
  queue_.clear();
  if (spool_ != nullptr) spool_->close();
  worker_->settled.notify_all();
}

void QueueShipper::end(std::chrono::milliseconds left) noexcept {
  const Steady end = clock_.now() + std::min<std::chrono::milliseconds>(left, kLongestFinish);
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = true;
    seals_ = false;
  }
  stop_thread();
  if (worker_->transport != nullptr) {
    left = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock_.now());
    worker_->transport->finish(std::max(left, std::chrono::milliseconds(0)));
  }
  const std::lock_guard lock(mutex_);
  give_up_rest();
}

// What is on disk is safe there.
void QueueShipper::crashed(int dump) noexcept {
  if (dump < 0 || !log::in_handler::lock(mutex_)) return;
  const auto write = [&](const Record& record) { log::in_handler::write(dump, record.line); };
  if (from_ != static_cast<Store*>(spool_.get())) delivery_.each(write);
  queue_.each(write);
  mutex_.unlock();
}

void QueueShipper::before_fork() noexcept { mutex_.lock(); }

// The child's copy of what waits belongs to the parent, and so do the connection, the thread and the folder on disk.
void QueueShipper::after_fork(bool in_child) noexcept {
  if (in_child) {
    static_cast<void>(worker_.release());
    worker_.reset(new Worker);
    queue_.clear();
    delivery_.clear();
    from_ = nullptr;
    opening_ = 0;
    forked_ = true;
    seals_ = false;
    if (spool_ != nullptr) spool_->forget();
    if (dead_letters_ != nullptr) dead_letters_->forget();
    counts_ = {};
  }
  mutex_.unlock();
}

Counts QueueShipper::shipping() const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  const bool from_spool = from_ != nullptr && from_ == static_cast<Store*>(spool_.get());
  counts.queued = queue_.records() + (from_spool ? 0 : delivery_.records());
  counts.spooled = (spool_ != nullptr ? spool_->records() : 0) + (from_spool ? delivery_.records() : 0) + opening_;
  if (spool_ != nullptr) counts.dropped_corrupt += spool_->corrupt();
  each_waiting([&](const Store& store) {
    counts.oldest_age = std::max(counts.oldest_age, std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - store.oldest()));
  });
  return counts;
}

log::SinkCounts QueueShipper::counts() const noexcept {
  log::SinkCounts out;
  try {
    const Counts counts = shipping();
    out.accepted = counts.accepted;
    out.written = counts.sent;
    out.buffered = counts.queued + counts.spooled;
    out.dropped = counts.dropped();
    out.failed = counts.rejected + counts.dead_lettered;
  } catch (...) {
    // No memory for the words of the last error.
  }
  return out;
}

}  // namespace pii::ship
