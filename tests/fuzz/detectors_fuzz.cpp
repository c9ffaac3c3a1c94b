// What is found stands free and in order, whatever the bytes; masked, it is not found again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "detect/canonical.hpp"
#include "detect/characters.hpp"
#include "detect/leaf_class_implementations.hpp"
#include "detect/outputs.hpp"
#include "detect/scanner.hpp"

namespace {

using namespace pii;
using namespace pii::detect;

void require(bool condition) {
  if (!condition) std::abort();
}

const Settings& settings() {
  static const Settings made = [] {
    Settings all;
    for (int i = 1; i < static_cast<int>(Detector::person_name); ++i)
      all.enabled.insert(static_cast<Detector>(i));
    all.regions = *Regions::make({"KW", "SA", "AE", "BH", "QA", "OM", "US"});
    return all;
  }();
  return made;
}

void find(std::string_view text, Spans& spans) {
  spans.clear();
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = i == 0 || !is_word(text[i - 1]) ? output_at(text, i, {}) : 0;
    if (size > 0)
      spans.add({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + size), Detector::none});
    i += size > 0 ? size : 1;
  }
  const LeafClass leaf = classify_leaf(text);
  for (const LeafImplementation& implementation : leaf_implementations()) {
    require(implementation.classify(text).bits() == leaf.bits());
  }
  scan_strong(text, leaf, settings(), {}, spans);
  scan_with_context(text, leaf, settings(), {}, spans);
}

std::string mask(std::string_view text) {
  Spans spans;
  find(text, spans);
  std::string out;
  std::size_t from = 0;
  for (const Span& span : spans) {
    require(span.begin >= from && span.begin < span.end && span.end <= text.size());
    if (span.detector == Detector::none) continue;
    require(span.begin == 0 || !is_word(text[span.begin - 1]));
    require(span.end == text.size() || !is_word(text[span.end]));
    std::string canonical;
    append_canonical(span.detector, text.substr(span.begin, span.end - span.begin), settings().regions,
                     canonical);
    require(!canonical.empty());
    out.append(text, from, span.begin - from);
    out += "ptok:v1:9tculuY2L56tpvgINLZMfpobZpzerJ3eUebOasWYwFE";
    from = span.end;
  }
  return out.append(text, from);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string once = mask(text);
  require(mask(once) == once);
  whole_match(text, settings(), {Detector::phone, Detector::card});
  (void)is_output(text, {});
  return 0;
}
