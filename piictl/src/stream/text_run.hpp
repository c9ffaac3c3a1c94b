#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "stream/batch.hpp"
#include "stream/splitter.hpp"

namespace piictl::stream {

/// What is done to a text that is rewritten as a whole. One object a worker thread, so it needs no locks.
class TextTransform {
 public:
  virtual ~TextTransform() = default;
  /// Appends what takes the place of whole lines (only the last of a stream may lack its end). Returns how
  /// many there were.
  virtual std::uint64_t lines(std::string_view lines, std::string& out) = 0;
  /// The same for one JSON text that may span lines.
  virtual void document(std::string_view document, std::string& out) = 0;
  /// Appends what takes the place of a row that cannot be read as one; `row` are its last bytes, without
  /// terminator.
  virtual void defect(const Defect& defect, std::string_view row, std::string& out) = 0;
};

/// Rewrites a stream with one worker for each transform, order kept, in constant memory. A pipe that pauses
/// is answered line by line. The first part of the stream is the first transform's, and no other is called
/// before it is done. Of the options, `threads`, `apply_to_empty` and `on_failure` mean nothing here. Blocks
/// until done; SIGPIPE must be ignored by the caller.
Outcome rewrite_text(std::unique_ptr<Splitter> splitter,
                     std::span<const std::unique_ptr<TextTransform>> transforms, const Options& options);

}  // namespace piictl::stream
