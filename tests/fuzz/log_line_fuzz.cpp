// A line that is encoded is one valid JSON text in one line, whatever its keys and texts; what the reader takes it writes so that it
// is read as the same again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "encode/encoder.hpp"
#include "fields/json_reader.hpp"
#include "output/pretty.hpp"

namespace {

using namespace pii::log;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

bool one_line(const std::string& text) { return text.find('\n') == text.size() - 1; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Encoder encoder{Configuration{}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t half = size / 2;
  const std::string_view first = text.substr(0, half);
  const std::string_view second = text.substr(half);
  const auto value = read_json(text);
  const Field fields[] = {{first, second}, {second, first}, {text, 1}, {"labels", text}, {"extra", text},
                          {"json", value ? ValueRef(*value) : ValueRef(nullptr)}};
  Event event;
  event.logger = first;
  event.name = second;
  event.fields = fields;
  std::optional<BoundFields> bound;
  if (value && value->object() != nullptr) event.bound = &bound.emplace(*value->object());

  EventTree tree;
  std::string ecs;
  std::string flat;
  encoder.ecs(event, tree, nullptr, ecs);
  encoder.flat(event, tree, nullptr, flat);
  for (const std::string& line : {ecs, flat}) {
    require(one_line(line), "more than one line");
    require(line.size() > (std::size_t{1} << 20) || read_json(line).has_value(), "no JSON");
  }
  std::string pretty;
  write_pretty(flat, false, pretty);
  require(one_line(pretty) && pretty.find('\x1b') == std::string::npos, "text steers the terminal");
  if (value) {
    std::string written;
    write_value(ValueRef(*value), nullptr, written);
    const auto again = read_json(written);
    std::string twice;
    require(again.has_value(), "what was written is not read");
    write_value(ValueRef(*again), nullptr, twice);
    require(written == twice, "read differently again");
  }
  return 0;
}
