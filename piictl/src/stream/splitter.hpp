#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "stream/fault.hpp"

namespace piictl::stream {

/// A row that is known to fail before it is read as a row: too long, or csv with a broken quote.
struct Defect {
  std::size_t begin;
  std::size_t end;   ///< Behind the row's bytes.
  std::size_t next;  ///< Behind its terminator.
  Fault fault;
  bool continued = false;  ///< These are more bytes of the row that the part before ended with.
  bool more = false;       ///< The row goes on in the next part; end and next are the same.
};

/// Cuts a stream of bytes where rows end, so that the parts can be worked on side by side. One object a
/// stream.
class Splitter {
 public:
  virtual ~Splitter() = default;

  /// Size of the leading part of `text` that consists of whole rows and of pieces of rows too long to be
  /// held; 0 when more bytes are needed. `text` begins where the part returned last ended; it may show less
  /// of what follows than the text before did. Rows that fail are added to `defects`, in order. Needs never
  /// more than max_line + 2 bytes without an answer. With `at_end` there are no more bytes to come, and only
  /// an empty text gives 0.
  virtual std::size_t split(std::string_view text, bool at_end, std::vector<Defect>& defects) = 0;
  /// Whether the parts that split() has returned are JSON texts, which may span lines.
  virtual bool splits_documents() const noexcept { return false; }
};

}  // namespace piictl::stream
