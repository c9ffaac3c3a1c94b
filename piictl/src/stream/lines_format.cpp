#include "stream/lines_format.hpp"

#include "stream/each_line.hpp"
#include "stream/line_splitter.hpp"

namespace piictl::stream {
namespace {

// A result with a line break in it would be read back as two rows.
bool fits_in_a_line(std::string_view text) {
  return text.find('\n') == std::string_view::npos && !text.ends_with('\r');
}

constexpr Fault kLineBreak = {pii::ErrorCode::guard_refused,
                              "the result has a line break, which csv and ndjson can hold"};

}  // namespace

std::unique_ptr<Splitter> LinesFormat::make_splitter() const {
  return std::make_unique<LineSplitter>(max_line_);
}

std::size_t LinesFormat::scan(std::string_view text, Block& block) const {
  return each_line(text, [&](std::string_view line, std::size_t terminator_size) {
    if (line.size() > max_line_) {
      block.faults.push_back({block.rows.size(), too_long(max_line_)});
    } else if (!line.empty() || apply_to_empty_) {
      block.splices.push_back({line, 0, block.add_value(0, line)});
    }
    block.rows.push_back({line, terminator_size, block.splices.size()});
    return !block.full();
  });
}

Fault LinesFormat::encode(const ValueBatch& values, const Splice& splice, Buffer& out) const {
  if (!values.is_list(splice.value)) {
    const std::string_view text = values.text(splice.value);
    if (!fits_in_a_line(text)) return kLineBreak;
    out.append(text);
    return {};
  }
  bool first = true;
  for (const std::string_view text : values.list(splice.value)) {
    if (!fits_in_a_line(text)) return kLineBreak;
    if (!first) out.append('\t');
    out.append(text);
    first = false;
  }
  return {};
}

}  // namespace piictl::stream
