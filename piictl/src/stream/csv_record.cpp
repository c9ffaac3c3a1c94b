#include "stream/csv_record.hpp"

namespace piictl::stream {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

Fault fault_at(std::string_view what, std::size_t offset) {
  return {pii::ErrorCode::malformed_csv, what, offset, {}};
}

Fault never_closed(std::size_t offset) {
  return {pii::ErrorCode::malformed_csv, "the quote at byte offset ", offset, " is not closed"};
}

}  // namespace

CsvRecord read_csv_record(std::string_view text, bool at_end, char delimiter, std::size_t max_line) {
  using Status = CsvRecord::Status;
  enum class At { cell_start, unquoted, quoted, quote_in_quoted } at = At::cell_start;
  std::size_t opened = kNone;
  bool several_lines = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool quoted = at == At::quoted;
    if (!quoted && c == '\n') return {Status::whole, i + 1};
    const bool terminator_cr = !quoted && c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (terminator_cr) return {Status::whole, i + 2};
    if (!quoted && c == '\r' && i + 1 == text.size() && !at_end) return {Status::incomplete};
    if (i == max_line) {
      return {Status::broken, 0, quoted && several_lines ? never_closed(opened) : too_long(max_line)};
    }
    switch (at) {
      case At::cell_start:
      case At::unquoted:
        if (c == delimiter) {
          at = At::cell_start;
        } else if (c != '"') {
          at = At::unquoted;
        } else if (at == At::cell_start) {
          at = At::quoted;
          opened = i;
        } else {
          return {Status::broken, 0, fault_at("a quote inside of an unquoted cell at byte offset ", i)};
        }
        break;
      case At::quoted:
        if (c == '"') at = At::quote_in_quoted;
        several_lines = several_lines || c == '\n';
        break;
      case At::quote_in_quoted:
        if (c == '"') {
          at = At::quoted;
        } else if (c == delimiter) {
          at = At::cell_start;
        } else {
          return {Status::broken, 0, fault_at("text after a closing quote at byte offset ", i)};
        }
        break;
    }
  }
  if (!at_end) return {Status::incomplete};
  if (at == At::quoted) return {Status::broken, 0, never_closed(opened)};
  return {Status::whole, text.size()};
}

CsvQuotes::Step CsvQuotes::step(const ByteBlock& block) noexcept {
  const std::uint64_t newlines = block.equal('\n');
  const std::uint64_t delimiters = block.equal(delimiter_);
  const std::uint64_t quotes = block.equal('"');
  const int last = static_cast<int>(block.size()) - 1;
  if ((quotes | inside_ | closed_ | closed_cr_) == 0) {
    may_open_ = ((newlines | delimiters) >> last) & 1;
    return {newlines, delimiters, false};
  }

  // Bit i of `inside`: behind byte i a quote is open. So an opening quote is inside and a closing one is not.
  const std::uint64_t inside = prefix_xor(quotes) ^ inside_;
  const std::uint64_t opening = quotes & inside;
  const std::uint64_t closing = quotes & ~inside;
  const std::uint64_t ends = (newlines | delimiters) & ~inside;
  const std::uint64_t returns = block.equal('\r');

  const std::uint64_t may_open = ends | closing;  // `""` inside of quotes closes and opens again
  const std::uint64_t behind_closing = (closing << 1) | closed_;
  const std::uint64_t closing_cr = behind_closing & returns;
  const std::uint64_t behind_closing_cr = (closing_cr << 1) | closed_cr_;
  const std::uint64_t in_text = last == 63 ? ~std::uint64_t{0} : (std::uint64_t{2} << last) - 1;
  const bool broken = ((opening & ~((may_open << 1) | may_open_)) |
                       (behind_closing & ~(quotes | newlines | delimiters | returns) & in_text) |
                       (behind_closing_cr & ~newlines & in_text)) != 0;

  inside_ = ((inside >> last) & 1) != 0 ? ~std::uint64_t{0} : 0;
  may_open_ = (may_open >> last) & 1;
  closed_ = (closing >> last) & 1;
  closed_cr_ = (closing_cr >> last) & 1;
  return {newlines & ~inside, delimiters & ~inside, broken};
}

void CsvCells::load() noexcept {
  const ByteBlock block(text_, next_block_);
  const CsvQuotes::Step step = quotes_.step(block);
  ends_ = step.newlines | step.delimiters;
  block_ = next_block_;
  next_block_ += block.size();
}

std::string_view csv_cell_text(std::string_view cell, char* scratch) {
  if (!cell.starts_with('"')) return cell;
  const std::string_view inner = cell.substr(1, cell.size() - 2);
  std::size_t quote = inner.find('"');
  if (quote == kNone) return inner;
  std::size_t from = 0;
  std::size_t size = 0;
  for (; quote != kNone; quote = inner.find('"', from)) {
    size += inner.substr(from, quote + 1 - from).copy(scratch + size, kNone);
    from = quote + 2;
  }
  size += inner.substr(from).copy(scratch + size, kNone);
  return {scratch, size};
}

bool needs_csv_quotes(std::string_view text, char delimiter) noexcept {
  for (std::size_t offset = 0; offset < text.size(); offset += ByteBlock::kSize) {
    const ByteBlock block(text, offset);
    if ((block.equal(delimiter) | block.equal('"') | block.equal('\n') | block.equal('\r')) != 0) return true;
  }
  return false;
}

}  // namespace piictl::stream
