#include "stream/ndjson_format.hpp"

#include "stream/each_line.hpp"
#include "stream/json_scanner.hpp"
#include "stream/json_text.hpp"
#include "stream/line_splitter.hpp"

namespace piictl::stream {

pii::Result<std::unique_ptr<RowFormat>> NdjsonFormat::make(const Ndjson& ndjson, std::size_t max_line) {
  auto tree = JsonPathTree::make(ndjson.paths);
  if (!tree) return std::move(tree).error();
  return std::unique_ptr<RowFormat>(new NdjsonFormat(ndjson, std::move(*tree), max_line));
}

std::unique_ptr<Splitter> NdjsonFormat::make_splitter() const {
  return std::make_unique<LineSplitter>(max_line_);
}

std::size_t NdjsonFormat::scan(std::string_view text, Block& block) const {
  JsonScanner scanner(tree_, block);
  return each_line(text, [&](std::string_view line, std::size_t terminator_size) {
    const std::size_t first_splice = block.splices.size();
    if (line.size() > max_line_) {
      block.faults.push_back({block.rows.size(), too_long(max_line_)});
    } else if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      if (const Fault fault = scanner.scan(line)) {
        block.splices.resize(first_splice);
        block.faults.push_back({block.rows.size(), fault, scanner.fault_target()});
      }
    }
    block.rows.push_back({line, terminator_size, block.splices.size()});
    return !block.full();
  });
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
