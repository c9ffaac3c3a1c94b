#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pii/result.hpp"
#include "scan/kid_counter.hpp"
#include "stream/batch.hpp"

namespace piictl {

/// What stands in the file of --checkpoint (docs/cli.md, "rewrap").
struct CheckpointFile {
  std::string operation;
  std::string to;    // the key that is moved to
  std::string plan;  // a number made of the flags
  std::string started_at;
  std::string updated_at;
  bool done = false;
  std::string input;  // which file it is; empty for a pipe
  stream::Counts counts = {};
  std::uint64_t output_begin = 0;
  std::uint64_t rejects_bytes = 0;
  std::vector<KidCount> before = {};
  std::vector<KidCount> after = {};

  bool complete() const noexcept { return done && counts.failed == 0; }
};

std::string to_text(const CheckpointFile& checkpoint);
/// Errors: malformed_json, for what to_text() has not written.
pii::Result<CheckpointFile> parse_checkpoint(std::string_view text);

}  // namespace piictl
