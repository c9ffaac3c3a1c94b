// The index of a JSON text: every implementation the same positions and bits, at any alignment.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "mask/json_index.hpp"

namespace {

constexpr std::size_t kArrays = 4;

// Room for the bits of `blocks` blocks, and not more than is promised.
struct Bits {
  explicit Bits(std::size_t blocks) : room((blocks + 7) / 8 * 8), words(kArrays * room) {}
  std::uint64_t* array(std::size_t i) { return words.data() + i * room; }
  pii::mask::BlockBits view() { return {array(0), array(1), array(2), array(3)}; }

  std::size_t room;
  std::vector<std::uint64_t> words;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace mask = pii::mask;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto implementations = mask::index_implementations();
  std::vector<std::uint32_t> expected(size + 64), out(size + 64);
  const std::size_t blocks = (size + 63) / 64;
  Bits expected_bits(blocks), bits(blocks);
  const mask::Reader reader = size % 2 == 0 ? mask::Reader::detectors : mask::Reader::ecsctx;
  const std::size_t count = implementations.front().build(text, reader, expected.data(), expected_bits.view());
  for (const mask::IndexImplementation& implementation : implementations) {
    for (const std::size_t shift : {0U, 1U, 31U, 63U}) {
      // The text ends where the memory does.
      const std::vector<char> moved = [&] {
        std::vector<char> room(shift, '"');
        room.insert(room.end(), text.begin(), text.end());
        return room;
      }();
      if (implementation.build({moved.data() + shift, size}, reader, out.data(), bits.view()) != count) std::abort();
      if (count == mask::kNoJson) continue;
      for (std::size_t i = 0; i < count; ++i) {
        if (out[i] != expected[i] || out[i] >= size) std::abort();
      }
      for (std::size_t i = 0; i < kArrays; ++i) {
        if (blocks != 0 && std::memcmp(bits.array(i), expected_bits.array(i), blocks * sizeof(std::uint64_t)) != 0) std::abort();
      }
    }
  }
  return 0;
}
