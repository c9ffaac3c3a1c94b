#include "stream/ndjson_format.hpp"

#include <algorithm>

#include "stream/each_line.hpp"
#include "stream/json_scanner.hpp"
#include "stream/json_text.hpp"
#include "stream/line_splitter.hpp"

namespace piictl::stream {

pii::Result<std::unique_ptr<RowFormat>> NdjsonFormat::make(const Ndjson& ndjson, std::size_t max_line) {
  std::vector<std::string> paths = ndjson.paths;
  const bool has_record = !ndjson.record.empty();
  if (has_record) paths.push_back(ndjson.record);
  auto tree = JsonPathTree::make(paths);
  if (!tree) return std::move(tree).error();
  return std::unique_ptr<RowFormat>(new NdjsonFormat(std::move(paths), has_record, std::move(*tree), max_line));
}

std::unique_ptr<Splitter> NdjsonFormat::make_splitter() const {
  return std::make_unique<LineSplitter>(max_line_);
}

Fault NdjsonFormat::take_record(std::size_t first_splice, Block& block) const {
  const std::size_t target = paths_.size() - 1;
  const auto first = block.splices.begin() + static_cast<std::ptrdiff_t>(first_splice);
  const auto is_record = [target](const Splice& splice) { return splice.target == target; };
  const auto found = std::count_if(first, block.splices.end(), is_record);
  if (found == static_cast<std::ptrdiff_t>(block.splices.size() - first_splice)) {  // nothing to name a row for
    block.splices.erase(first, block.splices.end());
    return {};
  }
  std::string_view record;
  if (found == 1) record = block.batches[target].inputs()[std::find_if(first, block.splices.end(), is_record)->value];
  if (record.empty()) {
    return {pii::ErrorCode::missing_column, "what names the row is missing, empty or there more than once"};
  }
  block.splices.erase(std::remove_if(first, block.splices.end(), is_record), block.splices.end());
  for (std::size_t i = first_splice; i < block.splices.size(); ++i) {
    block.batches[block.splices[i].target].set_record(block.splices[i].value, record);
  }
  return {};
}

std::size_t NdjsonFormat::scan(std::string_view text, Block& block) const {
  JsonScanner scanner(tree_, block);
  const std::size_t taken = each_line(text, [&](std::string_view line, std::size_t terminator_size) {
    const std::size_t first_splice = block.splices.size();
    if (line.size() > max_line_) {
      block.faults.push_back({block.rows.size(), too_long(max_line_)});
    } else if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      Fault fault = scanner.scan(line);
      const std::uint32_t target = fault ? scanner.fault_target() : RowFault::kNoTarget;
      if (!fault && has_record_) fault = take_record(first_splice, block);
      if (fault) {
        block.splices.resize(first_splice);
        block.faults.push_back({block.rows.size(), fault, target});
      }
    }
    block.rows.push_back({line, terminator_size, block.splices.size()});
    return !block.full();
  });
  if (has_record_) block.batches.back().clear();
  return taken;
}

Fault NdjsonFormat::encode(const ValueBatch& values, const Splice& splice, Buffer& out) const {
  if (!values.is_list(splice.value)) {
    append_json_string(values.text(splice.value), out);
    return {};
  }
  out.append('[');
  bool first = true;
  for (const std::string_view text : values.list(splice.value)) {
    if (!first) out.append(',');
    append_json_string(text, out);
    first = false;
  }
  out.append(']');
  return {};
}

}  // namespace piictl::stream
