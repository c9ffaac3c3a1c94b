#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/mask_policy.hpp"
#include "pii/result.hpp"

namespace pii {

enum class PolicySyntax : std::uint8_t { yaml, json };

/// Largest policy file, in bytes.
inline constexpr std::size_t kMaxPolicySize = 1U << 20;

/// Reads a policy (docs/policy.md). Strict: what is unknown, doubled or out of range is refused, with line
/// and column. `iin_extra` as a file name is refused here, because a text has no folder. Errors:
/// invalid_setting, unsupported_version, malformed_json (syntax, in either notation), too_large.
PII_EXPORT Result<PolicySpec> parse_policy(std::string_view text, PolicySyntax syntax);

/// Reads a policy file: JSON if its name ends with `.json`, YAML otherwise. Refused when anyone but its owner
/// may write it, or when it belongs to another user than root and this process's. Blocks on I/O. Errors:
/// those of parse_policy(), file_not_found, file_unreadable, file_unstable, file_permission.
PII_EXPORT Result<PolicySpec> load_policy(const std::string& path);

/// A policy file that is followed: current() gives the policy in force. A file that cannot be read or is
/// refused leaves the last good policy in force. Any thread.
class PII_EXPORT PolicyFile {
 public:
  struct Options {
    std::chrono::milliseconds interval{
        5000};  // how often, at most, the file is looked at; zero: at every call
    std::function<void(PolicySpec&)> adjust = {};  // what a program changes in each before it is compiled
  };
  struct Status {
    std::uint64_t revision = 0;       // of the policy in force; grows with every one that is taken over
    std::uint64_t refused = 0;        // how many were not
    std::optional<Error> error = {};  // why the file as it is now is not in force; empty when it is
  };

  /// Loads and compiles. Errors: those of load_policy() and MaskPolicy::compile().
  static Result<std::unique_ptr<PolicyFile>> open(std::string path, Options options);
  ~PolicyFile();
  PolicyFile(const PolicyFile&) = delete;
  PolicyFile& operator=(const PolicyFile&) = delete;

  /// The policy in force. When the interval has passed, one caller looks at the file (device, inode, size,
  /// times) and reads it if it is another; the others go on with what they have.
  std::shared_ptr<const MaskPolicy> current();
  Status status() const;

 private:
  struct Impl;
  explicit PolicyFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pii
