#include "stream/fault.hpp"

namespace piictl::stream {

void append_to(std::string& out, const Fault& fault) {
  out += fault.before;
  if (fault.number != Fault::kNoNumber) out += std::to_string(fault.number);
  out += fault.after;
}

std::string to_string(const Fault& fault) {
  std::string text;
  append_to(text, fault);
  return text;
}

}  // namespace piictl::stream
