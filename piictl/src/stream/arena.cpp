#include "stream/arena.hpp"

#include <algorithm>
#include <functional>

namespace piictl::stream {

std::span<char> Arena::room(std::size_t size) {
  while (current_ < blocks_.size() && blocks_[current_].capacity() - blocks_[current_].size() < size)
    ++current_;
  if (current_ == blocks_.size()) {
    blocks_.emplace_back();
    blocks_.back().reserve(std::max(size, kBlockSize));
  }
  Buffer& block = blocks_[current_];
  room_ = {block.data() + block.size(), block.capacity() - block.size()};
  return room_.first(size);
}

std::string_view Arena::keep(std::string_view text) {
  const char* end = text.data() + text.size();
  const std::less_equal<const char*> not_after;
  const bool in_room =
      !room_.empty() && not_after(room_.data(), text.data()) && not_after(end, room_.data() + room_.size());
  if (in_room) {
    Buffer& block = blocks_[current_];
    block.set_size(static_cast<std::size_t>(end - block.data()));
    room_ = {};
    return text;
  }
  char* copy = allocate(text.size());
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

char* Arena::allocate(std::size_t size) {
  char* data = room(size).data();
  blocks_[current_].set_size(blocks_[current_].size() + size);
  room_ = {};
  return data;
}

void Arena::clear() noexcept {
  std::erase_if(blocks_, [](const Buffer& block) { return block.capacity() > kBlockSize; });
  for (Buffer& block : blocks_) block.clear();
  current_ = 0;
  room_ = {};
}

}  // namespace piictl::stream
