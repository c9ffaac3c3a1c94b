#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "pii/export.hpp"
#include "pii/observer.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii::providers {

/// Where the files are and how often to look at them.
struct FileProviderOptions {
  std::string token_path;   // empty: no token keyset
  std::string reveal_path;  // empty: no reveal keyset, and none is ever opened
  /// How often a background thread looks at the files; zero: read once, never look again (for short
  /// programs).
  std::chrono::milliseconds check_interval{10'000};
  std::shared_ptr<Observer> observer;  // may be null
  std::string verify_key{};            // PII_KEYSET_VERIFY_KEY; empty: signatures are not asked for
  /// Opens a sealed keyset (pii/keyset_seal.hpp); null: those are refused. Called when a file has changed.
  std::function<Result<SecretBytes>(const SecretBytes& sealed)> unseal{};
};

/// Keysets from files with hot reload (docs/formats.md section 3). A change is found by (device, inode, size,
/// mtime, ctime) and content; read aside, validated, and swapped whole. A bad or missing file after a good
/// load leaves the last good keyset in force and raises an event. Token and reveal files are independent of
/// each other. Symlinks are followed anew at every look. After fork(2) a child keeps the keysets; its first
/// load(), health() or check_now() starts the background thread again.
class PII_EXPORT FileProvider final : public KeysetProvider {
 public:
  /// Never fails: a file that is missing now is reported by load(), health() and the observer, and tried
  /// again. Looks at the files once unless `check_interval` is zero.
  static std::shared_ptr<FileProvider> make(FileProviderOptions options);
  ~FileProvider() override;  // joins the background thread

  /// Blocks on I/O, 50 ms when the file changed within two seconds, at most 2 s while it keeps changing. A
  /// failure is remembered for check_interval / 10, at most a second, so that asking again costs no I/O.
  Result<void> load(KeysetUsage usage) override;
  ProviderHealth health() const override;
  void key_is_worn(std::string_view kid, std::uint64_t ciphertexts) noexcept override;  // tells the observer
  /// Looks at the files now, as the background thread would. Blocks like load().
  void check_now();

 private:
  class Impl;
  explicit FileProvider(FileProviderOptions options);
  Impl& impl() const;

  const FileProviderOptions options_;
  KeysetCell& token_cell_;
  KeysetCell& reveal_cell_;
  mutable std::atomic<Impl*> impl_{nullptr};  // owned; replaced in a child of fork(2)
};

}  // namespace pii::providers
