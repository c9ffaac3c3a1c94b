#include "stream/byte_block.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace piictl::stream {
namespace {

TEST(ByteBlock, masks_agree_with_a_loop) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size <= 130; ++size) {
    std::string text(size, '\0');
    for (char& c : text) c = "\0,\"\n\xFFx"[random() % 6];
    for (std::size_t offset = 0; offset <= size; ++offset) {
      const ByteBlock block(text, offset);
      const std::size_t expected_size = std::min<std::size_t>(64, size - offset);
      ASSERT_EQ(block.size(), expected_size);
      for (const char wanted : {'\0', ',', '"', '\n', '\xFF'}) {
        std::uint64_t expected = 0;
        for (std::size_t i = 0; i < expected_size; ++i) {
          expected |= std::uint64_t{text[offset + i] == wanted} << i;
        }
        ASSERT_EQ(block.equal(wanted), expected) << "size " << size << " offset " << offset;
      }
    }
  }
}

TEST(ByteBlock, prefix_xor_agrees_with_a_loop) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 1000; ++round) {
    const std::uint64_t bits = random() & random();
    std::uint64_t expected = 0;
    bool odd = false;
    for (int i = 0; i < 64; ++i) {
      odd ^= ((bits >> i) & 1) != 0;
      expected |= std::uint64_t{odd} << i;
    }
    ASSERT_EQ(prefix_xor(bits), expected);
  }
}

}  // namespace
}  // namespace piictl::stream
