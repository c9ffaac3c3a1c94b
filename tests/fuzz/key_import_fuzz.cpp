// Keys from elsewhere, in every form, and a custodian's signing key: what is taken has the size of a key, and what a form
// says twice is the same.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "pii/key_import.hpp"
#include "pii/keyset.hpp"
#include "pii/keyset_signature.hpp"

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using pii::KeyFormat;
  const auto text = pii::SecretBytes::copy_of(std::as_bytes(std::span(data, size)));
  for (const KeyFormat format : {KeyFormat::raw, KeyFormat::base64, KeyFormat::hex, KeyFormat::jwk, KeyFormat::tink}) {
    const auto imported = pii::import_key(text, format);
    if (!imported) continue;
    must(imported->key.size() <= size);
    if (format == KeyFormat::raw) must(imported->key == text);
    if (format == KeyFormat::hex) must(2 * imported->key.size() <= size);
    if (format == KeyFormat::tink) must(imported->algorithm.has_value());
    if (imported->algorithm) must(pii::version_of(*imported->algorithm) == 1);
  }
  if (const auto signer = pii::read_keyset_signer(text)) {
    must(signer->signing_key.size() == 32 && pii::is_verify_key(signer->verify_key));
    const auto again = pii::read_keyset_signer(signer->signing_key);
    must(again.has_value() && again->verify_key == signer->verify_key);
  }
  const std::string_view view(reinterpret_cast<const char*>(data), size);
  must(!pii::is_verify_key(view) || size == 43);
  return 0;
}
