#include "vault_access.hpp"

#include "keyset_file.hpp"
#include "output.hpp"
#include "pii/providers/vault_provider.hpp"
#include "report.hpp"
#include "settings.hpp"

namespace piictl {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::providers::VaultClient;

void prepare_vault(const pii::providers::VaultSettings& settings) {
  pii::providers::wipe_what_the_vault_transport_frees();
  if (!settings.skip_verify) return;
  write_to_standard_error(
      "warning: PII_VAULT_SKIP_VERIFY is set: anybody may pose as the server and take credentials and "
      "keys\n");
}

Result<OpenVault> open_vault(const Session& session) {
  auto settings = load_vault_settings(session.flags);
  if (!settings) return std::move(settings).error();
  prepare_vault(*settings);
  auto client = VaultClient::make(*settings);
  if (!client) return std::move(client).error();
  return OpenVault{*std::move(settings), *std::move(client)};
}

Result<VaultKeyset> read_vault_keyset(VaultClient& client, std::string_view source) {
  auto secret = client.read(vault_path(source));
  if (!secret) return std::move(secret).error();
  auto keyset = pii::parse_keyset(secret->document);
  if (!keyset) return at_path("vault:" + std::string(vault_path(source)), keyset.error());
  return VaultKeyset{std::move(secret->document), *std::move(keyset), secret->version};
}

Result<std::uint64_t> write_vault_keyset(const Session& session, VaultClient& client, std::string_view source,
                                         const pii::SecretBytes& document, std::uint64_t expected) {
  const auto keyset = pii::parse_keyset(document);
  if (!keyset) return keyset.error();
  const auto version = client.write(vault_path(source), document, expected);
  if (!version) {
    if (expected != 0 || version.error().code() != ErrorCode::conflict) return version.error();
    return Error(ErrorCode::already_exists, "vault:" + std::string(vault_path(source)) + ": is there already",
                 "piictl rotate changes it; piictl vault push --replace puts another in its place");
  }
  const auto summary = summarize_document(document, *version);
  if (!summary) return summary.error();
  const auto told =
      client.write_metadata(vault_path(source), to_custom_metadata(*summary, (*keyset)->fingerprint()));
  if (!told) {
    session.report.warning(
        "the keyset is written, but not its metadata, which keyset info and vault status show: " +
        told.error().message());
  }
  return *version;
}

Result<KeysetSummary> summarize_vault_keyset(VaultClient& client, std::string_view source) {
  const auto metadata = client.read_metadata(vault_path(source));
  if (metadata) {
    auto told = from_custom_metadata(metadata->custom);
    if (told && told->revision == metadata->version && !metadata->deleted) return *std::move(told);
  }
  const auto read = read_vault_keyset(client, source);
  if (!read) return read.error();
  return summarize_document(read->document, read->version);
}

}  // namespace piictl
