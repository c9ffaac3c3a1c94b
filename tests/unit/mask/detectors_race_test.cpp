// Each detector alone against a naive one, on short texts of the characters it is about.
#include <gtest/gtest.h>

#include <random>

#include "detect/leaf_class.hpp"
#include "detect/scanner.hpp"
#include "kit/reference_detectors.hpp"

namespace pii {
namespace {

using kit::reference::Hit;

class DetectorRace : public testing::TestWithParam<Detector> {
 protected:
  std::mt19937_64 random_{static_cast<std::uint64_t>(GetParam())};

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  std::string digits(std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += static_cast<char>('0' + below(10));
    return result;
  }

  // A number with check digits that mostly fit, bare or in groups.
  std::string candidate() {
    switch (GetParam()) {
      case Detector::card: {
        constexpr const char* kPrefixes[] = {"4", "51", "2221", "34", "37", "6011", "62", "3528", "36", "5888", "9682", "50", "60", "81", "7"};
        constexpr std::size_t kSizes[] = {16, 16, 16, 15, 13, 14, 19, 12, 18};
        return grouped(with_luhn(kPrefixes[below(15)], kSizes[below(9)]), {{4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}, {4, 4, 4, 4, 3}});
      }
      case Detector::kw_civil_id: {
        constexpr const char* kCenturies[] = {"1", "2", "3", "4"};
        std::string id = kCenturies[below(4)] + digits(1) + digits(1) + "0" + digits(1) + (below(4) == 0 ? "31" : "0" + digits(1)) + digits(4);
        for (char c = '0'; c <= '9' && below(8) != 0; ++c) {
          if (!scan(id + c, true).empty()) return id + c;
        }
        return id + digits(1);
      }
      case Detector::sa_id: return with_luhn(below(3) == 0 ? "1" : below(2) == 0 ? "2" : "3", 10);
      case Detector::ae_eid: return grouped(with_luhn("784" + std::string(below(2) == 0 ? "19" : "20"), 15), {{3, 4, 7, 1}});
      case Detector::us_ssn: return grouped(below(6) == 0 ? "000" + digits(6) : digits(9), {{3, 2, 4}});
      default: return iban();
    }
  }
  std::string with_luhn(std::string prefix, std::size_t size) {
    prefix += digits(size - 1 - prefix.size());
    int sum = 0;
    for (std::size_t i = 0; i < prefix.size(); ++i) {
      int digit = prefix[prefix.size() - 1 - i] - '0';
      if (i % 2 == 0) digit *= 2;
      sum += digit / 10 + digit % 10;
    }
    const int check = below(8) == 0 ? static_cast<int>(below(10)) : (10 - sum % 10) % 10;
    return prefix + static_cast<char>('0' + check);
  }
  std::string grouped(const std::string& number, const std::vector<std::vector<std::size_t>>& shapes) {
    constexpr const char* kSeparators[] = {" ", "-", ".", " ", "-"};
    if (below(2) == 0) return number;
    const std::string separator = kSeparators[below(5)];
    const auto& shape = shapes[below(shapes.size())];
    std::string result;
    std::size_t from = 0;
    for (const std::size_t size : shape) {
      if (from >= number.size()) break;
      result += (result.empty() ? "" : separator) + number.substr(from, size);
      from += size;
    }
    return result;
  }
  std::string iban() {
    constexpr const char* kBodies[] = {"GB??WEST12345698765432", "KW??CBKU0000000000001234560101", "DE??370400440532013000",
                                       "NO??86011117947", "SA??80000000608010167519", "FR??20041010050500013M02606"};
    std::string text = kBodies[below(6)];
    const int first = static_cast<int>(below(97));
    for (int check = first; check < first + 99; ++check) {
      text[2] = static_cast<char>('0' + check % 100 / 10);
      text[3] = static_cast<char>('0' + check % 10);
      if (!scan(text, false).empty()) break;
    }
    if (below(3) == 0) {
      for (std::size_t i = text.size() / 4 * 4; i >= 4; i -= 4) text.insert(i, below(8) == 0 ? "-" : " ");
    }
    if (below(4) == 0) text[below(text.size())] = "aZ0 -"[below(5)];
    return text;
  }

  std::string text() {
    constexpr std::string_view kNoise = "0123456789  --..aAxZ_[]*:/,+@\t";
    std::string result;
    for (std::size_t pieces = 1 + below(4); pieces > 0; --pieces) {
      if (below(3) != 0) result += candidate();
      for (std::size_t n = below(5); n > 0; --n) result += kNoise[below(kNoise.size())];
    }
    if (below(4) == 0 && !result.empty()) result[below(result.size())] = kNoise[below(kNoise.size())];
    return result;
  }

  static std::vector<Hit> scan(const std::string& text, bool context) {
    detect::Settings settings;
    settings.enabled.insert(GetParam());
    detect::Hints hints;
    if (context) hints.context.insert(GetParam());
    detect::Spans spans;
    detect::scan_strong(text, detect::classify_leaf(text), settings, hints, spans);
    detect::scan_with_context(text, detect::classify_leaf(text), settings, hints, spans);
    std::vector<Hit> hits;
    for (const detect::Span& span : spans) hits.push_back({span.begin, span.end});
    return hits;
  }
  static std::string shown(const std::string& text, const std::vector<Hit>& hits) {
    std::string result;
    for (const Hit& hit : hits) result += "<" + text.substr(hit.begin, hit.end - hit.begin) + ">";
    return result;
  }
};

TEST_P(DetectorRace, FindsWhatTheNaiveOneFinds) {
  std::size_t found = 0, differences = 0;
  for (int i = 0; i < 1000 && differences < 5; ++i) {
    const std::string line = text();
    for (const bool context : {false, true}) {
      const auto ours = scan(line, context), theirs = kit::reference::naive_scan(GetParam(), line, context);
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
