#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace piictl {

/// What stands for the hash of a line before the first one.
inline const std::string kAuditBegin(64, '0');
/// SHA-256 of a line without its end.
std::string audit_hash_of(std::string_view line);

/// A line's own place in the chain; nothing for what is no line of an audit log.
struct AuditLink {
  std::uint64_t sequence;
  std::string previous;  // the hash of the line before
};
std::optional<AuditLink> parse_audit_link(std::string_view line);

/// The lines of an audit log so far.
class AuditChain {
 public:
  /// false when the line does not follow from those before it; it is not added then.
  bool add(std::string_view line);

  std::uint64_t lines() const noexcept { return lines_; }
  const std::string& head() const noexcept { return head_; }

 private:
  std::uint64_t lines_ = 0;
  std::string head_ = kAuditBegin;
};

}  // namespace piictl
