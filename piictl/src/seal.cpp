#include "seal.hpp"

#include "vault_access.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::SecretBytes;

std::string transit_key(const std::string& kek) { return kek.substr(pii::kVaultTransit.size()); }

Result<SecretBytes> open(const Session& session, const pii::SealHeader& header, const SecretBytes& text,
                         const Passphrase& passphrase) {
  if (header.kek.empty()) {
    const auto line = passphrase.get();
    if (!line) return line.error();
    return pii::unseal_keyset_document(text, **line);
  }
  const auto vault = open_vault(session);
  if (!vault) return vault.error();
  const auto key = vault->client->unwrap_key(transit_key(header.kek), header.wrapped_key);
  if (!key) return key.error();
  return pii::unseal_keyset_document_with_key(text, *key);
}

}  // namespace

Result<SecretBytes> Seal::close(const Session& session, const SecretBytes& document) const {
  if (kek.empty()) {
    const auto line = (passphrase != nullptr ? *passphrase : session.flags.passphrase).get_new();
    if (!line) return line.error();
    return pii::seal_keyset_document(document, **line, cost);
  }
  const auto vault = open_vault(session);
  if (!vault) return vault.error();
  pii::WrappedKey key{SecretBytes::random(pii::kSealKeySize), kek, {}};
  auto wrapped = vault->client->wrap_key(transit_key(kek), key.key);
  if (!wrapped) return std::move(wrapped).error();
  key.wrapped_key = *std::move(wrapped);
  return pii::seal_keyset_document(document, key);
}

Result<OpenedKeyset> open_seal(const Session& session, SecretBytes text, const Passphrase* passphrase) {
  OpenedKeyset keyset{std::move(text), std::nullopt, {}};
  if (!pii::is_sealed_document(keyset.text)) return keyset;
  auto header = pii::read_seal_header(keyset.text);
  if (!header) return std::move(header).error();
  auto opened = open(session, *header, keyset.text, passphrase != nullptr ? *passphrase : session.flags.passphrase);
  if (!opened) return std::move(opened).error();
  keyset.opened = *std::move(opened);
  keyset.seal = {header->cost, std::move(header->kek), passphrase};
  return keyset;
}

}  // namespace piictl
