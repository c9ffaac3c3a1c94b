#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/keyset.hpp"
#include "pii/keyset_cell.hpp"
#include "pii/result.hpp"

namespace pii {

/// The state of one keyset of a provider, for health checks. Holds no key material.
struct KeysetHealth {
  bool configured = false;                     // the provider was told where to find it
  bool in_force = false;                       // calls can use it
  std::string source;                          // path
  std::optional<std::uint64_t> revision;       // of the source, where it counts them
  std::string primary_kid;
  std::string fingerprint;                     // Keyset::fingerprint() of the one in force
  std::optional<std::chrono::system_clock::time_point> loaded_at;   // when it came into force
  std::optional<std::chrono::system_clock::time_point> checked_at;  // last look at the source
  std::optional<std::chrono::system_clock::time_point> confirmed_at;  // last good look, where looks can fail
  std::optional<Error> last_error;             // why the last look failed; empty after a good one
  std::string warning;                         // what makes the source less trustworthy; empty when nothing
};

struct ProviderHealth {
  KeysetHealth token;
  KeysetHealth reveal;
};

/// Where keysets come from. One implementation reads files, another asks Vault; yours may do anything.
/// Reading the cells never blocks; all members may be called from any thread.
class PII_EXPORT KeysetProvider {
 public:
  virtual ~KeysetProvider();

  const KeysetCell& cell(KeysetUsage usage) const noexcept { return usage == KeysetUsage::token ? token_ : reveal_; }

  /// Called when a cell is empty: tries once more to load, or says why there is no keyset. May block on I/O.
  /// Errors: not_configured, access_denied, provider_unavailable and what the source's parser says.
  virtual Result<void> load(KeysetUsage usage) = 0;
  virtual ProviderHealth health() const = 0;
  /// Told once when version 1 key `kid` has made a quarter of the ciphertexts that its keyset's policy allows: 2^30 where
  /// it says nothing. In the thread that made the last one; must not block for long.
  virtual void key_is_worn(std::string_view kid, std::uint64_t ciphertexts) noexcept;

 protected:
  KeysetCell& cell_for_update(KeysetUsage usage) noexcept { return usage == KeysetUsage::token ? token_ : reveal_; }

 private:
  KeysetCell token_;
  KeysetCell reveal_;
};

}  // namespace pii
