#include <pthread.h>
#include <sys/random.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "pii/logging/trace.hpp"
#include "trace/hex.hpp"

namespace pii::trace {

namespace {

// A child must not repeat its parent's ids: what was read ahead belongs to one process.
std::atomic<std::uint64_t> process_generation{1};
void forget_in_child() noexcept { process_generation.fetch_add(1, std::memory_order_relaxed); }
// Before anybody else's handler, which may want an id.
[[gnu::constructor(1000)]] void watch_forks() { ::pthread_atfork(nullptr, nullptr, &forget_in_child); }

void system_random(void* out, std::size_t size) noexcept {
  auto* at = static_cast<char*>(out);
  while (size > 0) {
    const ssize_t got = ::getrandom(at, size, 0);
    if (got < 0 && errno != EINTR) std::abort();  // a kernel without getrandom: there is no safe way on
    if (got <= 0) continue;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

struct Buffer {
  std::uint64_t generation = 0;
  std::size_t used = sizeof bytes;
  std::uint8_t bytes[512] = {};
};

void random_bytes(std::span<std::uint8_t> out) noexcept {
  thread_local constinit Buffer buffer;
  const std::uint64_t now = process_generation.load(std::memory_order_relaxed);
  if (buffer.generation != now || buffer.used + out.size() > sizeof buffer.bytes) {
    system_random(buffer.bytes, sizeof buffer.bytes);
    buffer.generation = now;
    buffer.used = 0;
  }
  std::memcpy(out.data(), buffer.bytes + buffer.used, out.size());
  buffer.used += out.size();
}

template <class Id>
Id new_id() {
  Id id;
  do {
    random_bytes(id.bytes);
  } while (!id.valid());
  return id;
}

template <class Id>
std::string hex(const Id& id) {
  std::string text(2 * id.bytes.size(), '0');
  write_hex(id.bytes, text.data());
  return text;
}

template <class Id>
std::optional<Id> parse_id(std::string_view text) noexcept {
  Id id;
  if (!read_hex(text, id.bytes) || !id.valid()) return std::nullopt;
  return id;
}

}  // namespace

std::string to_string(const TraceId& id) { return hex(id); }
std::string to_string(const SpanId& id) { return hex(id); }
std::optional<TraceId> parse_trace_id(std::string_view text) noexcept { return parse_id<TraceId>(text); }

std::optional<SpanId> parse_span_id(std::string_view text) noexcept {
  constexpr std::size_t kUuid = 36;
  if (text.size() != kUuid) return parse_id<SpanId>(text);
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  char first[16];
  std::memcpy(first, text.data(), 8);
  std::memcpy(first + 8, text.data() + 9, 4);
  std::memcpy(first + 12, text.data() + 14, 4);
  return parse_id<SpanId>({first, sizeof first});
}

TraceId new_trace_id() { return new_id<TraceId>(); }
SpanId new_span_id() { return new_id<SpanId>(); }

SpanContext new_root(std::uint8_t flags) { return {new_trace_id(), new_span_id(), flags, {}}; }
SpanContext new_child(const SpanContext& parent) {
  return {parent.trace_id, new_span_id(), parent.flags, parent.state};
}

}  // namespace pii::trace
