#include "commands/followed_policy.hpp"

#include "report.hpp"

namespace piictl {

std::shared_ptr<const pii::MaskPolicy> FollowedPolicy::current() {
  auto policy = file_->current();
  const pii::PolicyFile::Status status = file_->status();
  const std::lock_guard lock(mutex_);
  if (status.refused != refused_ && status.error) {
    refused_ = status.refused;
    report_.warning("the policy file has changed and is refused, so the last good policy stays in force: " +
                    status.error->message());
  }
  if (status.revision != revision_) {
    revision_ = status.revision;
    report_.note("the policy file has changed, and the new policy is in force");
  }
  return policy;
}

}  // namespace piictl
