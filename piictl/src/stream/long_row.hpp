#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "stream/splitter.hpp"

namespace piictl::stream {

/// What follows a row that failed too early to be held: its bytes are passed on in pieces until its line
/// ends.
class LongRow {
 public:
  bool open() const noexcept { return open_; }
  /// Begins a defect at `begin` that goes on to the next newline. Returns where the rows after it begin, or
  /// where the text to pass on ends.
  std::size_t begin(std::string_view text, std::size_t begin, bool at_end, const Fault& fault,
                    std::vector<Defect>& defects);
  /// Goes on with it from the start of `text`.
  std::size_t resume(std::string_view text, bool at_end, std::vector<Defect>& defects);

 private:
  std::size_t take(std::string_view text, bool at_end, Defect defect, std::vector<Defect>& defects);

  bool open_ = false;
};

}  // namespace piictl::stream
