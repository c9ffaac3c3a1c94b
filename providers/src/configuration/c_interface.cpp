#include "pii/c_keys.hpp"
#include "pii/providers/configuration.hpp"
#include "pii/providers/keys.h"

extern "C" PII_EXPORT int pii_keys_open(pii_keys** keys) {
  if (keys != nullptr) *keys = nullptr;
  return pii::c_call([&]() -> pii::Result<void> {
    if (keys == nullptr) return pii::Error(pii::ErrorCode::usage, "pii_keys_open: no place for the keys");
    const auto configuration = pii::providers::configuration_from_environment();
    if (!configuration) return configuration.error();
    auto environment = pii::Environment::make(configuration->environment);
    if (!environment) return std::move(environment).error();
    auto provider = pii::providers::make_provider(*configuration);
    if (!provider) return std::move(provider).error();
    const bool full = configuration->access == pii::providers::Access::full;
    *keys = new pii_keys{{*provider, *environment, full}, pii::Tokenizer(*provider, *environment)};
    return {};
  });
}
