#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pii/keyset_record.hpp"
#include "pii/secret.hpp"
#include "scan/kid_counter.hpp"

namespace piictl {

/// What a run has written down of the key ids that it met: `scan --evidence`, or the checkpoint of rewrap or
/// retokenize (docs/cli.md).
struct Recorded {
  std::string operation;  // "scan", "rewrap" or "retokenize"
  pii::Seconds began_at = 0;
  bool complete = false;  // nothing was left out, and no row failed
  std::string to;         // of a checkpoint: the key that is moved to
  std::vector<KidCount> kids;  // what a scan has found, or what a run has written
  std::string digest;     // SHA-256 of the file
};
/// Nothing when the text is neither.
std::optional<Recorded> parse_recorded(const pii::SecretBytes& text);

}  // namespace piictl
