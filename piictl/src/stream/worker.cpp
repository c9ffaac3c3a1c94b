#include "stream/worker.hpp"

#include <utility>

namespace piictl::stream {
namespace {

constexpr std::size_t kMaxHeldFailures = 4096;

}  // namespace

Worker::Worker(const RowFormat& format, std::unique_ptr<ValueOperation> operation, Sink& sink,
               std::size_t max_output)
    : format_(format), operation_(std::move(operation)), sink_(sink), max_output_(max_output) {
  for (std::size_t target = 0; target < format_.targets(); ++target) block_.batches.emplace_back(target);
}

bool Worker::process(const Chunk& chunk, std::size_t begin) {
  sequence_ = chunk.sequence;
  in_turn_ = false;
  piece_.bytes_in += begin;
  for (const Defect& defect : chunk.defects) {
    if (!process_rows(chunk.text.substr(begin, defect.begin - begin))) return false;
    add_defect(chunk.text, defect);
    begin = defect.next;
    if (!flush_when_much()) return false;
  }
  if (!process_rows(chunk.text.substr(begin)) || !flush()) return false;
  // What a very long row needed is given back before another worker may read the next one.
  block_.clear();
  piece_.output.shrink(2 * max_output_);
  sink_.leave();
  return true;
}

bool Worker::process_rows(std::string_view rows) {
  while (!rows.empty()) {
    block_.clear();
    piece_.inside_row = false;
    const std::size_t taken = format_.scan(rows, block_);
    if (!apply()) return false;
    write_block();
    piece_.bytes_in += taken;
    rows.remove_prefix(taken);
    if (!flush_when_much()) return false;
  }
  return true;
}

bool Worker::apply() {
  for (ValueBatch& values : block_.batches) {
    if (values.size() == 0) continue;
    values.prepare();
    if (auto applied = operation_->apply(values); !applied) {
      // The rows before are good and are written before the run ends.
      if (flush()) sink_.abort(applied.error());
      return false;
    }
  }
  return true;
}

void Worker::write_block() {
  std::size_t first_splice = 0;
  auto known = block_.faults.begin();
  for (std::size_t i = 0; i < block_.rows.size(); ++i) {
    const Row& row = block_.rows[i];
    ++piece_.rows;
    RowFault failed = {i, {}};
    if (known != block_.faults.end() && known->row == i) {
      failed = *known++;
    } else {
      failed = write_row(row, first_splice);
    }
    count_notes(row, first_splice, !failed.fault);
    if (failed.fault) add_failure(row, failed);
    first_splice = row.splices_end;
  }
}

RowFault Worker::write_row(const Row& row, std::size_t first_splice) {
  Buffer& out = piece_.output;
  const std::size_t row_begin = out.size();
  std::size_t written = 0;
  std::size_t values = 0;
  for (std::size_t i = first_splice; i < row.splices_end; ++i) {
    const Splice& splice = block_.splices[i];
    const ValueBatch& batch = block_.batches[splice.target];
    Fault fault;
    if (splice.value != Splice::kNoValue) {
      ++values;
      const pii::ErrorCode code = batch.code(splice.value);
      if (code != pii::ErrorCode::ok) fault = {code, batch.reason(splice.value)};
    }
    if (!fault) {
      const auto begin = static_cast<std::size_t>(splice.original.data() - row.text.data());
      out.append(row.text.substr(written, begin - written));
      fault = format_.encode(batch, splice, out);
      written = begin + splice.original.size();
    }
    if (fault) {
      out.set_size(row_begin);
      return {0, fault, splice.target};
    }
  }
  out.append({row.text.data() + written, row.text.size() + row.terminator_size - written});
  piece_.values += values;
  return {0, {}};
}

void Worker::count_notes(const Row& row, std::size_t first_splice, bool written) {
  const auto count = [this](std::uint32_t slot) {
    if (slot == ValueBatch::kNoSlot) return;
    if (piece_.notes.size() <= slot) piece_.notes.resize(slot + 1);
    ++piece_.notes[slot];
  };
  for (std::size_t i = first_splice; i < row.splices_end; ++i) {
    const Splice& splice = block_.splices[i];
    if (splice.value == Splice::kNoValue) continue;
    const ValueBatch::Note note = block_.batches[splice.target].noted(splice.value);
    count(note.seen);
    if (written) count(note.made);
  }
}

void Worker::add_failure(const Row& row, const RowFault& failed) {
  const std::size_t before = piece_.reasons.size();
  if (failed.target != RowFault::kNoTarget) {
    const std::string_view name = format_.target_name(failed.target);
    piece_.reasons += name;
    if (!name.empty()) piece_.reasons += ": ";
  }
  append_to(piece_.reasons, failed.fault);
  piece_.failures.push_back({.rows_before = piece_.rows,
                             .code = failed.fault.code,
                             .reason_size = piece_.reasons.size() - before,
                             .original = row.text,
                             .continued = false,
                             .more = false});
  if (format_.keeps_failed_rows())
    piece_.output.append({row.text.data() + row.text.size(), row.terminator_size});
}

void Worker::add_defect(std::string_view text, const Defect& defect) {
  const std::size_t before = piece_.reasons.size();
  append_to(piece_.reasons, defect.fault);
  if (!defect.continued) ++piece_.rows;
  piece_.failures.push_back({.rows_before = piece_.rows,
                             .code = defect.fault.code,
                             .reason_size = piece_.reasons.size() - before,
                             .original = text.substr(defect.begin, defect.end - defect.begin),
                             .continued = defect.continued,
                             .more = defect.more});
  piece_.inside_row = defect.more;
  piece_.bytes_in += defect.next - defect.begin;
  if (format_.keeps_failed_rows()) piece_.output.append(text.substr(defect.end, defect.next - defect.end));
}

bool Worker::flush_when_much() {
  const bool much = piece_.output.size() >= max_output_ || piece_.failures.size() >= kMaxHeldFailures;
  return !much || flush();
}

bool Worker::flush() {
  if (!in_turn_ && !sink_.enter(sequence_)) return false;
  in_turn_ = true;
  return sink_.take(piece_);
}

}  // namespace piictl::stream
