// Each detector alone against a naive one, on short texts of the characters it is about.
#include <gtest/gtest.h>

#include <cstdlib>

#include "detect/leaf_class.hpp"
#include "detect/scanner.hpp"
#include "kit/random_candidates.hpp"
#include "kit/reference_detectors.hpp"

namespace pii {
namespace {

using kit::reference::Hit;

/// More for a soak: PII_RACE_TEXTS=200000.
int texts() {
  const char* wanted = std::getenv("PII_RACE_TEXTS");
  return wanted == nullptr ? 1000 : std::max(1, std::atoi(wanted));
}

std::vector<Hit> scan(Detector detector, const std::string& text, bool context) {
  detect::Settings settings;
  settings.enabled.insert(detector);
  settings.regions = *detect::Regions::make({"KW", "SA", "AE", "BH", "QA", "OM", "US"});
  detect::Hints hints;
  if (context) hints.context.insert(detector);
  detect::Spans spans;
  detect::scan_strong(text, detect::classify_leaf(text), settings, hints, spans);
  detect::scan_with_context(text, detect::classify_leaf(text), settings, hints, spans);
  std::vector<Hit> hits;
  for (const detect::Span& span : spans) hits.push_back({span.begin, span.end});
  return hits;
}

std::string shown(const std::string& text, const std::vector<Hit>& hits) {
  std::string result;
  for (const Hit& hit : hits) result += "<" + text.substr(hit.begin, hit.end - hit.begin) + ">";
  return result;
}

class DetectorRace : public testing::TestWithParam<Detector> {};

TEST_P(DetectorRace, FindsWhatTheNaiveOneFinds) {
  kit::RandomCandidates random(GetParam());
  std::size_t found = 0, differences = 0;
  for (int i = texts(); i > 0 && differences < 5; --i) {
    const std::string line = random.text();
    for (const bool context : {false, true}) {
      const auto ours = scan(GetParam(), line, context), theirs = kit::reference::naive_scan(GetParam(), line, context);
      found += ours.size();
      if (ours == theirs) continue;
      ++differences;
      ADD_FAILURE() << line << (context ? " (with context)" : "") << "\n  engine    " << shown(line, ours) << "\n  reference " << shown(line, theirs);
    }
  }
  EXPECT_GT(found, 100U);
}

INSTANTIATE_TEST_SUITE_P(Detectors, DetectorRace, testing::ValuesIn(kit::reference::reference_detectors()),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

}  // namespace
}  // namespace pii
