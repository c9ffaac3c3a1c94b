#include "evidence_file.hpp"

#include "keyset_file.hpp"
#include "pii/names.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::key_life::Evidence;

Evidence to_evidence(const Recorded& recorded) {
  Evidence evidence;
  evidence.looked_at = recorded.began_at;
  evidence.digest = recorded.digest;
  evidence.complete = recorded.complete;
  if (recorded.operation == "retokenize") {
    evidence.source = Evidence::Source::retokenize;
    evidence.retokenized_to = recorded.to;
    return evidence;
  }
  evidence.source = Evidence::Source::scan;
  for (const KidCount& kid : recorded.kids) {
    // What stands for several ids, or for one that was masked, may be any key.
    if (!kid.kid.empty() && !pii::is_valid_kid(kid.kid)) evidence.complete = false;
    evidence.uses.push_back({kid.kid, kid.count});
  }
  return evidence;
}

Error nothing_recorded(const std::string& path, const char* what) {
  return Error(ErrorCode::malformed_json, path + ": " + what, "piictl scan --evidence FILE writes one");
}

}  // namespace

Result<Recorded> load_recorded(const std::string& path) {
  const auto bytes = read_small_file(path);
  if (!bytes && bytes.error().code() == ErrorCode::file_not_found) {
    return Error(ErrorCode::file_not_found, bytes.error().message(),
                 "piictl scan --evidence FILE writes one, and so does piictl retokenize --checkpoint FILE");
  }
  if (!bytes) return bytes.error();
  if (auto recorded = parse_recorded(*bytes)) return *std::move(recorded);
  return nothing_recorded(path, "is neither evidence of a scan nor a checkpoint");
}

Result<Evidence> load_evidence(const std::string& path) {
  const auto recorded = load_recorded(path);
  if (!recorded && recorded.error().code() != ErrorCode::malformed_json) return recorded.error();
  if (recorded && recorded->operation != "rewrap") return to_evidence(*recorded);
  return nothing_recorded(path, "is no evidence of a scan and no checkpoint of a retokenization");
}

}  // namespace piictl
