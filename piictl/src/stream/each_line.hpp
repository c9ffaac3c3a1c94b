#pragma once

#include <cstddef>
#include <string_view>

#include "stream/byte_block.hpp"

namespace piictl::stream {

/// Calls take(line, terminator_size) for each line, until it returns false. The terminator is LF, CRLF, or at
/// the end of the text nothing. Returns how many bytes were taken.
template <class Take>
std::size_t each_line(std::string_view text, Take take) {
  std::size_t begin = 0;
  for (std::size_t offset = 0; offset < text.size(); offset += ByteBlock::kSize) {
    const ByteBlock block(text, offset);
    for (std::uint64_t newlines = block.equal('\n'); newlines != 0; newlines &= newlines - 1) {
      const std::size_t newline = offset + static_cast<std::size_t>(__builtin_ctzll(newlines));
      const bool cr = newline > begin && text[newline - 1] == '\r';
      const std::size_t end = newline - (cr ? 1 : 0);
      const bool more = take(text.substr(begin, end - begin), newline + 1 - end);
      begin = newline + 1;
      if (!more) return begin;
    }
  }
  if (begin < text.size()) take(text.substr(begin), 0);
  return text.size();
}

}  // namespace piictl::stream
