#include "stream/line_splitter.hpp"

#include <algorithm>

namespace piictl::stream {

std::size_t LineSplitter::split(std::string_view text, bool at_end, std::vector<Defect>& defects) {
  std::size_t cut = 0;
  if (long_row_.open()) {
    cut = long_row_.resume(text, at_end, defects);
    if (long_row_.open()) return cut;
  }
  const std::size_t from = std::max(cut, std::min(searched_, text.size()));
  const std::size_t newline = text.substr(from).rfind('\n');
  if (newline != std::string_view::npos) cut = from + newline + 1;
  if (at_end) {
    cut = text.size();
  } else if (text.size() - cut > max_line_ + 1) {
    cut = long_row_.begin(text, cut, at_end, too_long(max_line_), defects);
  }
  searched_ = text.size() - cut;
  return cut;
}

}  // namespace piictl::stream
