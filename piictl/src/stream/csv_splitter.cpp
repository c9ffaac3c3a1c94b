#include "stream/csv_splitter.hpp"

#include "stream/byte_order_mark.hpp"

namespace piictl::stream {
namespace {

// When a quote turns out not to be closed, more than this that was read behind it is left for the next calls:
// it may be millions of rows, each of them broken too.
constexpr std::size_t kMaxRescan = std::size_t{256} << 10;

}  // namespace

void CsvSplitter::restart(std::size_t offset) noexcept {
  record_ = scanned_ = offset;
  quotes_ = CsvQuotes(delimiter_);
  exact_ = false;
}

bool CsvSplitter::scan(std::string_view text) noexcept {
  while (scanned_ < text.size()) {
    const ByteBlock block(text, scanned_);
    CsvQuotes quotes = quotes_;
    const CsvQuotes::Step step = quotes.step(block);
    const std::size_t block_end = scanned_ + block.size();
    const bool record_ends = step.newlines != 0;
    const std::size_t first_end =
        record_ends ? scanned_ + static_cast<std::size_t>(__builtin_ctzll(step.newlines)) + 1 : block_end;
    // Only the first record of a block can be too long, unless a block is more than is allowed.
    if (step.broken || first_end - record_ > max_line_ || max_line_ < ByteBlock::kSize) {
      trouble_ = block_end;
      return false;
    }
    if (record_ends) record_ = scanned_ + 64 - static_cast<std::size_t>(__builtin_clzll(step.newlines));
    quotes_ = quotes;
    scanned_ = block_end;
  }
  return true;
}

bool CsvSplitter::read_exactly(std::string_view text, bool at_end, std::vector<Defect>& defects) {
  while (record_ < trouble_) {
    const CsvRecord record = read_csv_record(text.substr(record_), at_end, delimiter_, max_line_);
    if (record.status == CsvRecord::Status::incomplete) return false;
    if (record.status == CsvRecord::Status::broken) {
      restart(long_row_.begin(text, record_, at_end, record.fault, defects));
      return true;
    }
    record_ += record.size;
  }
  restart(record_);
  return true;
}

std::size_t CsvSplitter::split(std::string_view text, bool at_end, std::vector<Defect>& defects) {
  if (at_start_) {
    if (!at_end && text.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(text)) return 0;
    at_start_ = false;
    bom_size_ = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    restart(bom_size_);
  }
  if (long_row_.open()) restart(long_row_.resume(text, at_end, defects));
  bool handed_back = false;
  while (!long_row_.open()) {
    if (!exact_) {
      exact_ = !scan(text);
      if (!exact_ && at_end && !quotes_.may_end()) {
        exact_ = true;
        trouble_ = text.size();
      }
    }
    if (!exact_) break;
    const std::size_t defects_before = defects.size();
    if (!read_exactly(text, at_end, defects)) break;
    handed_back = defects.size() > defects_before && text.size() - record_ > kMaxRescan;
    if (handed_back) break;
  }
  if (at_end && !handed_back) return text.size();
  const std::size_t cut = record_;
  if (cut <= bom_size_) return 0;
  bom_size_ = 0;
  record_ = 0;
  scanned_ = exact_ ? 0 : scanned_ - cut;
  trouble_ = exact_ ? trouble_ - cut : 0;
  return cut;
}

}  // namespace piictl::stream
