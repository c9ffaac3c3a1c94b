#include "stream/row_format.hpp"

#include <utility>

#include "stream/csv_format.hpp"
#include "stream/lines_format.hpp"
#include "stream/ndjson_format.hpp"

namespace piictl::stream {

void Block::clear() noexcept {
  rows.clear();
  splices.clear();
  faults.clear();
  for (ValueBatch& batch : batches) batch.clear();
  values = 0;
  unescaped.clear();
}

pii::Result<std::unique_ptr<RowFormat>> make_row_format(const Format& format, const Options& options) {
  struct Maker {
    const Options& options;
    pii::Result<std::unique_ptr<RowFormat>> operator()(const Lines&) const {
      return std::unique_ptr<RowFormat>(
          std::make_unique<LinesFormat>(options.apply_to_empty, options.max_line));
    }
    pii::Result<std::unique_ptr<RowFormat>> operator()(const Csv& csv) const {
      return CsvFormat::make(csv, options.apply_to_empty, options.max_line);
    }
    pii::Result<std::unique_ptr<RowFormat>> operator()(const Ndjson& ndjson) const {
      return NdjsonFormat::make(ndjson, options.max_line);
    }
  };
  return std::visit(Maker{options}, format);
}

pii::Result<void> check(const Format& format) {
  auto made = make_row_format(format, {});
  if (!made) return std::move(made).error();
  return {};
}

}  // namespace piictl::stream
