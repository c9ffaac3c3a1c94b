#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "stream/batch.hpp"
#include "stream/row_format.hpp"
#include "stream/sink.hpp"
#include "stream/source.hpp"

namespace piictl::stream {

/// Works off one chunk after the other. All its memory is reused.
class Worker {
 public:
  /// `max_output`: how many bytes of output to hold back until it is this worker's turn to write.
  Worker(const RowFormat& format, std::unique_ptr<ValueOperation> operation, Sink& sink,
         std::size_t max_output);

  /// Bytes to write before the first chunk's rows.
  Buffer& output() noexcept { return piece_.output; }
  /// Turns the chunk, from `begin` on, into output and hands it to the sink. False when the run is over.
  bool process(const Chunk& chunk, std::size_t begin);

 private:
  bool process_rows(std::string_view rows);
  bool apply();
  void write_block();
  /// Appends the row with its results; when it fails, nothing.
  RowFault write_row(const Row& row, std::size_t first_splice);
  void count_notes(const Row& row, std::size_t first_splice, bool written);
  void add_failure(const Row& row, const RowFault& failed);
  void add_defect(std::string_view text, const Defect& defect);
  /// Hands over what is ready, when it is this worker's turn.
  bool flush();
  bool flush_when_much();

  const RowFormat& format_;
  std::unique_ptr<ValueOperation> operation_;
  Sink& sink_;
  std::size_t max_output_;
  std::uint64_t sequence_ = 0;
  bool in_turn_ = false;
  Block block_;
  Piece piece_;
};

}  // namespace piictl::stream
