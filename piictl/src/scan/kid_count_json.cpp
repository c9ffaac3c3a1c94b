#include "scan/kid_count_json.hpp"

#include <algorithm>
#include <limits>

namespace piictl {
namespace {

// -1 for what is no whole number from 0 on.
std::int64_t count_of(const std::optional<pii::SecretJson::Value>& value) {
  return value ? std::max<std::int64_t>(value->integer().value_or(-1), -1) : -1;
}

}  // namespace

Json to_json(const std::vector<KidCount>& counts) {
  Json all = Json::array();
  for (const KidCount& count : counts) {
    all.push_back({{"kind", count.kind},
                   {"version", count.version},
                   {"kid", Json::or_null(count.kid)},
                   {"count", count.count}});
  }
  return all;
}

std::optional<std::vector<KidCount>> read_kid_counts(const std::optional<pii::SecretJson::Value>& array) {
  if (!array || !array->is_array()) return std::nullopt;
  std::vector<KidCount> counts;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const pii::SecretJson::Value row = *array->at(i);
    const auto kind = row.find("kind");
    const std::int64_t version = count_of(row.find("version"));
    const auto kid = row.find("kid");
    const std::int64_t count = count_of(row.find("count"));
    if (!kind || !kind->is_string() || !kid || !(kid->is_null() || kid->is_string()) || count < 0 || version < 1 ||
        version > std::numeric_limits<int>::max()) {
      return std::nullopt;
    }
    std::string id = kid->plain_text();
    if (id.empty() && kid->is_string()) return std::nullopt;
    counts.push_back({kind->plain_text(), static_cast<int>(version), std::move(id),
                      static_cast<std::uint64_t>(count)});
  }
  return counts;
}

}  // namespace piictl
