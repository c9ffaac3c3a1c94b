#include "ship/store.hpp"

namespace pii::ship {

bool Queue::has_room(std::size_t size) const noexcept {
  return waiting_.size() + taken_records_ < policy_.max_records && bytes_ + taken_bytes_ + size <= policy_.max_bytes;
}

bool Queue::push(std::uint64_t sequence, const Ulid& id, std::string_view line, Steady now) {
  if (!has_room(line.size())) return false;
  waiting_.push_back({{sequence, id, std::string(line)}, now});
  bytes_ += line.size();
  return true;
}

std::uint64_t Queue::make_room(std::size_t size) {
  std::uint64_t dropped = 0;
  while (!has_room(size) && !waiting_.empty()) {
    bytes_ -= waiting_.front().record.line.size();
    waiting_.pop_front();
    ++dropped;
  }
  return dropped;
}

std::vector<Record> Queue::take(std::size_t max_records, std::size_t max_bytes) {
  std::vector<Record> batch;
  std::size_t size = 0;
  while (!waiting_.empty() && batch.size() < max_records && (batch.empty() || size + waiting_.front().record.line.size() <= max_bytes)) {
    size += waiting_.front().record.line.size();
    batch.push_back(std::move(waiting_.front().record));
    waiting_.pop_front();
  }
  bytes_ -= size;
  taken_records_ += batch.size();
  taken_bytes_ += size;
  return batch;
}

void Queue::clear() noexcept {
  waiting_.clear();
  bytes_ = 0;
  settle();
}

}  // namespace pii::ship
