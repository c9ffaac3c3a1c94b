#pragma once

#include <optional>
#include <string>

#include "command.hpp"
#include "pii/keyset_seal.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// How a keyset is sealed: with the passphrase of the flags, or with a key that Vault's transit engine wraps. What
/// takes the place of a sealed keyset is sealed as that was.
struct Seal {
  pii::SealCost cost;  // of a passphrase
  std::string kek;     // "vault-transit:MOUNT/KEY"; empty: a passphrase
  const Passphrase* passphrase = nullptr;  // null: that of the flags

  /// Errors: those of Passphrase::get, of Vault, and of pii::seal_keyset_document.
  pii::Result<pii::SecretBytes> close(const Session& session, const pii::SecretBytes& document) const;
};

/// A keyset as it was read. Its document is in the clear, in guarded memory.
struct OpenedKeyset {
  pii::SecretBytes text;
  std::optional<pii::SecretBytes> opened;  // when it is sealed
  Seal seal;                               // the same

  bool is_sealed() const noexcept { return opened.has_value(); }
  const pii::SecretBytes& document() const noexcept { return opened ? *opened : text; }
};
/// Opens it if it is sealed, with the passphrase of the flags unless another one is given. Errors: those above;
/// malformed_json and invalid_keyset for a seal that is none; reveal_failed.
pii::Result<OpenedKeyset> open_seal(const Session& session, pii::SecretBytes text, const Passphrase* passphrase = nullptr);

}  // namespace piictl
