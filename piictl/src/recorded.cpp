#include "recorded.hpp"

#include "clock.hpp"
#include "pii/digest.hpp"
#include "pii/secret_json.hpp"
#include "scan/kid_count_json.hpp"

namespace piictl {
namespace {

using Value = pii::SecretJson::Value;

// {"scanned_at", "kids": [{"kind", "version", "kid", "count"}], "not_looked_at"}
bool read_scan(const Value& document, Recorded& recorded) {
  auto kids = read_kid_counts(document.find("kids"));
  const auto left_out = document.find("not_looked_at");
  const std::int64_t number = left_out ? left_out->integer().value_or(-1) : -1;
  if (!kids || number < 0) return false;
  recorded.operation = "scan";
  recorded.complete = number == 0;
  recorded.kids = *std::move(kids);
  return true;
}

// {"operation", "complete", "to", "started_at", "after" (may be absent)}
bool read_checkpoint(const Value& document, Recorded& recorded) {
  const auto complete = document.find("complete");
  const auto to = document.find("to");
  const auto after = document.find("after");
  auto kids = after ? read_kid_counts(after) : std::vector<KidCount>();
  if (!complete || !to || !to->is_string() || !kids) return false;
  recorded.complete = complete->is_true();
  recorded.to = to->plain_text();
  recorded.kids = *std::move(kids);
  return true;
}

}  // namespace

std::optional<Recorded> parse_recorded(const pii::SecretBytes& text) {
  constexpr std::size_t kMaxDepth = 8;
  const auto json = pii::SecretJson::parse(pii::SecretBytes::copy_of(text.expose()), kMaxDepth);
  if (!json) return std::nullopt;
  const Value document = json->root();
  Recorded recorded;
  if (const auto operation = document.find("operation")) recorded.operation = operation->plain_text();
  const bool checkpoint = recorded.operation == "retokenize" || recorded.operation == "rewrap";
  // When it began: what was written behind its back later was not seen.
  const auto began = document.find(checkpoint ? "started_at" : "scanned_at");
  const auto date = began ? parse_rfc3339(began->plain_text()) : std::nullopt;
  if (!date || !(checkpoint ? read_checkpoint(document, recorded) : read_scan(document, recorded))) return std::nullopt;
  recorded.began_at = *date;
  recorded.digest = pii::digest_of(text.expose());
  return recorded;
}

}  // namespace piictl
