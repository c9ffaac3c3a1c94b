#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "pii/policy/policy_file.hpp"

namespace piictl {

class Report;

/// The policy file of a stream that goes on. A changed file is in force from the next lines on; one that is
/// refused leaves the last good policy in force, and standard error says so once. Any thread.
class FollowedPolicy {
 public:
  /// `report` outlives it.
  FollowedPolicy(std::unique_ptr<pii::PolicyFile> file, const Report& report)
      : file_(std::move(file)), report_(report) {}

  std::shared_ptr<const pii::MaskPolicy> current();

 private:
  std::unique_ptr<pii::PolicyFile> file_;
  const Report& report_;
  std::mutex mutex_;  // of what was told
  std::uint64_t revision_ = 1;
  std::uint64_t refused_ = 0;
};

}  // namespace piictl
