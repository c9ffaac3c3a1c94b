#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "descriptor.hpp"
#include "pii/result.hpp"

namespace piictl {

/// Who did what to which keyset and when, one JSON object a line, each with the SHA-256 of the line before
/// it: a line that is changed, removed or put in between breaks the chain (docs/cli.md, "Audit log"). Never a
/// value, never a key.
class AuditLog {
 public:
  using Members = std::vector<std::pair<std::string, std::string>>;

  /// FILE (appended to, mode 0600 when it is made), "syslog", or "-" for standard error; in these two each
  /// process begins a chain. Errors: output_failed; malformed_json when the end of FILE is no line of an
  /// audit log.
  static pii::Result<AuditLog> open(const std::string& target);

  /// Adds a line with time, user, process and these members, under a lock. On the disk when it returns.
  /// Errors: those of open().
  pii::Result<void> append(const Members& members);

 private:
  enum class Kind { file, syslog, standard_error };
  AuditLog(Kind kind, std::string path, Descriptor file)
      : kind_(kind), path_(std::move(path)), file_(std::move(file)) {}
  pii::Result<void> find_end();

  Kind kind_;
  std::string path_;
  Descriptor file_;
  std::uint64_t sequence_ = 0;
  std::string previous_;  // hash of the last line
};

/// How far the chain of an audit log holds. Errors: those of the file; findings with the line that breaks it.
struct AuditSummary {
  std::uint64_t lines = 0;
  std::string last_hash;
};
pii::Result<AuditSummary> verify_audit_log(const std::string& path);

}  // namespace piictl
