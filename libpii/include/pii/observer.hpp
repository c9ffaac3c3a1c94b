#pragma once

#include <string_view>

#include "pii/error.hpp"
#include "pii/export.hpp"
#include "pii/keyset.hpp"

namespace pii {

/// Something an operator wants to know of. The views live as long as the call.
struct ProviderEvent {
  enum class Kind {
    loaded,               // the first keyset, or a new one, is in force; or the source is well again
    reload_failed,        // the last good keyset stays in force; `error` says why. Once a reason
    load_failed,          // nothing is in force; `error` says why. Once a reason
    permissions_too_wide, // others may write the file; `error` says who
    withdrawn,            // the last good keyset is older than allowed and no longer in force; `error` says why
    not_verified,         // the server's certificate is not checked; `error` says which setting does that
    key_worn              // a version 1 key nears the number of ciphertexts it may make; `error` says which key and how many
  };
  Kind kind;
  KeysetUsage usage;
  std::string_view source;        // path
  std::string_view primary_kid;   // of the keyset in force, or empty
  const Error* error;             // or null
};
PII_EXPORT std::string_view to_string(ProviderEvent::Kind kind) noexcept;

/// Hears of a provider's events. Called from the provider's thread, or from the caller's on a first load; must not block
/// for long. An application hands it to its logger, which may ask the provider for a keyset meanwhile: load() then answers
/// at once with what is known, and a check does nothing.
class PII_EXPORT Observer {
 public:
  virtual ~Observer();
  virtual void on_event(const ProviderEvent& event) noexcept = 0;
};

}  // namespace pii
