// Any bytes, under the rule that the first one selects, against the slow reference.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "pii/normalize.hpp"
#include "unit/normalize/reference.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const pii::test::ReferenceNormalizer reference(PII_TEST_VECTORS "/ecsctx/unicode_tables.json");
  static pii::NormalizedValue reused;
  if (size == 0) return 0;
  if (data[0] % 5 >= 3) {  // a rule of version 2: once is enough, and only what is no UTF-8 fails
    const auto rule = data[0] % 5 == 3 ? pii::Normalization::text_1 : pii::Normalization::email_1;
    const std::string value(reinterpret_cast<const char*>(data) + 1, size - 1);
    const bool valid = pii::find_invalid_utf8(value) == std::string_view::npos;
    require((normalize(rule, value, reused) == pii::ErrorCode::ok) == valid);
    pii::NormalizedValue again;
    if (valid) require(normalize(rule, reused.view(), again) == pii::ErrorCode::ok && again.view() == reused.view());
    return 0;
  }
  constexpr pii::Normalization kRules[] = {pii::Normalization::strip, pii::Normalization::email,
                                           pii::Normalization::phone};
  const pii::Normalization rule = kRules[data[0] % 5];
  const std::string value(reinterpret_cast<const char*>(data) + 1, size - 1);

  const std::optional<std::string> expected = reference.normalize(rule, value);
  const pii::ErrorCode code = normalize(rule, value, reused);
  require(code == (expected ? pii::ErrorCode::ok : pii::ErrorCode::invalid_utf8));
  require(reused.view() == expected.value_or(""));
  require((pii::find_invalid_utf8(value) == std::string_view::npos) == expected.has_value());

  if (expected) {
    pii::NormalizedValue again;
    require(normalize(rule, *expected, again) == pii::ErrorCode::ok);
    require(again.view() == *expected);
  }
  return 0;
}
