#include "keyset_trust.hpp"

#include "pii/keyset_signature.hpp"

namespace pii::providers {

Result<std::shared_ptr<const Keyset>> accept_keyset(const SecretBytes& document, KeysetUsage usage,
                                                    const std::string& verify_key, const Keyset* current) {
  if (!verify_key.empty()) {
    if (auto trusted = verify_keyset_document(document, verify_key); !trusted) return trusted.error();
  }
  auto keyset = parse_keyset(document, usage);
  if (!keyset || current == nullptr) return keyset;
  const KeysetIdentity& now = current->identity();
  const KeysetIdentity& next = (*keyset)->identity();
  if (now.revision == 0 || now.id.empty() || next.id != now.id || next.revision >= now.revision)
    return keyset;
  return Error(ErrorCode::invalid_keyset,
               "revision " + std::to_string(next.revision) + " is older than revision " +
                   std::to_string(now.revision) + ", which is in force",
               "piictl keyset restore puts an older keyset in force as a newer revision");
}

}  // namespace pii::providers
