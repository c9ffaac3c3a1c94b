#include "stream/long_row.hpp"

namespace piictl::stream {

std::size_t LongRow::begin(std::string_view text, std::size_t begin, bool at_end, const Fault& fault,
                           std::vector<Defect>& defects) {
  return take(text, at_end, {.begin = begin, .end = 0, .next = 0, .fault = fault}, defects);
}

std::size_t LongRow::resume(std::string_view text, bool at_end, std::vector<Defect>& defects) {
  return take(text, at_end, {.begin = 0, .end = 0, .next = 0, .fault = {}, .continued = true}, defects);
}

std::size_t LongRow::take(std::string_view text, bool at_end, Defect defect, std::vector<Defect>& defects) {
  const std::size_t newline = text.find('\n', defect.begin);
  open_ = newline == std::string_view::npos && !at_end;
  if (newline != std::string_view::npos) {
    defect.next = newline + 1;
    defect.end = newline > defect.begin && text[newline - 1] == '\r' ? newline - 1 : newline;
  } else {
    // A CR at the end may be half of a terminator, so it waits for the next part.
    const bool hold = open_ && text.ends_with('\r') && text.size() > defect.begin;
    defect.end = defect.next = text.size() - (hold ? 1 : 0);
    defect.more = open_;
    if (defect.more && defect.continued && defect.end == 0) return 0;
  }
  defects.push_back(defect);
  return defect.next;
}

}  // namespace piictl::stream
