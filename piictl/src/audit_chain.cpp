#include "audit_chain.hpp"

#include <span>

#include "pii/digest.hpp"
#include "pii/secret.hpp"
#include "pii/secret_json.hpp"

namespace piictl {

std::string audit_hash_of(std::string_view line) { return pii::digest_of(std::as_bytes(std::span(line))); }

std::optional<AuditLink> parse_audit_link(std::string_view line) {
  constexpr std::size_t kMaxDepth = 8;
  const auto json = pii::SecretJson::parse(pii::SecretBytes::copy_of(std::as_bytes(std::span(line))), kMaxDepth);
  const auto sequence = json ? json->find({"seq"}) : std::nullopt;
  const auto previous = json ? json->find({"prev"}) : std::nullopt;
  const std::int64_t number = sequence ? sequence->integer().value_or(-1) : -1;
  if (number < 0 || !previous || !previous->is_string()) return std::nullopt;
  return AuditLink{static_cast<std::uint64_t>(number), previous->plain_text()};
}

bool AuditChain::add(std::string_view line) {
  const auto link = parse_audit_link(line);
  if (!link || link->sequence != lines_ + 1 || link->previous != head_) return false;
  ++lines_;
  head_ = audit_hash_of(line);
  return true;
}

}  // namespace piictl
