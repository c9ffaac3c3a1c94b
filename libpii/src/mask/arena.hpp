#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace pii::mask {

/// Memory for what one event needs for a while. Blocks are kept from event to event, so that the steady state does not
/// allocate. What was handed out stays in place until reset().
class Arena {
 public:
  template <class T>
  T* make(std::size_t count) {
    static_assert(alignof(T) <= alignof(std::max_align_t));
    return reinterpret_cast<T*>(take(count * sizeof(T), alignof(T)));
  }
  std::string_view copy(std::string_view text) {
    char* place = make<char>(text.size());
    text.copy(place, text.size());
    return {place, text.size()};
  }
  void reset() noexcept {
    // One large event must not hold its memory for ever.
    if (blocks_.size() > kKept) blocks_.resize(kKept);
    current_ = 0;
    used_ = 0;
  }
  /// Gives all memory back.
  void give_back() noexcept {
    std::vector<Block>().swap(blocks_);
    current_ = 0;
    used_ = 0;
  }

 private:
  static constexpr std::size_t kBlockSize = std::size_t{64} << 10;
  static constexpr std::size_t kKept = 4;
  struct Block {
    std::unique_ptr<std::byte[]> data;
    std::size_t size;
  };

  std::byte* take(std::size_t size, std::size_t alignment) {
    std::size_t begin = (used_ + alignment - 1) & ~(alignment - 1);
    if (current_ == blocks_.size() || begin > blocks_[current_].size || blocks_[current_].size - begin < size) {
      go_on(size);
      begin = 0;
    }
    used_ = begin + size;
    return blocks_[current_].data.get() + begin;
  }
  // To the next block with room for so much.
  void go_on(std::size_t size) {
    used_ = 0;
    if (current_ < blocks_.size()) ++current_;
    while (current_ < blocks_.size() && blocks_[current_].size < size) ++current_;
    if (current_ < blocks_.size()) return;
    const std::size_t block = size > kBlockSize ? size : kBlockSize;
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(block), block});
  }

  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
};

}  // namespace pii::mask
