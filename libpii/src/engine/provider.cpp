#include "pii/provider.hpp"

#include "engine/keyset_in_force.hpp"
#include "pii/observer.hpp"

namespace pii {

KeysetProvider::~KeysetProvider() = default;

void KeysetProvider::key_is_worn(std::string_view, std::uint64_t) noexcept {}

Observer::~Observer() = default;

std::string_view to_string(ProviderEvent::Kind kind) noexcept {
  switch (kind) {
    case ProviderEvent::Kind::loaded:
      return "loaded";
    case ProviderEvent::Kind::reload_failed:
      return "reload_failed";
    case ProviderEvent::Kind::load_failed:
      return "load_failed";
    case ProviderEvent::Kind::permissions_too_wide:
      return "permissions_too_wide";
    case ProviderEvent::Kind::withdrawn:
      return "withdrawn";
    case ProviderEvent::Kind::not_verified:
      return "not_verified";
    case ProviderEvent::Kind::key_worn:
      return "key_worn";
  }
  return "unknown";
}

namespace engine {

Result<const Keyset*> load_keyset(KeysetProvider& provider, KeysetUsage usage) {
  if (auto loaded = provider.load(usage); !loaded) return loaded.error();
  if (const Keyset* keyset = read_keyset(provider, usage)) return keyset;
  return Error(ErrorCode::provider_unavailable,
               "the provider has put no " + std::string(to_string(usage)) + " keyset in force");
}

}  // namespace engine
}  // namespace pii
