#pragma once

#include <memory>
#include <utility>

#include "pii/binding.hpp"
#include "pii/names.hpp"
#include "pii/protector.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"
#include "pii/token.hpp"
#include "pii/tokenizer.hpp"

namespace pii {

/// What a service with PII_ACCESS=tokenize holds: it can make and compare tokens, and has no reveal to misuse.
class Pii {
 public:
  Pii(std::shared_ptr<KeysetProvider> provider, Environment environment)
      : provider_(std::move(provider)), tokenizer_(provider_, std::move(environment)) {}

  /// Errors: invalid_name and those of Tokenizer::tokenize. Keep a FieldType and use tokenizer() on hot paths.
  Result<Token> tokenize(std::string_view field, std::string_view value, const Binding& binding = {}) const {
    auto type = FieldType::make(field);
    if (!type) return std::move(type).error();
    return tokenizer_.tokenize(*type, value, binding);
  }

  const Tokenizer& tokenizer() const noexcept { return tokenizer_; }
  ProviderHealth health() const { return provider_->health(); }

 protected:
  const std::shared_ptr<KeysetProvider>& provider() const noexcept { return provider_; }

 private:
  std::shared_ptr<KeysetProvider> provider_;
  Tokenizer tokenizer_;
};

/// What a service with PII_ACCESS=full holds: tokens, and values back from ciphertexts.
class FullPii : public Pii {
 public:
  FullPii(std::shared_ptr<KeysetProvider> provider, Environment environment)
      : Pii(std::move(provider), environment), protector_(this->provider(), std::move(environment)) {}

  /// Errors: invalid_name and those of Protector::protect.
  Result<std::string> protect(std::string_view field, std::string_view plaintext, const Binding& binding = {}) const {
    auto type = FieldType::make(field);
    if (!type) return std::move(type).error();
    return protector_.protect(*type, plaintext, binding);
  }
  /// Errors: invalid_name and those of Protector::reveal.
  Result<SecretString> reveal(std::string_view field, std::string_view ciphertext, const Binding& binding = {}) const {
    auto type = FieldType::make(field);
    if (!type) return std::move(type).error();
    return protector_.reveal(*type, ciphertext, Base64Mode::strict, binding);
  }

  const Protector& protector() const noexcept { return protector_; }

 private:
  Protector protector_;
};

}  // namespace pii
