#include "evidence_file.hpp"

#include <nlohmann/json.hpp>

#include "clock.hpp"
#include "keyset_file.hpp"
#include "pii/digest.hpp"
#include "pii/names.hpp"

namespace piictl {
namespace {

using nlohmann::json;
using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::key_life::Evidence;

std::optional<pii::Seconds> date_of(const json& document, const char* name) {
  if (!document.contains(name) || !document[name].is_string()) return std::nullopt;
  return parse_rfc3339(document[name].get_ref<const std::string&>());
}

// {"scanned_at", "kids": [{"kid", "count"}], "not_looked_at"}
bool read_scan(const json& document, Evidence& evidence) {
  const auto kids = document.find("kids");
  const auto left_out = document.find("not_looked_at");
  if (kids == document.end() || !kids->is_array() || left_out == document.end() ||
      !left_out->is_number_unsigned()) {
    return false;
  }
  evidence.source = Evidence::Source::scan;
  evidence.complete = left_out->get<std::uint64_t>() == 0;
  for (const json& use : *kids) {
    if (!use.is_object() || !use.contains("kid") || !use.contains("count") ||
        !use["count"].is_number_unsigned()) {
      return false;
    }
    Evidence::Use found{{}, use["count"].get<std::uint64_t>()};
    if (use["kid"].is_string()) found.kid = use["kid"].get<std::string>();
    // What stands for several ids, or for one that was masked, may be any key.
    if (!found.kid.empty() && !pii::is_valid_kid(found.kid)) evidence.complete = false;
    evidence.uses.push_back(std::move(found));
  }
  return true;
}

// {"operation": "retokenize", "complete": true, "to": KID, "started_at"}
bool read_checkpoint(const json& document, Evidence& evidence) {
  const auto complete = document.find("complete");
  const auto to = document.find("to");
  if (complete == document.end() || !complete->is_boolean() || to == document.end() || !to->is_string())
    return false;
  evidence.source = Evidence::Source::retokenize;
  evidence.complete = complete->get<bool>();
  evidence.retokenized_to = to->get<std::string>();
  return true;
}

}  // namespace

Result<Evidence> load_evidence(const std::string& path) {
  const auto bytes = read_small_file(path);
  if (!bytes) return bytes.error();
  const std::string_view text(reinterpret_cast<const char*>(bytes->expose().data()), bytes->size());
  const json document = json::parse(text, nullptr, false);
  Evidence evidence;
  evidence.digest = pii::digest_of(bytes->expose());
  bool good = document.is_object();
  if (good) {
    const bool checkpoint = document.value("operation", json()) == "retokenize";
    // When it began: what was written behind its back later was not seen.
    const auto date = date_of(document, checkpoint ? "started_at" : "scanned_at");
    good = date && (checkpoint ? read_checkpoint(document, evidence) : read_scan(document, evidence));
    if (good) evidence.looked_at = *date;
  }
  if (good) return evidence;
  return Error(ErrorCode::malformed_json,
               path + ": is no evidence of a scan and no checkpoint of a retokenization",
               "piictl scan --evidence FILE writes one");
}

}  // namespace piictl
