#pragma once

#include <atomic>
#include <memory>

#include "pii/export.hpp"
#include "pii/observer.hpp"
#include "pii/provider.hpp"
#include "pii/providers/vault_settings.hpp"
#include "pii/result.hpp"

namespace pii::providers {

struct VaultProviderOptions {
  VaultSettings settings;
  /// false: ask once, on the first load(), and then forget every credential (for short programs).
  bool keep_fresh = true;
  std::shared_ptr<Observer> observer;  // may be null
};

/// Keysets from Vault or OpenBao (docs/vault.md). A background thread named pii-vault logs in, reads, renews
/// and refreshes; calls never wait for the network but on the first load, and then at most the settings'
/// time-out. Both keysets come into force together or not at all; the last good ones stay when the server is
/// away. After fork(2) a child keeps the keysets; its first load() or health() starts the thread again.
class PII_EXPORT VaultProvider final : public KeysetProvider {
 public:
  /// Errors: invalid_setting for an address that may not be used, not_configured without libcurl. A server
  /// that is away is no error: it is reported by load(), health() and the observer, and tried again.
  static Result<std::shared_ptr<VaultProvider>> make(VaultProviderOptions options);
  ~VaultProvider() override;  // ends the thread, within a second

  /// Waits for the first attempt; later failures are answered at once with the last attempt's error, while
  /// the thread goes on trying.
  Result<void> load(KeysetUsage usage) override;
  ProviderHealth health() const override;
  void key_is_worn(std::string_view kid, std::uint64_t ciphertexts) noexcept override;  // tells the observer

 private:
  class Impl;
  explicit VaultProvider(VaultProviderOptions options);
  Impl& impl() const;

  const VaultProviderOptions options_;
  KeysetCell& token_cell_;
  KeysetCell& reveal_cell_;
  mutable std::atomic<Impl*> impl_{nullptr};  // owned; replaced in a child of fork(2)
};

/// Makes libcurl wipe all memory that it frees. For a program that has libcurl to itself, before anything
/// else uses libcurl; a library that shares it with its host must not (docs/vault.md, "What stays in
/// memory").
PII_EXPORT void wipe_what_the_vault_transport_frees() noexcept;

}  // namespace pii::providers
