// The index of a JSON text: every implementation the same positions and bits, at any alignment.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "mask/json_index.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace mask = pii::mask;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto implementations = mask::index_implementations();
  std::vector<std::uint32_t> expected(size + 64), out(size + 64);
  const std::size_t blocks = (size + 63) / 64;
  std::vector<mask::BlockBits> expected_bits(blocks + 1), bits(blocks + 1);
  const mask::Reader reader = size % 2 == 0 ? mask::Reader::detectors : mask::Reader::ecsctx;
  const std::size_t count = implementations.front().build(text, reader, expected.data(), expected_bits.data());
  for (const mask::IndexImplementation& implementation : implementations) {
    for (const std::size_t shift : {0U, 1U, 31U, 63U}) {
      // The text ends where the memory does.
      const std::vector<char> moved = [&] {
        std::vector<char> room(shift, '"');
        room.insert(room.end(), text.begin(), text.end());
        return room;
      }();
      if (implementation.build({moved.data() + shift, size}, reader, out.data(), bits.data()) != count) std::abort();
      if (count == mask::kNoJson) continue;
      for (std::size_t i = 0; i < count; ++i) {
        if (out[i] != expected[i] || out[i] >= size) std::abort();
      }
      if (std::memcmp(bits.data(), expected_bits.data(), blocks * sizeof(mask::BlockBits)) != 0) std::abort();
    }
  }
  return 0;
}
